import type { Compared } from '../../../monitoring/audit/rederive/compared.js';
import type { EntryJson } from '../../../monitoring/audit/entry-json.js';
import type { SearchPage } from '../../../monitoring/audit/search/search.js';
import { membersOf, textOf, type Loose } from '../../../monitoring/audit/loose-body.js';
import type { StoredEntry } from '../../../monitoring/audit/stored-entry.js';
import type { LawOf } from '../../exports/laws.js';

/** An entry as the officers' interface shows it. */
interface ShownEntry extends EntryJson {
  /** Laws of the policies in it. */
  readonly laws: Readonly<Record<string, string>>;
}

/** A page of a search as the officers' interface shows it. */
export interface ShownPage extends Omit<SearchPage, 'entries' | 'next' | 'since' | 'compared'> {
  readonly entries: readonly ShownEntry[];
  readonly next: string | null;
  readonly since: string | null;
  readonly compared: Compared;
}

/** Returns a page with its entries as commands print them. */
export function pageOf({ entries, next, since, ...page }: ShownPage): SearchPage {
  return { ...page, entries: entries.map(entryOf), next: next ?? undefined, since: since ?? undefined };
}

/** Returns an entry as commands print it. Its bytes and salt stay where they are: what was parsed from them is shown. */
export function entryOf({ log, index, leafHash, intact, differences, entry: body }: EntryJson): StoredEntry {
  return { log, index, leafHash, intact, differences, body, bytes: Buffer.alloc(0), answerSalt: null };
}

/** Returns the laws that the interface named with these entries. */
export function lawsOf(entries: readonly ShownEntry[]): LawOf {
  const laws = new Map(
    entries.flatMap(({ entry, laws: named }) =>
      Object.entries(named).map(([policy, law]) => [keyOf(policy, policySetOf(entry)), law] as const),
    ),
  );
  return (policy, policySet) => laws.get(keyOf(policy, policySet));
}

const policySetOf = (body: EntryJson['entry']): string => textOf(membersOf(body as unknown as Loose)['policySet']);

const keyOf = (policy: string, policySet: string): string => `${policySet} ${policy}`;
