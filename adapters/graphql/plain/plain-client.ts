import { isObject, ownMember } from '../../../schemas/objects.js';
import type { JsonReply } from '../../http/post-json.js';
import { pointer } from '../../json-pointer.js';
import type { Path } from '../../mapping/path.js';
import { RegisterFailure } from '../../port.js';
import type { RestClient } from '../../rest/rest-client.js';
import type { PlainQuery } from './source.js';
import { markSpoiled, type RecordsPlace } from './spoiled-values.js';

export interface PlainClientOptions {
  readonly register: string;
  /** Address of the service. */
  readonly url: string;
  readonly queries: ReadonlyMap<string, PlainQuery>;
  /** Sends the messages. */
  readonly rest: RestClient;
}

/** GraphQL over HTTP, section "Media types". */
const ACCEPT = 'application/graphql-response+json, application/json;q=0.9';

/**
 * Returns a client that sends queries. The document is that of the mapping with the selection in it; values travel in
 * `variables` only. A value for which the answer has an error is a fault of its own; an error that leads to no value inside
 * a record is a failure of the call, because what it lacks cannot be told from what is not there. No text of an error is
 * read.
 */
export function createPlainClient({ register, url, queries, rest }: PlainClientOptions): RestClient {
  const address = new URL(url);
  return {
    ask: async (question, call) => {
      const asked = queries.get(question.operation);
      if (asked === undefined) throw new TypeError(`there is no query ${question.operation}`);
      const { request } = question;
      const headers = { ...request.headers, Accept: ACCEPT };
      const body = queryText(asked, request.body ?? '{}');
      const reply = await rest.ask({ ...question, request: { ...request, url: address, headers, body } }, call);
      refuseErrors(reply, asked.records, register);
      return asked.page === undefined ? reply : withEnd(reply, asked.page, register);
    },
    close: () => rest.close(),
  };
}

function queryText({ query }: PlainQuery, filled: string): string {
  const { select, variables } = JSON.parse(filled) as {
    readonly select?: readonly string[];
    readonly variables: unknown;
  };
  return JSON.stringify({ query: query.fill(select ?? []), variables });
}

function refuseErrors({ body }: JsonReply, records: RecordsPlace, register: string): void {
  if (!isObject(body)) throw new RegisterFailure(register, 'envelope_missing', { at: '' });
  const errors = ownMember(body, 'errors');
  if (errors === undefined || errors === null || (Array.isArray(errors) && errors.length === 0)) return;
  if (!markSpoiled(body, records)) throw new RegisterFailure(register, 'graphql_errors', { at: '/errors' });
}

/**
 * Returns the reply without the cursor if it says that there is no further page: services send the cursor of the last
 * item always (GraphQL Cursor Connections, section 5). One that says there is more, without a cursor, is a failure.
 */
function withEnd(reply: JsonReply, { more, next }: NonNullable<PlainQuery['page']>, register: string): JsonReply {
  if (more === undefined) return reply;
  const isMore = valueAt(reply.body, more);
  if (isMore === null || isMore === undefined) return reply;
  if (typeof isMore !== 'boolean') throw new RegisterFailure(register, 'value_type', { at: pointer(more) });
  const holder = valueAt(reply.body, next.slice(0, -1));
  const name = String(next.at(-1));
  const cursor = isObject(holder) ? ownMember(holder, name) : undefined;
  if (isMore && (cursor === null || cursor === undefined || cursor === ''))
    throw new RegisterFailure(register, 'page_limit', { at: pointer(next) });
  if (!isMore && isObject(holder)) holder[name] = null;
  return reply;
}

function valueAt(from: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    if (typeof step === 'number') return Array.isArray(value) ? (value as readonly unknown[])[step] : undefined;
    return isObject(value) ? ownMember(value, step) : undefined;
  }, from);
}
