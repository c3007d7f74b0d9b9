import type { EntityDescription, MemberShape, OperationDescription, Shape, YamlObject } from '../description.js';
import { isPersonNumberName } from '../../../schemas/identifiers/person-number-names.js';
import type { DocumentFile, ReadRequest } from '../reader.js';
import { fieldName } from '../write/names.js';
import { isSameName } from '../write/plan.js';
import { commaListsSaid } from './comma-list.js';
import { describeAnswer, type AnswerDescription } from './answer.js';
import { writeBody, type WrittenBody } from './body.js';
import type { ApiOperation, ApiParameter } from './operations.js';
import { pagingOf, type Paging } from './paging.js';
import { isSelection, placeholderNames, writeParameters, type ShapedParameter } from './parameters.js';
import { judgementOf } from './refusal.js';
import type { SchemaShapes } from './schema-shapes.js';
import { keywordsOf } from './schema.js';

/** Keys in one question, where the document states no greatest number. */
const BATCH_MAX = 100;

/** Stand in an `identifier_in_address` block until its steward fills it in. No start takes the date. */
const UNFILLED_AGREEMENT = { owner: 'OWNER', agreement: 'NUMBER', until: 'YYYY-MM-DD' };

type Choices = Pick<ReadRequest, 'examples' | 'personal' | 'constants' | 'reading'>;

/** Constants that requests use, by name. They stand once in `source.yaml`. */
export interface DescribedOperation {
  readonly operation: OperationDescription;
  readonly constants: YamlObject;
}

/** Describes one operation of a document: one, or one for each kind of question that its body tells apart. */
export function describeOperation(
  operation: ApiOperation,
  shapes: SchemaShapes,
  choices: Choices,
): readonly DescribedOperation[] {
  const { refused, said } = judgementOf(operation, choices.reading);
  if (refused !== undefined) return [refusedOperation(operation, refused)];
  const kinds = kindsOf(operation, shapes);
  const described =
    kinds.length === 0
      ? [describeKind(operation, undefined, shapes, choices)]
      : kinds.map((kind) => describeKind(operation, kind, shapes, choices));
  if (said === undefined) return described;
  const about = { place: operation.place, message: said };
  return described.map((one) => ({ ...one, operation: { ...one.operation, said: [about, ...one.operation.said] } }));
}

/** One kind of question, told from others by a member of the body. */
interface Kind {
  readonly value: string;
  readonly property: string;
  readonly shape: Shape;
}

function kindsOf({ body }: ApiOperation, shapes: SchemaShapes): readonly Kind[] {
  if (body?.schema === undefined) return [];
  const { discriminator } = keywordsOf(body.schema);
  if (discriminator === undefined) return [];
  const shape = shapes.shapeOf(body.schema, body.place, 'question');
  if (shape.kind !== 'choice') return [];
  return shape.variants.map(({ value, shape: variant }) => ({
    value,
    property: discriminator.property,
    shape: variant,
  }));
}

function describeKind(
  operation: ApiOperation,
  kind: Kind | undefined,
  shapes: SchemaShapes,
  choices: Choices,
): DescribedOperation {
  const earlier = shapes.said.length;
  const answer = describeAnswer(operation, shapes, { example: exampleOf(operation, kind, choices), kind: kind?.value });
  const paging = answer.payload && answer.response ? pagingOf(operation, answer.response, answer.payload) : NOT_PAGED;
  const shaped = operation.parameters.map((parameter) => ({ parameter, shape: shapeOfParameter(parameter, shapes) }));
  const { body } = operation;
  const question = kind?.shape ?? (body?.schema && shapes.shapeOf(body.schema, body.place, 'question'));
  const request = writeRequest({ operation, kind, shaped, question, answer, paging }, choices);
  return {
    constants: request.constants,
    operation: {
      ...namesOf(operation, kind),
      title: operation.summary,
      place: operation.place,
      refused: answer.refused ?? request.refused ?? multipart(operation),
      needsExample: answer.needsExample,
      parameters: request.parameters,
      answer: answer.payload?.shape,
      entity: request.entity,
      asked: given({
        request: request.template,
        identifier_in_address: request.isPersonInAddress ? UNFILLED_AGREEMENT : undefined,
        answer: answer.asked,
        batch: request.entity?.by === 'batch' ? batchOf(request.entity, question) : undefined,
        page: paging.asked,
      }),
      said: [
        ...shapes.said.slice(earlier),
        ...answer.said,
        ...request.said,
        ...paging.said,
        ...commaListsSaid(shaped, answer.payload),
      ],
    },
  };
}

const NOT_PAGED: Paging = { asked: undefined, parameters: new Map(), said: [] };

function namesOf(
  { name, aliases }: ApiOperation,
  kind: Kind | undefined,
): Pick<OperationDescription, 'name' | 'aliases' | 'of'> {
  return kind ? { name: kind.value, of: [name, ...aliases] } : { name, aliases };
}

function exampleOf(
  { name, aliases }: ApiOperation,
  kind: Kind | undefined,
  { examples }: Choices,
): DocumentFile | undefined {
  const found = [kind?.value ?? name, name, ...aliases].find((one) => examples.has(one));
  return found === undefined ? undefined : examples.get(found);
}

function shapeOfParameter({ schema, place, name }: ApiParameter, shapes: SchemaShapes): Shape {
  return schema ? shapes.shapeOf(schema, place, name) : { kind: 'unknown', why: 'the document gives it no schema' };
}

interface RequestFacts {
  readonly operation: ApiOperation;
  readonly kind: Kind | undefined;
  readonly shaped: readonly ShapedParameter[];
  readonly question: Shape | undefined;
  readonly answer: AnswerDescription;
  readonly paging: Paging;
}

