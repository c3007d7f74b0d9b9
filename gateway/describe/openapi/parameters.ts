import type { ParameterDescription, Said, Shape, YamlObject, YamlValue } from '../description.js';
import { isSameName } from '../write/plan.js';
import { fieldName, NameSet } from '../write/names.js';
import type { ApiOperation, ApiParameter } from './operations.js';

/** Sources of `source.yaml` that no parameter may take the name of. */
const RESERVED = ['select', 'purpose', 'case', 'request_id', 'page', 'constant'];

/** Headers that OpenAPI takes from elsewhere (3.1, section 4.8.12.1), and those of the connection. */
const OTHER_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'content-type',
  'authorization',
  'host',
  'content-length',
]);

/** Parameters that name the members that the answer shall have. */
const SELECTING: ReadonlySet<string> = new Set(['fields', 'select', 'fieldset', 'attributes']);

/** How the pages of a list are asked for: names of parameters, in small letters without signs. */
const PAGING = {
  number: ['page', 'pagenumber', 'pageno', 'pageindex', 'pagenum'],
  size: ['size', 'pagesize', 'perpage', 'limit', 'pagelimit', 'maxresults', 'itemsperpage', 'count'],
  offset: ['offset', 'start', 'startindex', 'skip', 'from'],
  cursor: ['cursor', 'after', 'pagetoken', 'nexttoken', 'continuation', 'continuationtoken', 'nextcursor'],
} as const;

export type PagingRole = keyof typeof PAGING;

/** Returns what a query parameter says of the page that is asked for. */
export function pagingRoleOf({ in: where, name }: ApiParameter): PagingRole | undefined {
  if (where !== 'query') return undefined;
  const bare = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const roles: readonly PagingRole[] = ['number', 'size', 'offset', 'cursor'];
  return roles.find((role) => (PAGING[role] as readonly string[]).includes(bare));
}

/** A parameter with the shape of its value, and how it is written. */
export interface ShapedParameter {
  readonly parameter: ApiParameter;
  readonly shape: Shape;
}

/** What the address and headers of a request say, and what a question must give for them. */
export interface WrittenParameters {
  readonly path: string;
  readonly query: YamlObject;
  readonly headers: YamlObject;
  readonly constants: YamlObject;
  readonly parameters: readonly ParameterDescription[];
  readonly said: readonly Said[];
  readonly refused: string | undefined;
}

export interface ParameterChoices {
  readonly personal: ReadonlySet<string>;
  readonly constants: ReadonlyMap<string, string>;
  /** Placeholder of each key, by parameter: the name of the record's field. */
  readonly keys: ReadonlyMap<string, string>;
  /** Parameters that ask for the page, each with what is sent for it. Not the question's. */
  readonly paging: ReadonlyMap<string, YamlValue>;
}

/** Names that placeholders of one operation take. */
export function placeholderNames(): NameSet {
  return new NameSet(RESERVED);
}

/** Whether a parameter names the members of the answer. */
export function isSelection(name: string, shape: Shape): boolean {
  return SELECTING.has(name.toLowerCase()) && shape.kind === 'list';
}

/** Writes the parameters of an operation. Placeholders are taken from `names`. */
export function writeParameters(
  { path }: ApiOperation,
  shaped: readonly ShapedParameter[],
  names: NameSet,
  choices: ParameterChoices,
): WrittenParameters {
  const writer = new ParameterWriter(path, names, choices);
  for (const one of shaped) writer.add(one);
  return writer.written();
}

class ParameterWriter {
  #path: string;
  #refused: string | undefined;
  readonly #query: Record<string, YamlValue> = {};
  readonly #headers: Record<string, YamlValue> = {};
  readonly #constants: Record<string, YamlValue> = {};
  readonly #parameters: ParameterDescription[] = [];
  readonly #said: Said[] = [];
  readonly #names: NameSet;
  readonly #choices: ParameterChoices;

  constructor(path: string, names: NameSet, choices: ParameterChoices) {
    this.#path = path;
    this.#names = names;
    this.#choices = choices;
  }

  add({ parameter, shape }: ShapedParameter): void {
    const { name, in: where } = parameter;
    const paging = where === 'query' ? this.#choices.paging.get(name) : undefined;
    if (paging !== undefined) this.#query[name] = paging;
    else if (where === 'header' && OTHER_HEADERS.has(name.toLowerCase())) return;
    else if (where === 'cookie') this.#cannot(parameter, 'cookies are not sent');
    else if (isSelection(name, shape)) this.#place(parameter, joined('{select[]}', parameter));
    else if (this.#constantOf(parameter, shape) !== undefined) this.#constant(parameter, shape);
    else this.#asked(parameter, shape);
  }

  #asked(parameter: ApiParameter, shape: Shape): void {
    const { in: where, required, style } = parameter;
    const leaf = shape.kind === 'list' ? shape.of : shape;
    if (where === 'header' && !required)
      this.#cannot(parameter, 'a caller sets no header; --constant gives it a value');
    else if (leaf.kind === 'leaf') this.#leaf(parameter, shape);
    else if (shape.kind === 'object' && style === 'deep' && where === 'query') this.#deep(parameter, shape);
    else this.#cannot(parameter, why(shape));
  }

