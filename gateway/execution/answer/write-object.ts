import { bareObject, emptyPrototype, shapeCode } from '../../../schemas/objects.js';
import { generateFunction, quoted, type GenerateFunction } from '../../../schemas/generated-function.js';
import { NULL_BUBBLED, ERROR_REPORTED, type Complete, type ProjectObject } from './projection.js';

export interface ProjectedField {
  readonly name: string;
  /** Key in the data. */
  readonly dataKey: string;
  /** Key in the answer. */
  readonly clientKey: string;
  /** Undefined for `__typename`. */
  readonly complete: Complete | undefined;
  /** A scalar: a text, number or boolean is complete as it is. */
  readonly leaf: boolean;
}

/** Wider objects are made key by key. */
const MAX_GENERATED = 200;

/** Compiles the fields of one type. */
export function compileProjection(
  fields: readonly ProjectedField[],
  type: string,
  generate: GenerateFunction = generateFunction,
): ProjectObject {
  const generated = fields.length > MAX_GENERATED ? undefined : generateProjection(fields, type, generate);
  return generated ?? interpretProjection(fields, type);
}

function interpretProjection(fields: readonly ProjectedField[], type: string): ProjectObject {
  return (value, path, projection) => {
    const object = bareObject();
    let bubbled = false;
    for (const { name, dataKey, clientKey, complete } of fields) {
      if (!complete) {
        object[clientKey] = name === '__typename' ? type : null;
        continue;
      }
      const completed = complete(value[dataKey], projection, value, dataKey, path, clientKey);
      if (completed === NULL_BUBBLED) bubbled = true;
      object[clientKey] = completed === ERROR_REPORTED ? null : completed;
    }
    return bubbled ? ERROR_REPORTED : object;
  };
}

function generateProjection(
  fields: readonly ProjectedField[],
  type: string,
  generate: GenerateFunction,
): ProjectObject | undefined {
  const body = `
    ${shapeCode(fields.map(({ clientKey }) => quoted(clientKey)))}
    return function project(value, path, projection) {
      var bubbled = false;
      ${fields.map((field, position) => fieldCode(field, position, type)).join('\n')}
      return bubbled ? ERROR_REPORTED : new Shape(${fields.map((_, position) => `v${position}`).join(', ')});
    };`;
  const made = generate(['EMPTY', 'NULL_BUBBLED', 'ERROR_REPORTED', 'completes'], body) as
    | ((
        empty: object,
        bubble: symbol,
        reported: symbol,
        completes: readonly ProjectedField['complete'][],
      ) => ProjectObject)
    | undefined;
  return made?.(
    emptyPrototype(),
    NULL_BUBBLED,
    ERROR_REPORTED,
    fields.map(({ complete }) => complete),
  );
}

function fieldCode(
  { name, dataKey, clientKey, complete, leaf }: ProjectedField,
  position: number,
  type: string,
): string {
  const variable = `v${position}`;
  if (!complete) return `var ${variable} = ${name === '__typename' ? quoted(type) : 'null'};`;
  const completing = `${variable} = completes[${position}](${variable}, projection, value, ${quoted(dataKey)}, path, ${quoted(clientKey)}); if (${variable} === NULL_BUBBLED) bubbled = true; else if (${variable} === ERROR_REPORTED) ${variable} = null;`;
  // A text, number or boolean is complete as it is.
  const unless = leaf ? `if (typeof ${variable} === 'object' || ${variable} === undefined) ` : '';
  return `var ${variable} = value[${quoted(dataKey)}]; ${unless}{ ${completing} }`;
}