interface WrittenRequest extends Pick<OperationDescription, 'parameters' | 'entity' | 'said' | 'refused'> {
  readonly template: YamlObject;
  readonly constants: YamlObject;
  readonly isPersonInAddress: boolean;
}

function writeRequest(
  { operation, kind, shaped, question, answer, paging }: RequestFacts,
  { personal, constants }: Choices,
): WrittenRequest {
  const fixed = new Map(kind ? [[kind.property, kind.value]] : []);
  const isFixed = ({ name }: Asked): boolean => fixed.has(name) || constants.has(name) || paging.parameters.has(name);
  const entity = entityOf(
    answer,
    [...parametersIn(shaped), ...membersIn(question)].filter((one) => !isFixed(one)),
  );
  const keys = new Map(entity?.key.map(({ parameter, member }) => [parameter, fieldName(member)]));
  const names = placeholderNames();
  const written = writeParameters(operation, shaped, names, { personal, constants, keys, paging: paging.parameters });
  const sent = question && writeBody(question, names, { personal, constants, keys, fixed });
  const { method } = operation;
  return {
    entity,
    constants: written.constants,
    parameters: [...written.parameters, ...(sent?.parameters ?? [])],
    said: [...written.said, ...(sent?.said ?? [])],
    refused: written.refused ?? sent?.refused,
    isPersonInAddress: written.parameters.some(
      ({ isPersonal, name }) => isPersonal === true || isPersonNumberName(name),
    ),
    template: given({
      method: method === 'GET' ? undefined : method,
      path: written.path,
      query: written.query,
      headers: { ...(answer.accept === undefined ? {} : { Accept: answer.accept }), ...written.headers },
      ...bodyOf(operation, sent),
    }),
  };
}

/** An operation that no one chose: it has names, and nothing is said of it. */
export function namedOperation({ name, aliases, place }: ApiOperation): DescribedOperation {
  return { constants: {}, operation: { name, aliases, place, parameters: [], asked: {}, said: [] } };
}

function refusedOperation({ name, aliases, place, summary }: ApiOperation, refused: string): DescribedOperation {
  const empty = { parameters: [], asked: {}, said: [] };
  return { constants: {}, operation: { name, aliases, title: summary, place, refused, ...empty } };
}

function multipart({ body }: ApiOperation): string | undefined {
  if (body === undefined || body.isForm === false) return undefined;
  return /^multipart/i.test(body.mediaType) ? 'its question is multipart/form-data' : undefined;
}

function bodyOf({ body }: ApiOperation, sent: WrittenBody | undefined): YamlObject {
  if (body === undefined || sent === undefined) return {};
  const mediaType = body.mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (body.isForm) return { form: sent.body };
  return {
    body: sent.body,
    ...(mediaType === 'application/json' || mediaType.includes('*') ? {} : { content_type: mediaType }),
  };
}

interface Asked {
  readonly name: string;
  readonly required: boolean;
  readonly shape: Shape;
}

function parametersIn(shaped: readonly ShapedParameter[]): readonly Asked[] {
  return shaped
    .filter(({ parameter }) => parameter.in === 'path' || parameter.in === 'query')
    .map(({ parameter: { name, required }, shape }) => ({ name, required, shape }));
}

function membersIn(question: Shape | undefined): readonly Asked[] {
  return question?.kind === 'object'
    ? question.members.map(({ name, required, shape }) => ({ name, required, shape }))
    : [];
}

/**
 * Returns the key of a record: what must be given, if the record has members of the same names. With a list of keys and a
 * list of records it is a batch.
 */
function entityOf({ payload }: AnswerDescription, asked: readonly Asked[]): EntityDescription | undefined {
  const needed = asked.filter(({ required, name, shape }) => required && !isSelection(name, shape));
  if (payload === undefined || needed.length === 0) return undefined;
  const { shape } = payload;
  const record = shape.kind === 'list' ? shape.of : shape;
  if (record.kind !== 'object') return undefined;
  const by = shape.kind === 'list' ? 'batch' : 'read';
  const key = needed.map((one) => ({ one, member: record.members.find(({ name }) => isSameName(name, one.name)) }));
  const isKey = ({ one, member }: (typeof key)[number]): boolean =>
    member !== undefined && isKeyPart(one.shape, member, by);
  if (!key.every(isKey) || (by === 'batch' && key.length > 1)) return undefined;
  return { by, key: key.map(({ one, member }) => ({ parameter: one.name, member: member?.name ?? '' })) };
}

function isKeyPart(asked: Shape, { shape }: MemberShape, by: EntityDescription['by']): boolean {
  const one = by === 'batch' ? (asked.kind === 'list' ? asked.of : undefined) : asked;
  return (
    one?.kind === 'leaf' &&
    shape.kind === 'leaf' &&
    one.type === shape.type &&
    ['text', 'long', 'integer'].includes(one.type)
  );
}

function batchOf({ key }: EntityDescription, question: Shape | undefined): YamlObject {
  const [first] = key;
  const list =
    question?.kind === 'object' ? question.members.find(({ name }) => name === first?.parameter)?.shape : undefined;
  const max = list?.kind === 'list' ? list.maxItems : undefined;
  return { max: max ?? BATCH_MAX, answer: 'unordered', key: first ? [first.member] : [], absent: 'omitted' };
}

/** Leaves out what is undefined, and what is an empty object. */
function given(members: YamlObject): YamlObject {
  return Object.fromEntries(
    Object.entries(members).filter(
      ([, value]) =>
        value !== undefined && !(typeof value === 'object' && value !== null && Object.keys(value).length === 0),
    ),
  );
}
