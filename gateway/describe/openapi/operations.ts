import { isObject } from '../../../schemas/objects.js';
import type { Node, OpenApiDocument } from './document.js';
import { pointerOf } from './pointer.js';

/** One operation, the same for all versions of OpenAPI. */
export interface ApiOperation {
  /** `operationId`, or method and path where the document gives none. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly method: string;
  readonly path: string;
  readonly place: string;
  readonly summary: string | undefined;
  readonly parameters: readonly ApiParameter[];
  readonly body: ApiBody | undefined;
  readonly responses: readonly ApiResponse[];
}

export interface ApiParameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description: string | undefined;
  /** Undefined where the document gives none, or describes a value in another media type. */
  readonly schema: Node | undefined;
  /** How a list is written: each value apart, or joined by a sign. `deep` for an object in the query. */
  readonly style: 'repeated' | 'deep' | ',' | ' ' | '|';
  readonly example: unknown;
  readonly place: string;
}

export interface ApiBody {
  readonly mediaType: string;
  readonly schema: Node | undefined;
  readonly isForm: boolean;
  readonly place: string;
}

export interface ApiResponse {
  readonly status: string;
  readonly place: string;
  readonly content: readonly ApiContent[];
  readonly headers: readonly string[];
}

export interface ApiContent {
  readonly mediaType: string;
  readonly schema: Node | undefined;
  /** The first example that the document gives. */
  readonly example: unknown;
  readonly place: string;
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** Returns the operations of a document, in its order. Names are unique. */
export function operationsOf({ root, version }: OpenApiDocument): readonly ApiOperation[] {
  const read = version === '2.0' ? swagger(root) : openApi3;
  const found = Object.entries(members(root, 'paths'))
    .filter((entry): entry is [string, Node] => entry[0].startsWith('/') && isObject(entry[1]))
    .flatMap(([path, item]) =>
      METHODS.filter((method) => isObject(item[method])).map((method) => {
        const operation = members(item, method);
        const place = pointerOf('#', 'paths', path, method);
        return { path, method: method.toUpperCase(), operation, place, item };
      }),
    );
  const ids = found.map(({ operation }) => text(operation['operationId']));
  const lasts = found.map(({ path }) => lastSegment(path));
  return found.map(({ path, method, operation, place, item }, index): ApiOperation => {
    const id = ids[index];
    const address = `${method} ${path}`;
    const last = lasts[index];
    const isOnly = last !== undefined && lasts.indexOf(last) === lasts.lastIndexOf(last) && !ids.includes(last);
    return {
      name: id !== undefined && ids.indexOf(id) === index ? id : address,
      aliases: [address, ...(isOnly ? [last] : [])],
      method,
      path,
      place,
      summary: text(operation['summary']) ?? text(operation['description']),
      ...read(operation, parametersOf(item, operation, place), place),
    };
  });
}

interface PlacedNode {
  readonly node: Node;
  readonly place: string;
}

type Content = Pick<ApiOperation, 'parameters' | 'body' | 'responses'>;

/** Those of the path, unless the operation has one of the same name in the same place. */
function parametersOf(item: Node, operation: Node, place: string): readonly PlacedNode[] {
  const own = placedList(operation, 'parameters', place);
  const key = ({ node }: PlacedNode): string => `${String(node['in'])} ${String(node['name'])}`;
  const names = new Set(own.map(key));
  const around = place.slice(0, place.lastIndexOf('/'));
  return [...placedList(item, 'parameters', around).filter((one) => !names.has(key(one))), ...own];
}

function openApi3(operation: Node, parameters: readonly PlacedNode[], place: string): Content {
  const body = members(operation, 'requestBody');
  return {
    parameters: parameters.map(({ node, place: at }) => {
      const schema = isObject(node['schema']) ? node['schema'] : undefined;
      return { ...common(node, at), schema, style: styleOf(node), example: exampleOf(node, schema) };
    }),
    body: bodyOf(contentOf(body, pointerOf(place, 'requestBody'))),
    responses: responsesOf(operation, place, (response, at) => contentOf(response, at)),
  };
}

function swagger(root: Node): (operation: Node, parameters: readonly PlacedNode[], place: string) => Content {
  return (operation, parameters, place) => {
    const produces = list(operation['produces']) ?? list(root['produces']) ?? ['application/json'];
    const consumes = list(operation['consumes']) ?? list(root['consumes']) ?? ['application/json'];
    const form = parameters.filter(({ node }) => node['in'] === 'formData');
    const body = parameters.find(({ node }) => node['in'] === 'body');
    return {
      parameters: parameters
        .filter(({ node }) => node['in'] !== 'body' && node['in'] !== 'formData')
        .map(({ node, place: at }) => ({
          ...common(node, at),
          schema: node,
          style: collectionStyle(node['collectionFormat']),
          example: node['x-example'] ?? node['default'],
        })),
      body: body
        ? bodyOf(
            consumes.map((mediaType) => ({
              mediaType,
              schema: isObject(body.node['schema']) ? body.node['schema'] : undefined,
              example: undefined,
              place: pointerOf(body.place, 'schema'),
            })),
          )
        : formOf(form, consumes, place),
      responses: responsesOf(operation, place, (response, at) =>
        isObject(response['schema']) || isObject(response['examples'])
          ? produces.map((mediaType) => ({
              mediaType,
              schema: isObject(response['schema']) ? response['schema'] : undefined,
              example: members(response, 'examples')[mediaType],
              place: pointerOf(at, 'schema'),
            }))
          : [],
      ),
    };
  };
}

function formOf(form: readonly PlacedNode[], consumes: readonly string[], place: string): ApiBody | undefined {
  if (form.length === 0) return undefined;
  const properties = Object.fromEntries(form.map(({ node }) => [String(node['name']), node]));
  const required = form.filter(({ node }) => node['required'] === true).map(({ node }) => String(node['name']));
  const isForm = !consumes.includes('multipart/form-data');
  return {
    mediaType: isForm ? 'application/x-www-form-urlencoded' : 'multipart/form-data',
    schema: { type: 'object', properties, required },
    isForm: true,
    place,
  };
}

function common(node: Node, place: string): Pick<ApiParameter, 'name' | 'in' | 'required' | 'description' | 'place'> {
  const where = String(node['in']);
  return {
    name: String(node['name']),
    in: where,
    required: node['required'] === true || where === 'path',
    description: text(node['description']),
    place,
  };
}

function exampleOf(node: Node, schema: Node | undefined): unknown {
  return node['example'] ?? schema?.['default'] ?? schema?.['example'];
}

function styleOf({ style, explode, in: where }: Node): ApiParameter['style'] {
  if (style === 'deepObject') return 'deep';
  if (style === 'spaceDelimited') return explode === true ? 'repeated' : ' ';
  if (style === 'pipeDelimited') return explode === true ? 'repeated' : '|';
  return where === 'query' && explode !== false ? 'repeated' : ',';
}

function collectionStyle(format: unknown): ApiParameter['style'] {
  if (format === 'multi') return 'repeated';
  if (format === 'ssv') return ' ';
  return format === 'pipes' ? '|' : ',';
}

function bodyOf(content: readonly ApiContent[]): ApiBody | undefined {
  const chosen =
    content.find(({ mediaType }) => isJson(mediaType)) ??
    content.find(({ mediaType }) => isForm(mediaType)) ??
    content[0];
  return chosen && { ...chosen, isForm: isForm(chosen.mediaType) };
}

function responsesOf(
  operation: Node,
  place: string,
  content: (response: Node, place: string) => readonly ApiContent[],
): readonly ApiResponse[] {
  return Object.entries(members(operation, 'responses'))
    .filter((entry): entry is [string, Node] => isObject(entry[1]))
    .map(([status, response]) => {
      const at = pointerOf(place, 'responses', status);
      return { status, place: at, content: content(response, at), headers: Object.keys(members(response, 'headers')) };
    });
}

function contentOf(around: Node, place: string): readonly ApiContent[] {
  return Object.entries(members(around, 'content')).map(([mediaType, described]) => ({
    mediaType,
    schema: isObject(described) && isObject(described['schema']) ? described['schema'] : undefined,
    example: isObject(described) ? firstExample(described) : undefined,
    place: pointerOf(place, 'content', mediaType, 'schema'),
  }));
}

function firstExample(described: Node): unknown {
  const [first] = Object.values(members(described, 'examples'));
  return described['example'] ?? (isObject(first) ? first['value'] : undefined);
}

/** Whether a media type is one of JSON, with or without parameters. */
export function isJson(mediaType: string): boolean {
  return (
    /^(application|text)\/([\w.!#$&^-]+\+)?json\s*(;|$)/i.test(mediaType) || /^(\*|application)\/\*/.test(mediaType)
  );
}

function isForm(mediaType: string): boolean {
  return /^(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i.test(mediaType);
}

/** The last segment that is no parameter. */
function lastSegment(path: string): string | undefined {
  return path
    .split('/')
    .filter((segment) => segment !== '' && !segment.includes('{'))
    .at(-1);
}

function placedList(around: Node, name: string, place: string): readonly PlacedNode[] {
  const { [name]: value } = around;
  if (!Array.isArray(value)) return [];
  return value.flatMap((node: unknown, index) =>
    isObject(node) ? [{ node, place: pointerOf(place, name, index) }] : [],
  );
}

function members(around: Node, name: string): Node {
  const { [name]: value } = around;
  return isObject(value) ? value : {};
}

function list(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