  written(): WrittenParameters {
    const missing = [...this.#path.matchAll(/\{([^{}]*)\}/g)].find(([, name = '']) => !this.#isWritten(name));
    return {
      path: encodedPath(this.#path),
      query: this.#query,
      headers: this.#headers,
      constants: this.#constants,
      parameters: this.#parameters,
      said: this.#said,
      refused:
        this.#refused ??
        (missing ? `the document does not describe the parameter ${missing[1] ?? ''} of its path` : undefined),
    };
  }

  #isWritten(name: string): boolean {
    return name.startsWith('constant.') || this.#parameters.some(({ placeholder }) => placeholder === name);
  }

  #cannot({ name, required, place }: ApiParameter, reason: string): void {
    if (required) this.#refused ??= `the parameter ${name} must be sent, and cannot be: ${reason}`;
    else this.#said.push({ place, message: `the parameter ${name} is not sent: ${reason}` });
  }

  #leaf(parameter: ApiParameter, shape: Shape): void {
    const { name, required, description, place } = parameter;
    const placeholder = this.#names.take(this.#choices.keys.get(name) ?? fieldName(name));
    const isPersonal = [...this.#choices.personal].some((one) => isSameName(one, name));
    this.#parameters.push({
      ...{ name, placeholder, in: parameter.in, required, shape, description, place },
      ...(isPersonal ? { isPersonal } : {}),
    });
    const isList = shape.kind === 'list';
    if (isList && parameter.in !== 'query')
      this.#cannot({ ...parameter, required: true }, 'a list is written only in a query');
    else this.#place(parameter, isList ? joined(`{${placeholder}[]}`, parameter) : `{${placeholder}}`);
  }

  #deep(parameter: ApiParameter, shape: Extract<Shape, { kind: 'object' }>): void {
    const deep: Record<string, YamlValue> = {};
    for (const member of shape.members) {
      if (member.shape.kind !== 'leaf') continue;
      const placeholder = this.#names.take(fieldName(`${parameter.name} ${member.name}`));
      this.#parameters.push({
        ...{
          name: `${parameter.name}.${member.name}`,
          placeholder,
          in: 'query',
          shape: member.shape,
          place: member.place,
        },
        required: parameter.required && member.required,
        description: member.description,
      });
      deep[member.name] = `{${placeholder}}`;
    }
    this.#query[parameter.name] = { deep };
  }

  #constant(parameter: ApiParameter, shape: Shape): void {
    const { name, place } = parameter;
    const value = this.#constantOf(parameter, shape) ?? '';
    const constant = this.#names.take(fieldName(name));
    this.#constants[constant] = value;
    this.#place(parameter, `{constant.${constant}}`);
    if (!this.#choices.constants.has(name) && !isOneValue(shape))
      this.#said.push({
        place,
        message: `the header ${name} is the constant "${constant}" with the document's example: write your own value, or give it with --constant`,
      });
  }

  /** What the steward says, the only value that is allowed, or a header's example: callers do not set headers. */
  #constantOf({ name, in: where, required, example }: ApiParameter, shape: Shape): string | undefined {
    const given = [...this.#choices.constants].find(([one]) => one === name)?.[1];
    if (given !== undefined) return given;
    if (!required) return undefined;
    if (shape.kind === 'leaf' && shape.enum?.length === 1) return shape.enum[0];
    return where === 'header' && (typeof example === 'string' || typeof example === 'number')
      ? String(example)
      : undefined;
  }

  #place({ name, in: where }: ApiParameter, template: YamlValue): void {
    if (where === 'query') this.#query[name] = template;
    else if (where === 'header') this.#headers[name] = template;
    else this.#path = this.#path.split(`{${name}}`).join(String(template));
  }
}

function isOneValue(shape: Shape): boolean {
  return shape.kind === 'leaf' && shape.enum?.length === 1;
}

function joined(template: string, { style }: ApiParameter): YamlValue {
  if (style === 'repeated' || style === 'deep') return template;
  return style === ',' ? { joined: template } : { joined: template, with: style };
}

function why(shape: Shape): string {
  return shape.kind === 'unknown' ? shape.why : 'it is no plain value and no list of them';
}

/** A path as `source.yaml` takes it: what is no character of a path is encoded, placeholders stay. */
function encodedPath(path: string): string {
  return path
    .split(/(\{[^{}]*\})/)
    .map((part) =>
      part.startsWith('{') ? part : part.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/gu, encodeURIComponent),
    )
    .join('');
}
