import {
  getNamedType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLOutputType,
} from 'graphql';
import type { OperationDescription, ParameterDescription, Said, Shape, YamlObject, YamlValue } from '../description.js';
import { fieldName } from '../write/names.js';
import { isSameName } from '../write/plan.js';
import { connectionOf, leafOf, shapeOf, type ShapeRules } from './shapes.js';

export interface OperationRules extends ShapeRules {
  readonly personal: ReadonlySet<string>;
  readonly constants: ReadonlyMap<string, string>;
}

/** Items in one page, and keys in one question, where the schema states no number. */
const PAGE_SIZE = 100;
const BATCH_MAX = 100;

/** Describes a root field of the query type as an operation. */
export function operationOf(
  root: string,
  field: GraphQLField<unknown, unknown>,
  rules: OperationRules,
): OperationDescription {
  const place = `${root}.${field.name}`;
  const common = { name: field.name, place, title: field.description ?? undefined };
  const connection = connectionOf(field.type);
  const paged = connection === undefined ? undefined : pagingOf(field);
  const written = writeArguments(
    field.args.filter(({ name }) => paged === undefined || (name !== 'first' && name !== 'after')),
    { ...rules, place },
  );
  if (typeof written === 'string') return { ...common, refused: written, parameters: [], asked: {}, said: [] };
  const absent = absentType(field.type);
  const answer = answerOf(field.type, { connection: connection?.node, absent, rules });
  if (answer.kind === 'choice' || (answer.kind === 'list' && answer.of.kind === 'choice'))
    return {
      ...common,
      refused: 'its record is of several types: map it by hand',
      parameters: [],
      asked: {},
      said: [],
    };
  const key = keyOf(field, written.parameters, answer);
  const parameters = key === undefined ? written.parameters : written.parameters.map((one) => asKey(one, key, rules));
  const variables = key === undefined ? written.variables : { [field.args[0]?.name ?? '']: placeholderOf(key) };
  return {
    ...common,
    parameters,
    answer,
    ...(key === undefined
      ? {}
      : { entity: { key: [{ parameter: parameters[0]?.name ?? '', member: key.member }], by: key.by } }),
    asked: askedOf(field, { variables, absent, key, isPaged: connection !== undefined, pageSize: paged }),
    said: [...written.said, ...pagingSaid(place, connection !== undefined, paged)],
  };
}

/** Describes a field that is not read. */
export function refusedOperation(root: string, name: string, refused: string): OperationDescription {
  return { name, place: `${root}.${name}`, refused, parameters: [], asked: {}, said: [] };
}

/** Greatest number of items that `first` asks for; undefined if the field does not take `first` and `after`. */
function pagingOf({ args }: GraphQLField<unknown, unknown>): number | undefined {
  const [first, after] = ['first', 'after'].map((name) => args.find((argument) => argument.name === name));
  if (first === undefined || after === undefined) return undefined;
  return typeof first.defaultValue === 'number' ? first.defaultValue : PAGE_SIZE;
}

function pagingSaid(place: string, isConnection: boolean, paged: number | undefined): readonly Said[] {
  if (!isConnection) return [];
  if (paged === undefined)
    return [{ place, message: 'a list in pages without the arguments first and after: only its first page is read' }];
  return [];
}

interface Written {
  readonly parameters: readonly ParameterDescription[];
  readonly variables: YamlObject;
  readonly said: readonly Said[];
}

/** Writes the arguments as variables. Returns why it cannot. */
function writeArguments(
  given: readonly GraphQLArgument[],
  rules: OperationRules & { readonly place: string },
): Written | string {
  const parameters: ParameterDescription[] = [];
  const said: Said[] = [];
  const variables: Record<string, YamlValue> = {};
  for (const argument of given) {
    const { name, type } = argument;
    const value = valueOf(type, name, { ...rules, isRequired: isRequiredArgument(argument), parameters, said });
    if (value === undefined) {
      if (isRequiredArgument(argument)) return `its argument ${name} cannot be written`;
      said.push({ place: `${rules.place}(${name}:)`, message: 'an argument that is left out' });
    } else variables[name] = value;
  }
  return { parameters, variables, said };
}

