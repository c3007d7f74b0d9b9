import type { Said, Shape, YamlObject } from '../description.js';
import type { DocumentFile } from '../reader.js';
import { parseJsonFile } from './document.js';
import { isOnlyLinks, payloadOf, type AskedFor, type Payload } from './envelope.js';
import { shapeOfExample } from './example-shape.js';
import { isJson, type ApiContent, type ApiOperation, type ApiResponse } from './operations.js';
import { keywordsOf } from './schema.js';
import type { SchemaShapes } from './schema-shapes.js';

/** What an operation answers. */
export interface AnswerDescription {
  readonly refused?: string;
  readonly needsExample?: string;
  readonly payload?: Payload;
  /** Media type to ask for. Undefined for application/json. */
  readonly accept?: string | undefined;
  readonly response?: ApiResponse;
  /** `answer` of `source.yaml`. */
  readonly asked: YamlObject;
  readonly said: readonly Said[];
}

export interface AnswerChoices {
  readonly example: DocumentFile | undefined;
  /** The kind of question, which the answer repeats. */
  readonly kind: string | undefined;
}

/** Statuses that say that there is no such record, if the document gives them to the operation. */
const NOT_FOUND = [404, 410] as const;

const ONLY_LINKS = 'it lists links of the service, and no record';

/** Describes the answer of an operation: by its schema, else by the example. */
export function describeAnswer(
  operation: ApiOperation,
  shapes: SchemaShapes,
  choices: AnswerChoices,
): AnswerDescription {
  const response = operation.responses.find(({ status }) => status === '200') ?? operation.responses.find(isSuccess);
  if (response === undefined) return nothing({ needsExample: 'the document describes no successful answer' }, choices);
  const json = response.content.filter(({ mediaType }) => isJson(mediaType));
  if (json.length === 0 && response.content.length > 0)
    return {
      refused: `it answers ${response.content.map(({ mediaType }) => mediaType).join(', ')}, not JSON`,
      asked: {},
      said: [],
    };
  if (json.length === 0 && response.status === '204')
    return { refused: 'it answers nothing (204)', asked: {}, said: [] };
  const content =
    json.find(isVersioned) ?? json.find(({ mediaType }) => /^application\/json/i.test(mediaType)) ?? json[0];
  const name = typeNameOf(operation);
  const described = content?.schema && ofKind(shapes.shapeOf(content.schema, content.place, name), choices.kind);
  const { shape, why } = usable(described);
  const chosen = shape ?? exampleShape(choices.example, name) ?? ownExampleShape(content, name);
  if (chosen === undefined) {
    if (isIndex(operation)) return { refused: ONLY_LINKS, asked: {}, said: [] };
    return { needsExample: why, response, asked: {}, said: [] };
  }
  return foundAnswer(chosen, { operation, response, content });
}

function nothing(why: { readonly needsExample: string }, { example }: AnswerChoices): AnswerDescription {
  if (example === undefined) return { ...why, asked: {}, said: [] };
  return { refused: why.needsExample, asked: {}, said: [] };
}

interface Found {
  readonly operation: ApiOperation;
  readonly response: ApiResponse;
  readonly content: ApiContent | undefined;
}

function foundAnswer(answer: Shape, { operation, response, content }: Found): AnswerDescription {
  if (isOnlyLinks(answer)) return { refused: ONLY_LINKS, asked: {}, said: [] };
  const payload = payloadOf(answer, askedFor(operation));
  const isList = payload.shape.kind === 'list';
  const leaf = payload.shape.kind === 'list' ? payload.shape.of : payload.shape;
  if (leaf.kind !== 'object' && leaf.kind !== 'choice')
    return { refused: 'its answer is a plain value or a list of them, and no record', asked: {}, said: [] };
  const statuses = notFoundOf(operation, response);
  const accept = content?.mediaType.split(';', 1)[0]?.trim().toLowerCase();
  return {
    payload,
    response,
    accept: accept === undefined || accept === 'application/json' || accept.includes('*') ? undefined : accept,
    asked: {
      ...(isList ? { items: [...payload.path] } : payload.path.length > 0 ? { record: [...payload.path] } : {}),
      ...(statuses.length > 0 ? { not_found: { status: statuses } } : {}),
    },
    said: saidOf(payload, { operation, response, hasNotFound: statuses.length > 0 || isList }),
  };
}

