import type { JsonClient } from '../http/post-json.js';
import { RegisterFailure, type Adapter, type CallGroup, type GroupAnswer, type RegisterAnswer, type RegisterCall } from '../port.js';
import { isObject, ownMember } from '../response-object.js';
import { aliasOf, mergeGroups, prepareGraphql, type PreparedGraphql } from './merge-groups.js';
import { ResponseSelector } from './select-response.js';

export interface GraphqlAdapterOptions {
  readonly register: string;
  /** Address of the service. */
  readonly url: string;
  readonly client: JsonClient;
}

type FieldFailure = GroupAnswer['errors'][number];
type Path = readonly (string | number)[];

/** A register that is a federated GraphQL service: one request for all groups. Its error texts go nowhere. */
export function createGraphqlAdapter({ register, url, client }: GraphqlAdapterOptions): Adapter {
  const address = new URL(url);
  return {
    register,
    prepare: (selection) => prepareGraphql(register, selection),
    read: async (call) => {
      const { status, body } = await client.post({ url: address, body: mergeGroups(call.groups), requestId: call.requestId, deadline: call.deadline });
      if (status >= 400 || !isObject(body)) throw new RegisterFailure(register, 'failed');
      return answerOf(call, body, register);
    },
    close: async () => client.close(),
  };
}

function answerOf(call: RegisterCall, body: Readonly<Record<string, unknown>>, register: string): RegisterAnswer {
  const errors = errorPaths(ownMember(body, 'errors'), register);
  const data = ownMember(body, 'data');
  if (!isObject(data)) throw new RegisterFailure(register, errors.length > 0 ? 'failed' : 'malformed');
  const selector = new ResponseSelector();
  const groups = call.groups.map((group, position) => groupAnswer(group, position, { data, errors, selector, register }));
  return { groups, receivedBeyondGrant: selector.beyond };
}

interface Response {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly Path[];
  readonly selector: ResponseSelector;
  readonly register: string;
}

function groupAnswer({ prepared, keys }: CallGroup, position: number, { data, errors, selector, register }: Response): GroupAnswer {
  const { fields } = prepared as PreparedGraphql;
  if (keys === undefined) return { records: [selector.object(data, fields) ?? {}], errors: errors.map((path) => failed([0, ...path])) };
  const alias = aliasOf(position);
  const own = errors.filter(([first]) => first === alias).map((path) => failed(path.slice(1)));
  const entities = ownMember(data, alias);
  if (entities === null && own.length > 0) return { records: keys.map(() => null), errors: keys.map((_, place) => failed([place])) };
  if (!Array.isArray(entities) || entities.length !== keys.length) throw new RegisterFailure(register, 'malformed');
  return { records: entities.map((entity) => selector.object(entity, fields)), errors: own };
}

function failed(path: Path): FieldFailure {
  return { path, failure: 'failed' };
}

/** Where the register says that something failed. An error without a place spoils the whole answer. */
function errorPaths(errors: unknown, register: string): readonly Path[] {
  if (errors === undefined || errors === null) return [];
  if (!Array.isArray(errors)) throw new RegisterFailure(register, 'malformed');
  return errors.map((error: unknown) => {
    const path = isObject(error) ? ownMember(error, 'path') : undefined;
    if (!Array.isArray(path) || path.length === 0 || !path.every((step) => typeof step === 'string' || typeof step === 'number')) throw new RegisterFailure(register, 'failed');
    return path;
  });
}
