import type { ParameterDescription, Said, Shape, YamlObject, YamlValue } from '../description.js';
import { fieldName, type NameSet } from '../write/names.js';
import { isSameName } from '../write/plan.js';
import { isSelection } from './parameters.js';

export interface WrittenBody {
  readonly body: YamlValue;
  readonly parameters: readonly ParameterDescription[];
  readonly said: readonly Said[];
  readonly refused: string | undefined;
}

export interface BodyChoices {
  readonly personal: ReadonlySet<string>;
  readonly constants: ReadonlyMap<string, string>;
  readonly keys: ReadonlyMap<string, string>;
  /** Members that have one value: the kind of the question. */
  readonly fixed: ReadonlyMap<string, string>;
}

/** Writes the body of a question: each plain value in it is a parameter. */
export function writeBody(shape: Shape, names: NameSet, choices: BodyChoices): WrittenBody {
  const parameters: ParameterDescription[] = [];
  const said: Said[] = [];
  let refused: string | undefined;
  const write = (one: Shape, isRequired: boolean): YamlObject => {
    const members: Record<string, YamlValue> = {};
    for (const member of one.kind === 'object' ? one.members : []) {
      const required = isRequired && member.required;
      const written = value({ ...member, required });
      if (written !== undefined) members[member.name] = written;
    }
    return members;
  };
  const value = (member: Member): YamlValue | undefined => {
    const { name, shape: one, required, place, description } = member;
    const fixed = choices.fixed.get(name) ?? choices.constants.get(name) ?? onlyValue(one, required);
    if (fixed !== undefined) return fixed;
    if (isSelection(name, one)) return '{select[]}';
    if (one.kind === 'object') return write(one, required);
    const isList = one.kind === 'list';
    const leaf = isList ? one.of : one;
    if (leaf.kind !== 'leaf' || leaf.type === 'binary') {
      if (required) refused ??= `its question needs ${name}, which cannot be written: ${why(leaf)}`;
      else said.push({ place, message: `${name} is not sent: ${why(leaf)}` });
      return undefined;
    }
    const placeholder = names.take(choices.keys.get(name) ?? fieldName(name));
    const isPersonal = [...choices.personal].some((personal) => isSameName(personal, name));
    parameters.push({
      ...{ name, placeholder, in: 'body', required, shape: one, description, place },
      ...(isPersonal ? { isPersonal } : {}),
    });
    return isList ? `{${placeholder}[]}` : `{${placeholder}}`;
  };
  if (shape.kind === 'object') return { body: write(shape, true), parameters, said, refused };
  const body = value({ name: 'values', shape, required: true, place: '#', description: undefined }) ?? null;
  return { body, parameters, said, refused };
}

interface Member {
  readonly name: string;
  readonly shape: Shape;
  readonly required: boolean;
  readonly place: string;
  readonly description?: string | undefined;
}

function onlyValue(shape: Shape, required: boolean): string | undefined {
  return required && shape.kind === 'leaf' && shape.type === 'text' && shape.enum?.length === 1
    ? shape.enum[0]
    : undefined;
}

function why(shape: Shape): string {
  return shape.kind === 'unknown' ? shape.why : 'it is no plain value';
}