function saidOf(
  { around, path }: Payload,
  {
    operation,
    response,
    hasNotFound,
  }: { readonly operation: ApiOperation; readonly response: ApiResponse; readonly hasNotFound: boolean },
): readonly Said[] {
  const passed = around.flatMap(({ members }) =>
    members.filter(({ shape }) => shape.kind === 'leaf').map(({ name }) => name),
  );
  return [
    ...(path.length > 0 ? [{ place: response.place, message: envelopeSaid(path, passed) }] : []),
    ...(hasNotFound
      ? []
      : [
          {
            place: operation.place,
            message:
              'the document does not say how the register answers that it has no such record: until not_found is written, such an answer is a failure',
          },
        ]),
  ];
}

function envelopeSaid(path: readonly string[], passed: readonly string[]): string {
  const beside = passed.length > 0 ? `. Taken to be about the answer, and left out: ${passed.join(', ')}` : '';
  return `the record is taken to be what ${path.join('.')} holds${beside}`;
}

/** What the question tells of its answer. */
function askedFor({ path, parameters, body }: ApiOperation): AskedFor {
  const given = parameters.filter(({ required, in: where }) => required && (where === 'path' || where === 'query'));
  return {
    keys: [...given.map(({ name }) => name), ...(body?.schema ? keywordsOf(body.schema).required : [])],
    isOfOne: path.endsWith('}'),
  };
}

function notFoundOf({ responses }: ApiOperation, success: ApiResponse): readonly number[] {
  const told = responses.map(({ status }) => Number(status));
  const isEmpty = responses.some(({ status, content }) => status === '204' && content.length === 0);
  return [
    ...NOT_FOUND.filter((status) => told.includes(status)),
    ...(isEmpty && success.status !== '204' ? [204] : []),
  ];
}

/** A plain text where a record is meant is what documents write that do not describe the answer. */
function usable(shape: Shape | undefined): { readonly shape?: Shape; readonly why: string } {
  if (shape === undefined) return { why: 'the document gives its answer no schema' };
  if (shape.kind === 'unknown') return { why: `of its answer, ${shape.why}` };
  if (shape.kind === 'leaf')
    return { why: `the document calls its answer a ${shape.type}, and describes nothing in it` };
  return { shape, why: '' };
}

function exampleShape(example: DocumentFile | undefined, name: string): Shape | undefined {
  return example && shapeOfExample(parseJsonFile(example), '#', name);
}

/** The document's own example, where it describes the answer by nothing else. */
function ownExampleShape(content: ApiContent | undefined, name: string): Shape | undefined {
  const example = content?.example;
  if (typeof example !== 'object' || example === null) return undefined;
  return shapeOfExample(example, content?.place ?? '#', name);
}

function ofKind(shape: Shape, kind: string | undefined): Shape {
  if (kind === undefined || shape.kind !== 'choice') return shape;
  const variant = shape.variants.find(({ value }) => value === kind)?.shape;
  if (variant === undefined) return shape;
  // The answer repeats the kind that the mapping itself sends: that is no data.
  const [repeated] = shape.discriminator;
  return { ...variant, members: variant.members.filter(({ name }) => name !== repeated) };
}

/** The address of the service itself, without any parameter. */
function isIndex({ method, path, parameters }: ApiOperation): boolean {
  return method === 'GET' && path === '/' && parameters.length === 0;
}

function isSuccess({ status }: ApiResponse): boolean {
  return /^2/.test(status);
}

/** A media type of a vendor that names its version: without it a register may answer with a later one. */
function isVersioned({ mediaType }: ApiContent): boolean {
  return /\bv\d+(\.\d+)*\+json/i.test(mediaType);
}

/** Name for a type that the document does not name: by the path's last fixed segment. */
function typeNameOf({ path, name }: ApiOperation): string {
  const segment = path
    .split('/')
    .filter((one) => one !== '' && !one.includes('{'))
    .at(-1);
  return segment ?? name;
}