interface ValueRules extends OperationRules {
  readonly place: string;
  readonly isRequired: boolean;
  readonly parameters: ParameterDescription[];
  readonly said: Said[];
}

/** Nested input objects that are written. */
const MAX_INPUT_DEPTH = 3;

function valueOf(given: GraphQLInputType, path: string, rules: ValueRules): YamlValue | undefined {
  const { parameters, place, personal, isRequired, constants } = rules;
  const constant = constants.get(path);
  if (constant !== undefined) return constant;
  const type = isNonNullType(given) ? given.ofType : given;
  if (isInputObjectType(type)) return objectOf(type, path, rules);
  const isList = isListType(type);
  const item = isList ? (isNonNullType(type.ofType) ? type.ofType.ofType : type.ofType) : type;
  const leaf = isLeafType(item) ? leafOf(item) : undefined;
  if (leaf === undefined) return undefined;
  const name = path.split('.').at(-1) ?? path;
  const placeholder = path.replaceAll('.', '_');
  const shape: Shape = { ...leaf, transform: undefined };
  parameters.push({
    ...{ name: path, placeholder, in: 'variable', required: isRequired, place: `${place}(${path}:)` },
    shape: isList ? { kind: 'list', of: shape } : shape,
    isPersonal: [...personal].some((one) => isSameName(one, name)),
  });
  return isList ? `{${placeholder}[]}` : `{${placeholder}}`;
}

/** An object that may be left out is: once the mapping writes it, it would always be sent. */
function objectOf(type: GraphQLInputObjectType, path: string, rules: ValueRules): YamlObject | undefined {
  const { isRequired, place, said } = rules;
  if (!isRequired || path.split('.').length > MAX_INPUT_DEPTH) return undefined;
  const members: Record<string, YamlValue> = {};
  for (const member of Object.values(type.getFields())) {
    const required = isRequiredInputField(member);
    const value = valueOf(member.type, `${path}.${member.name}`, { ...rules, isRequired: required });
    if (value !== undefined) members[member.name] = value;
    else if (required) return undefined;
    else said.push({ place: `${place}(${path}.${member.name}:)`, message: 'a member that is left out' });
  }
  return members;
}

/** A type of a union that says that there is no record. */
function absentType(type: GraphQLOutputType): string | undefined {
  const named = getNamedType(type);
  if (!isUnionType(named)) return undefined;
  return named.getTypes().find(({ name }) => /^(?:not_?found|no_?record|unknown_?\w*)/i.test(name))?.name;
}

interface AnswerRules {
  readonly connection: GraphQLOutputType | undefined;
  readonly absent: string | undefined;
  readonly rules: ShapeRules;
}

function answerOf(type: GraphQLOutputType, { connection, absent, rules }: AnswerRules): Shape {
  if (connection !== undefined) return { kind: 'list', of: shapeOf(connection, rules) };
  const shape = shapeOf(type, rules);
  if (shape.kind !== 'choice') return shape;
  const variants = shape.variants.filter(({ value }) => value !== absent);
  const [only] = variants;
  return only !== undefined && variants.length === 1 ? only.shape : { ...shape, variants };
}

/** The member of the record by which it is asked. */
interface Key {
  readonly member: string;
  readonly by: 'read' | 'batch';
  /** Whether an item comes for each key, null if there is no record. */
  readonly isOrdered: boolean;
}

/**
 * The record is found by the only argument, if the record has a member of the same name: `person(nationalId:)`. Many are,
 * if the argument is a list of the name's plural and so is the answer: `persons(nationalIds:)`.
 */
function keyOf(
  field: GraphQLField<unknown, unknown>,
  parameters: readonly ParameterDescription[],
  answer: Shape,
): Key | undefined {
  const [only, ...others] = parameters;
  if (only === undefined || others.length > 0 || field.args.length !== 1 || !only.required) return undefined;
  const record = answer.kind === 'list' ? answer.of : answer;
  if (record.kind !== 'object') return undefined;
  const isMany = only.shape.kind === 'list';
  if (isMany !== (answer.kind === 'list')) return undefined;
  const member = record.members.find(({ name, shape }) => shape.kind === 'leaf' && isKeyName(name, only.name, isMany));
  if (member === undefined) return undefined;
  return { member: member.name, by: isMany ? 'batch' : 'read', isOrdered: isMany && !hasNonNullItems(field.type) };
}

