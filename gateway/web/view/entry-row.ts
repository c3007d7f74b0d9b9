import { membersOf } from '../../../monitoring/audit/loose-body.js';
import { decisionOf, type Decision } from '../../../monitoring/audit/search/counts.js';
import type { Language } from '../../../schemas/language.js';
import type { EntryView } from '../asking.js';

/** How an entry is tagged: its decision, or that it has none. */
export type EntryTag = Decision | 'asked' | 'alert' | 'other';

/** Colours of the tags (govuk-frontend). A tag always has its word too. */
const COLOURS: Readonly<Record<EntryTag, string>> = {
  answered: 'green',
  failed: 'pink',
  unknown: 'yellow',
  refused: 'red',
  act: 'purple',
  read: 'grey',
  asked: 'turquoise',
  alert: 'orange',
  other: 'blue',
};

/** An entry as a row of a list. */
export interface EntryRow {
  readonly at: string;
  readonly who: string;
  readonly sentence: string;
  readonly tag: EntryTag;
  readonly colour: string;
  readonly isChanged: boolean;
  readonly isNew: boolean;
  readonly href: string;
}

/** Returns an entry as a row. Everything in it is of its bytes. `seen`: entries after this time are new. */
export function entryRow(view: EntryView, language: Language, seen?: string): EntryRow {
  const { log, index, entry, sentence, changed } = view;
  const tag = tagOf(view);
  return {
    ...{ at: entry.at, who: whoOf(entry), sentence: sentence[language] },
    ...{ tag, colour: COLOURS[tag], isChanged: changed },
    isNew: seen !== undefined && entry.at > seen,
    href: entryPath(language, log, index),
  };
}

/** Returns the tag of an entry. */
export function tagOf({ entry }: Pick<EntryView, 'entry'>): EntryTag {
  const { kind, outcome } = entry;
  if (kind === 'intent') return 'asked';
  if (kind === 'alert') return 'alert';
  if (kind === 'audit_read_end') return 'read';
  return decisionOf(kind, typeof outcome === 'string' ? outcome : null) ?? 'other';
}

export const tagColour = (tag: EntryTag): string => COLOURS[tag];

/** Returns the address of the page of an entry. */
export function entryPath(language: Language, log: string, index: number): string {
  return `/${language}/entries/${log.slice(log.lastIndexOf('/') + 1)}/${index}`;
}

/** Returns agency, system and officer of an entry, as far as it names them. */
export function whoOf(entry: EntryView['entry']): string {
  const { agency, system, officer, actor } = entry.kind === 'refusals' ? membersOf(entry) : membersOf(entry['caller']);
  const person = typeof officer === 'string' ? officer : actor;
  return [agency, system, person].filter((one) => typeof one === 'string').join(' / ');
}
