import type { Compared } from '../../../monitoring/audit/rederive/compared.js';
import type { SearchPage } from '../../../monitoring/audit/search/search.js';
import type { StoredEntry } from '../../../monitoring/audit/stored-entry.js';
import { sentenceOf } from '../../../monitoring/audit/catalogue/sentence-of.js';
import type { Language } from '../../../schemas/language.js';
import { columnsOf } from '../../../monitoring/audit/beside/columns.js';
import { csvRecord } from '../../../monitoring/export/csv.js';
import { entryFacts, type DisclosedFacts } from './entry-facts.js';
import { asJson } from '../../../monitoring/audit/entry-json.js';
import type { LawOf } from '../../officers/laws.js';

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

const CSV_HEAD = [
  ...['time', 'log', 'index', 'kind', 'outcome', 'code', 'agency', 'system', 'officer', 'model', 'purpose', 'case'],
  ...['document', 'operation', 'request', 'registers', 'categories', 'basis', 'law', 'policies', 'nexus', 'consents'],
  ...['withheld', 'people', 'changed'],
];

/** Returns entries as CSV with a head, a record an entry. Values are those of the bytes; several in one cell are apart by `; `. */
export function entriesAsCsv(entries: readonly StoredEntry[], lawOf: LawOf): string {
  return csvRecord(CSV_HEAD) + entries.map((entry) => entryAsCsv(entry, lawOf)).join('');
}

/** Returns the record of one entry, without the head. */
export function entryAsCsv(entry: StoredEntry, lawOf: LawOf): string {
  return csvRecord(cellsOf(entry, lawOf));
}

function cellsOf(entry: StoredEntry, lawOf: LawOf): readonly (string | number | null)[] {
  const { log, index, body } = entry;
  const { disclosed, withheld, changed } = entryFacts(entry, lawOf);
  const all = (of: (one: DisclosedFacts) => readonly string[]): string =>
    [...new Set(disclosed.flatMap(of))].filter((text) => text !== '').join('; ');
  const rest = [
    all(({ basis }) => [basis]),
    all(({ laws }) => laws),
    all(({ policies }) => policies),
    all(({ nexus }) => [nexus]),
    all(({ consents }) => consents),
    withheld.join('; '),
    'subjects' in body && Array.isArray(body.subjects) ? body.subjects.length : 0,
    changed.join('; '),
  ];
  if (body.kind === 'unreadable')
    return [body.at, log, index, body.kind, ...Array<null>(10).fill(null), body.requestId, null, null, ...rest];
  const { kind, outcome, code, agency, system, officer, model, purpose, ...columns } = columnsOf(body);
  const { caseNumber, documentName, operation, requestId, registers, categories } = columns;
  return [
    ...[body.at, log, index, kind, outcome, code, agency, system, officer, model, purpose, caseNumber],
    ...[documentName, operation, requestId, registers.join('; '), categories.join('; ')],
    ...rest,
  ];
}

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
