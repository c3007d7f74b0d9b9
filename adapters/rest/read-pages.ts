import { RegisterDeclined, RegisterFailure } from '../port.js';
import { pointer } from '../json-pointer.js';
import { wrongKey } from './read-records.js';
import type { RestList } from './list-source.js';
import type { RestCall, RestClient } from './rest-client.js';
import type { RegisterRecord } from '../mapping/compile-record.js';
import { isObject, ownMember } from '../../schemas/objects.js';

export interface PageReaderOptions {
  readonly register: string;
  readonly client: RestClient;
}

/** The request for one list: the people, and further members of the body. */
export interface ListQuestion {
  readonly list: RestList;
  readonly url: URL;
  readonly keys: readonly string[];
  readonly members: Readonly<Record<string, number>>;
}

export type PageCall = RestCall;

/** The items of a list by the key of their owner, in the register's order. */
export type ItemsByKey = ReadonlyMap<string, readonly RegisterRecord[]>;

/** Greatest length of a cursor. A longer one is malformed. */
const MAX_CURSOR_LENGTH = 1_000;

/**
 * Reads a list to its last page, one page after the other, within the deadline of the call. Rejects with
 * `RegisterFailure`. It fails for an item of a person outside the request, a page larger than requested,
 * a cursor that comes again and a list that does not end.
 */
export async function readPages(
  question: ListQuestion,
  call: PageCall,
  options: PageReaderOptions,
): Promise<ItemsByKey> {
  const { list, keys } = question;
  const found = new Map<string, RegisterRecord[]>(keys.map((key) => [key, []]));
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let page = 1; page <= list.page.max; page += 1) {
    const { items, next } = await readPage(question, cursor, call, options);
    for (const item of items) ownersItems(found, item, question, options.register).push(item);
    if (next === undefined) return found;
    if (seen.has(next)) break;
    seen.add(next);
    cursor = next;
  }
  throw new RegisterFailure(options.register, 'page_limit');
}

interface Page {
  readonly items: readonly RegisterRecord[];
  /** Undefined after the last page. */
  readonly next: string | undefined;
}

async function readPage(
  { list, url, keys, members }: ListQuestion,
  cursor: string | undefined,
  call: PageCall,
  { register, client }: PageReaderOptions,
): Promise<Page> {
  const { page } = list;
  const body = {
    [list.keys]: keys,
    ...members,
    [page.size]: page.items,
    ...(cursor === undefined ? {} : { [page.cursor]: cursor }),
  };
  const reply = await client.ask({ url, body, keys }, call);
  if (reply.status === 404) throw new RegisterDeclined(register, 'status_unexpected');
  if (!isObject(reply.body)) throw new RegisterFailure(register, 'envelope_missing');
  const items = itemsIn(reply.body, list, register);
  const next = ownMember(reply.body, page.next) ?? undefined;
  if (!isCursor(next)) throw new RegisterFailure(register, 'page_address', { at: pointer([page.next]) });
  return { items, next };
}

function itemsIn(body: RegisterRecord, { items: name, page }: RestList, register: string): readonly RegisterRecord[] {
  const items = ownMember(body, name);
  const at = pointer([name]);
  if (items === undefined) throw new RegisterFailure(register, 'envelope_missing', { at });
  if (!Array.isArray(items)) throw new RegisterFailure(register, 'not_a_list', { at });
  if (items.length > page.items) throw new RegisterFailure(register, 'page_limit', { at });
  const place = items.findIndex((item) => !isObject(item));
  if (place >= 0) throw new RegisterFailure(register, 'value_type', { at: pointer([name, place]) });
  return items as readonly RegisterRecord[];
}

function isCursor(next: unknown): next is string | undefined {
  return next === undefined || (typeof next === 'string' && next !== '' && next.length <= MAX_CURSOR_LENGTH);
}

/** An item must belong to a person of the request. Otherwise it would be merged under another person's number. */
function ownersItems(
  found: ReadonlyMap<string, RegisterRecord[]>,
  item: RegisterRecord,
  { list }: ListQuestion,
  register: string,
): RegisterRecord[] {
  const owner = ownMember(item, list.owner);
  const items = typeof owner === 'string' ? found.get(owner) : undefined;
  if (items === undefined) throw new RegisterFailure(register, wrongKey(owner), { at: pointer([list.items]) });
  return items;
}
