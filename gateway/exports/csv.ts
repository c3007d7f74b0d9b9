import { columnsOf } from '../../monitoring/audit/beside/columns.js';
import type { StoredEntry } from '../../monitoring/audit/stored-entry.js';
import { csvRecord } from '../../monitoring/export/csv.js';
import { entryFacts, type DisclosedFacts } from './entry-facts.js';
import type { LawOf } from './laws.js';

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
