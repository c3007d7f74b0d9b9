import { RegisterFailure, type CallGroup, type GroupAnswer, type RegisterAnswer, type SelectedField } from '../port.js';
import type { FailureReason } from '../../schemas/failures/register-failure.js';
import { BeyondFinder } from '../mapping/unread.js';
import type { ErrorPath } from './error-paths.js';
import { errorPaths } from './error-paths.js';
import { aliasOf, type PreparedGraphql } from './merge-groups.js';
import type { Taking } from './take-object.js';
import { isLeaf, isObject, ownMember } from '../../schemas/objects.js';

type FieldFailure = GroupAnswer['errors'][number];
type Key = Readonly<Record<string, unknown>>;

interface Response {
  readonly register: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly ErrorPath[];
}

/**
 * Splits the response to the merged request into the answers of the groups. Throws `RegisterFailure` if a part belongs
 * to no group.
 */
export function readGroups(groups: readonly CallGroup[], body: unknown, register: string): RegisterAnswer {
  if (!isObject(body)) throw new RegisterFailure(register, 'envelope_missing');
  const errors = errorPaths(ownMember(body, 'errors'));
  if (errors === undefined) throw new RegisterFailure(register, 'graphql_errors', { at: '/errors' });
  const data = ownMember(body, 'data');
  if (!isObject(data))
    throw new RegisterFailure(register, errors.length > 0 ? 'graphql_errors' : 'envelope_missing', { at: '/data' });
  const response: Response = { register, data, errors };
  if (errors.some(([first]) => !Object.hasOwn(data, String(first))))
    throw new RegisterFailure(register, 'graphql_errors', { at: '/errors' });
  const answers = groups.map((group, position) =>
    group.keys === undefined
      ? rootAnswer(group, response)
      : entitiesAnswer(group, group.keys, aliasOf(position), response),
  );
  return { groups: answers };
}

function rootAnswer({ prepared }: CallGroup, response: Response): GroupAnswer {
  const { data, errors } = response;
  const failures: FieldFailure[] = errors.map((path) => failure('graphql_errors', 0, path));
  const beyond = new BeyondFinder();
  const taking: Taking = { beyond, onMalformed: (path) => failures.push(failure('value_type', 0, path)) };
  const record = (prepared as PreparedGraphql).shape.take(data, rootType(prepared as PreparedGraphql), taking);
  return answerOf([record], failures, beyond);
}

/** Root fields are all selected on the root type. */
function rootType({ fields }: PreparedGraphql): string | undefined {
  return fields[0]?.parentType;
}

function entitiesAnswer({ prepared }: CallGroup, keys: readonly Key[], alias: string, response: Response): GroupAnswer {
  const { register, data, errors } = response;
  const { fields, shape } = prepared as PreparedGraphql;
  const entities = ownMember(data, alias);
  const own = errors.filter(([first]) => first === alias).map((path) => path.slice(1));
  if (own.some(([place]) => typeof place !== 'number' || place < 0 || place >= keys.length)) return allFailed(keys);
  if (!Array.isArray(entities))
    throw new RegisterFailure(register, entities === undefined ? 'envelope_missing' : 'not_a_list', { at: '/data' });
  if (entities.length !== keys.length) throw new RegisterFailure(register, 'batch_count', { at: '/data' });
  const failures: FieldFailure[] = own.map(([place, ...path]) => failure('graphql_errors', Number(place), path));
  const spoilt = new Set(own.filter((path) => path.length === 1).map(([place]) => place));
  let at = 0;
  const beyond = new BeyondFinder();
  const taking: Taking = { beyond, onMalformed: (path) => failures.push(failure('value_type', at, path)) };
  const records = keys.map((key, place) => {
    at = place;
    const entity: unknown = entities[place];
    if (entity === null || spoilt.has(place)) return null;
    if (!isObject(entity)) throw new RegisterFailure(register, 'value_type', { at: '/data' });
    if (!isAsked(entity, key, fields)) throw new RegisterFailure(register, 'other_subject', { at: '/data' });
    return shape.take(entity, String(key['__typename']), taking);
  });
  return answerOf(records, failures, beyond);
}

function answerOf(
  records: GroupAnswer['records'],
  errors: GroupAnswer['errors'],
  { found: beyond }: BeyondFinder,
): GroupAnswer {
  return beyond === undefined ? { records, errors } : { records, errors, beyond };
}

/** Whether an error is about the whole list, or has no position in it. */
function allFailed(keys: readonly Key[]): GroupAnswer {
  return { records: keys.map(() => null), errors: keys.map((_, place) => failure('graphql_errors', place, [])) };
}

/**
 * Whether selected key fields have the requested values. Otherwise another person's entity would be merged under this
 * key.
 */
function isAsked(entity: Key, key: Key, fields: readonly SelectedField[]): boolean {
  return fields.every(({ name, responseKey, parentType }) => {
    // An entity that is requested by its interface names its object type.
    const asked = parentType === key['__typename'] && name !== '__typename' ? ownMember(key, name) : undefined;
    const given = ownMember(entity, responseKey);
    return isSame(asked, given);
  });
}

/** Whether two values of a key field are the same, or one of them is missing or none of a scalar. A numeral is the text with its digits. */
function isSame(asked: unknown, given: unknown): boolean {
  if (asked === undefined || asked === null || given === undefined || given === null) return true;
  return !isLeaf(asked) || !isLeaf(given) || String(asked) === String(given);
}

function failure(reason: FailureReason, place: number, path: ErrorPath): FieldFailure {
  return { path: [place, ...path], reason };
}
