import type { Compared } from '../../../monitoring/audit/rederive/compared.js';
import type { SearchPage } from '../../../monitoring/audit/search/search.js';
import type { StoredEntry } from '../../../monitoring/audit/stored-entry.js';
import { sentenceOf } from '../../../monitoring/audit/catalogue/sentence-of.js';
import type { Language } from '../../../schemas/language.js';
import { entryFacts, type DisclosedFacts } from '../../exports/entry-facts.js';
import { asJson } from '../../../monitoring/audit/entry-json.js';
import type { LawOf } from '../../exports/laws.js';

/** How a page is printed. */
export const LIST_FORMATS = ['text', 'json', 'csv'] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

/**
 * Returns a line an entry, and below it its sentence in this language, and basis, law, policies, nexus and consents of what
 * was disclosed.
 */
export function entriesAsText(entries: readonly StoredEntry[], lawOf: LawOf, language: Language): string {
  return entries.length === 0 ? 'No entries.\n' : entries.map((entry) => entryText(entry, lawOf, language)).join('');
}

function entryText(entry: StoredEntry, lawOf: LawOf, language: Language): string {
  const { headline, who, officer, what, disclosed, withheld, changed } = entryFacts(entry, lawOf);
  const first = [
    entry.body.at,
    `${entry.log}/${entry.index}`.padEnd(14),
    headline.padEnd(28),
    officer === '' ? who : `${who} ${officer}`,
    what,
    changed.length === 0 ? '' : 'CHANGED',
  ];
  const lines = [
    first.join('  ').trimEnd(),
    `    ${sentenceOf(entry.body, language)}`,
    ...changed.map((text) => `    CHANGED: ${text}`),
    ...alike(disclosed).map((all) => `    ${disclosedText(all)}`),
    ...withheld.map((text) => `    withheld ${text}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Categories that were decided alike stand in one line. */
function alike(disclosed: readonly DisclosedFacts[]): readonly (readonly DisclosedFacts[])[] {
  const groups = new Map<string, DisclosedFacts[]>();
  for (const one of disclosed) {
    const key = JSON.stringify({ ...one, category: '' });
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function disclosedText(all: readonly DisclosedFacts[]): string {
  const [{ access, basis, nexus, answered, policies, laws, consents, people } = NOTHING] = all;
  return [
    `${access} ${all.map(({ category }) => category).join(', ')}`,
    people === 0 ? '' : people === 1 ? '1 person' : `${people} people`,
    `basis ${basis}`,
    nexus === '' ? '' : `nexus ${nexus}${answered === '' ? '' : `, ${answered}`}`,
    policies.length === 0 ? '' : `policies ${policies.join(', ')}`,
    laws.length === 0 ? '' : `law: ${laws.join('; ')}`,
    consents.length === 0 ? '' : `consents ${consents.join(', ')}`,
  ]
    .filter((text) => text !== '')
    .join('; ');
}

const NOTHING: DisclosedFacts = {
  category: '',
  access: '',
  basis: '',
  nexus: '',
  answered: '',
  policies: [],
  laws: [],
  consents: [],
  people: 0,
};

/** Returns a page as one JSON document. */
export function pageAsJson({ entries, ...page }: SearchPage): string {
  return `${JSON.stringify({ ...page, entries: entries.map(asJson) })}\n`;
}

/** Returns what a page says of itself: its range, how it ended and goes on, and since when rows were compared. */
export function aboutPage({ entries, ended, next, since, isDefaultRange, compared, searchId }: SearchPage): string {
  const ends = {
    complete: 'There are no more.',
    limit: `There are more: add --after ${next ?? ''}`,
    time: `NOT COMPLETE: the time limit ended the search. It goes on with --after ${next ?? ''}`,
  };
  return [
    `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}. ${ends[ended]}`,
    ...(since === undefined
      ? []
      : [`From ${since}${isDefaultRange ? ', the last 30 days: --since looks further back' : ''}.`]),
    aboutCompared(compared),
    `This search is recorded as ${searchId}.`,
    '',
  ].join('\n');
}

/** Returns up to which entry the rows of all logs were compared with their bytes, and what was found. */
export function aboutCompared({ logs, at, findings, found }: Compared): string {
  const upTo = logs.map(({ log, through }) => `${log}/${through - 1}`).join(', ');
  const all =
    at === null
      ? 'Not every row has been compared with its bytes yet: a changed row may be missing here.'
      : `Rows were compared with their bytes since ${at}, up to ${upTo}.`;
  if (found === 0) return `${all} No difference was found.`;
  const named = findings.slice(0, 10).map(({ log, index, what }) => `${log}/${index} (${what.join(', ')})`);
  return `${all} CHANGED ROWS: ${found}, the first are ${named.join(', ')}.`;
}