function isKeyName(member: string, argument: string, isMany: boolean): boolean {
  if (!isMany) return isSameName(member, argument);
  return [`${member}s`, `${member}es`, `${member}List`].some((plural) => isSameName(plural, argument));
}

function hasNonNullItems(type: GraphQLOutputType): boolean {
  const list = isNonNullType(type) ? type.ofType : type;
  return isListType(list) && isNonNullType(list.ofType);
}

function asKey(parameter: ParameterDescription, { member }: Key, { personal }: OperationRules): ParameterDescription {
  const isPersonal = parameter.isPersonal === true || [...personal].some((one) => isSameName(one, member));
  return { ...parameter, placeholder: fieldName(member), isPersonal };
}

function placeholderOf({ member, by }: Key): string {
  return by === 'batch' ? `{${fieldName(member)}[]}` : `{${fieldName(member)}}`;
}

interface Asking {
  readonly variables: YamlObject;
  readonly absent: string | undefined;
  readonly key: Key | undefined;
  readonly isPaged: boolean;
  readonly pageSize: number | undefined;
}

function askedOf(
  field: GraphQLField<unknown, unknown>,
  { variables, absent, key, isPaged, pageSize }: Asking,
): YamlObject {
  const paged = isPaged && pageSize !== undefined;
  const sent = { ...variables, ...(paged ? { first: '{page.size}', after: '{page.cursor}' } : {}) };
  const used = field.args.filter(({ name }) => Object.hasOwn(sent, name));
  return {
    document: documentOf(field, used, { absent, isPaged }),
    ...(used.length === 0 ? {} : { variables: sent }),
    ...answerPaths(field, { absent, key, isPaged }),
    ...(key?.by === 'batch' ? { batch: { max: BATCH_MAX, answer: key.isOrdered ? 'ordered' : 'unordered' } } : {}),
    ...(paged
      ? {
          page: {
            next: [field.name, 'pageInfo', 'endCursor'],
            more: [field.name, 'pageInfo', 'hasNextPage'],
            size: pageSize,
          },
        }
      : {}),
  };
}

function answerPaths(
  { name, type }: GraphQLField<unknown, unknown>,
  { absent, isPaged }: Pick<Asking, 'absent' | 'key' | 'isPaged'>,
): YamlObject {
  if (isPaged) return { answer: { items: [name, 'edges'], record: ['node'] } };
  if (isListType(isNonNullType(type) ? type.ofType : type)) return { answer: { items: [name] } };
  if (absent === undefined) return {};
  return { answer: { record: [name], not_found: { code: { at: [name, '__typename'], is: [absent] } } } };
}

function documentOf(
  { name, type }: GraphQLField<unknown, unknown>,
  used: readonly GraphQLArgument[],
  { absent, isPaged }: Pick<Asking, 'absent' | 'isPaged'>,
): string {
  const defined = used.map((argument) => `$${argument.name}: ${String(argument.type)}`).join(', ');
  const passed = used.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  const head = `query${defined === '' ? '' : ` (${defined})`}`;
  const call = `${name}${passed === '' ? '' : `(${passed})`}`;
  return `${head} { ${call} ${selectionText(type, { absent, isPaged })} }`;
}

function selectionText(type: GraphQLOutputType, { absent, isPaged }: Pick<Asking, 'absent' | 'isPaged'>): string {
  if (isPaged) return '{ edges { node { select } } pageInfo { hasNextPage endCursor } }';
  const named = getNamedType(type);
  if (absent === undefined) return isLeafType(named) ? '' : '{ select }';
  const types = isUnionType(named) ? named.getTypes().filter((one) => one.name !== absent && isObjectType(one)) : [];
  return `{ __typename ${types.map((one) => `... on ${one.name} { select }`).join(' ')} }`;
}
