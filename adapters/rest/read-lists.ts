import type { RegisterCall } from '../port.js';
import { addressOf } from './address-of.js';
import { inChunks } from './in-chunks.js';
import type { PreparedList } from './prepare-lists.js';
import type { OnFault, RegisterRecord } from '../mapping/compile-record.js';
import type { RestClient } from './rest-client.js';
import { runParts } from '../run-parts.js';
import { readPages, type ItemsByKey, type PageCall } from './read-pages.js';

type Variables = Readonly<Record<string, unknown>>;

/** A group that selects a list. */
export interface ListAsked {
  readonly prepared: PreparedList;
  readonly variables: Variables;
  readonly keys: readonly string[];
}

/** The lists that were read, by request. */
export type ListsRead = ReadonlyMap<string, ItemsByKey>;

export interface ListReaderOptions {
  readonly register: string;
  /** Base address. */
  readonly url: string;
  readonly client: RestClient;
}

/**
 * Reads every selected list, only for the people whose group selects it. Equal requests go together, in as few calls as
 * the register's limit allows; different ones run at once. Rejects with `RegisterFailure`, and then has cancelled
 * the other calls.
 */
export async function readLists(
  asked: readonly ListAsked[],
  call: RegisterCall,
  options: ListReaderOptions,
): Promise<ListsRead> {
  const together = new Map<string, ListAsked>();
  for (const one of asked) {
    const name = questionOf(one.prepared, one.variables);
    together.set(name, { ...one, keys: [...(together.get(name)?.keys ?? []), ...one.keys] });
  }
  const read = [...together].map(
    ([name, one]) =>
      async (part: PageCall) =>
        [name, await readOne(one, part, options)] as const,
  );
  return new Map(await runParts<PageCall, readonly (readonly [string, ItemsByKey])[]>(call, read));
}

async function readOne(
  { prepared, variables, keys }: ListAsked,
  call: PageCall,
  options: ListReaderOptions,
): Promise<ItemsByKey> {
  const { list } = prepared;
  const question = { list, url: addressOf(options.url, list.path), members: prepared.membersFrom(variables) };
  const chunks = inChunks([...new Set(keys)], list.max_keys);
  const found = await runParts(
    call,
    chunks.map((chunk) => (part: PageCall) => readPages({ ...question, keys: chunk }, part, options)),
  );
  return new Map(found.flatMap((items) => [...items]));
}

/** Returns the list of one person in the form of the selection. */
export function itemsOf(
  {
    prepared,
    variables,
    key,
  }: { readonly prepared: PreparedList; readonly variables: Variables; readonly key: string },
  read: ListsRead,
  onFault: OnFault,
): Record<string, unknown>[] {
  const items: readonly RegisterRecord[] = read.get(questionOf(prepared, variables))?.get(key) ?? [];
  return items.map((item, place) =>
    prepared.readItem(item, (path, reason) => onFault([prepared.responseKey, place, ...path], reason)),
  );
}

function questionOf({ list, membersFrom }: PreparedList, variables: Variables): string {
  return JSON.stringify([list.path, membersFrom(variables)]);
}
