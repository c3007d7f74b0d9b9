import { RegisterFailure } from '../port.js';
import type { RestList } from './list-source.js';
import type { RestCall, RestClient } from './rest-client.js';
import type { RegisterRecord } from '../mapping/read-record.js';
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
 * `RegisterFailure`. The kind is `malformed` for an item of a person outside the request, a page larger than requested,
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
  throw new RegisterFailure(options.register, 'malformed');
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
  const items = reply.status === 200 && isObject(reply.body) ? ownMember(reply.body, list.items) : undefined;
  const next = isObject(reply.body) ? (ownMember(reply.body, page.next) ?? undefined) : undefined;
  if (!isPage(items, page.items) || !isCursor(next)) throw new RegisterFailure(register, 'malformed');
  return { items, next };
}

function isPage(items: unknown, size: number): items is readonly RegisterRecord[] {
  return Array.isArray(items) && items.length <= size && items.every(isObject);
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
  if (items === undefined) throw new RegisterFailure(register, 'malformed');
  return items;
}
