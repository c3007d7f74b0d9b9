import { z } from 'zod';
import { asJson, type EntryJson } from '../../../monitoring/audit/entry-json.js';
import { sentenceOf } from '../../../monitoring/audit/catalogue/sentence-of.js';
import type { SearchPage } from '../../../monitoring/audit/search/search.js';
import type { StoredEntry } from '../../../monitoring/audit/stored-entry.js';
import { LANGUAGES, type Language } from '../../../schemas/language.js';
import { entryLaws } from '../../exports/entry-facts.js';
import type { LawOf } from '../../exports/laws.js';

/** Parts of answers that several routes of officers give, and their shape. */

/** An entry as officers get it. */
interface ShownEntry extends EntryJson {
  /** What happened, in one sentence of each language. Texts of callers stand in it as they are. */
  readonly sentence: Readonly<Record<Language, string>>;
  /** The law of each policy in it, by the id of the policy. */
  readonly laws: Readonly<Record<string, string>>;
}

/** Returns an entry as officers get it: from its bytes, with what differs from them. */
export function shownEntry(entry: StoredEntry, lawOf: LawOf): ShownEntry {
  const sentences = LANGUAGES.map((language) => [language, sentenceOf(entry.body, language)] as const);
  return {
    ...asJson(entry),
    sentence: Object.fromEntries(sentences) as Record<Language, string>,
    laws: entryLaws(entry, lawOf),
  };
}

export const entryAnswer = z
  .object({
    log: z.string(),
    index: z.int(),
    leafHash: z.string().describe('Stored leaf, hex.'),
    intact: z.boolean().describe('Whether the bytes hash to the stored leaf.'),
    changed: z.boolean().describe('Whether leaf, columns or rows differ from the bytes.'),
    differences: z.array(z.looseObject({})).describe('What differs, with the values of the bytes.'),
    entry: z
      .looseObject({ kind: z.string(), requestId: z.string(), at: z.string() })
      .describe('The bytes (audit-events.md).'),
    sentence: z.object({ kk: z.string(), ru: z.string(), en: z.string() }),
    laws: z.record(z.string(), z.string()).describe('The law of each policy in it, by the id of the policy.'),
  })
  .describe('One entry, shown from its bytes.');

/** Returns one entry with the bytes that it is shown from, so that a reader can hash them. */
export function wholeEntry(entry: StoredEntry, lawOf: LawOf): object {
  return { ...shownEntry(entry, lawOf), bytes: entry.bytes.toString('base64') };
}

export const wholeEntryAnswer = entryAnswer.extend({ bytes: z.string().describe('The stored bytes, base64.') });

const comparedAnswer = z
  .object({
    at: z.string().nullable().describe('Since when every row of every log was compared; null: a log has not been.'),
    logs: z.array(z.object({ log: z.string(), size: z.int(), through: z.int(), at: z.string().nullable() })),
    findings: z.array(z.object({ log: z.string(), index: z.int(), what: z.array(z.string()) })),
    found: z.int(),
  })
  .describe('How far rows were compared with their bytes. A changed column can hide a row from a search.');

export const statusAnswer = z.object({ compared: comparedAnswer });

/** Returns a page as officers get it. */
export function shownPage({ entries, next, since, ...page }: SearchPage, lawOf: LawOf): object {
  const shown = entries.map((entry) => shownEntry(entry, lawOf));
  return { ...page, next: next ?? null, since: since ?? null, entries: shown };
}

export const pageAnswer = z.object({
  searchId: z.string().describe('Id of this search. Its entries are of this request.'),
  entries: z.array(entryAnswer).describe('Newest first.'),
  ended: z
    .enum(['complete', 'limit', 'time'])
    .describe('complete: there are no more; limit: there may be more; time: the time limit ended the search.'),
  next: z.string().nullable().describe('Goes on after this page, as member after; null: there are no more.'),
  since: z.string().nullable().describe('From which time it looked; null: from the first entry.'),
  isDefaultRange: z.boolean().describe('Whether since is the default of 30 days.'),
  compared: comparedAnswer,
});
