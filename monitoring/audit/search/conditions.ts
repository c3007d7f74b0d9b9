import { REFUSED, type SearchFilter } from './filter.js';

/** Columns that are compared for equality, by filter. */
export const EQUAL = {
  agency: 'agency',
  system: 'system',
  purpose: 'purpose',
  case: 'case_number',
  kind: 'kind',
  code: 'code',
  operation: 'operation',
  request: 'request_id',
  log: 'log_id',
  model: 'model',
} as const satisfies Partial<Record<keyof SearchFilter, string>>;

/** Filters of which entries of versions 1 to 3 have no column, by the condition for a value. */
const EARLIER = {
  officer: (value: string) => `e.officer = ${value}`,
  register: (value: string) => `${value} = ANY (e.registers)`,
  category: (value: string) => `${value} = ANY (e.categories)`,
} as const satisfies Partial<Record<keyof SearchFilter, (value: string) => string>>;

/**
 * Returns what a row `e` of `audit_entry` must be to fit a filter, but for its time and its people; `place` takes the
 * values. The text is the same for every filter: what a filter does not state has no value, and is no condition.
 */
export function conditions(filter: SearchFilter, place: (value: unknown) => string): readonly string[] {
  const stated = (value: string | undefined, condition: (placed: string) => string): string => {
    const placed = `${place(value ?? null)}::text`;
    return `(${placed} IS NULL OR ${condition(placed)})`;
  };
  return [
    ...Object.entries(EQUAL).map(([name, column]) =>
      stated(filter[name as keyof typeof EQUAL], (value) => `e.${column} = ${value}`),
    ),
    stated(
      filter.outcome,
      (value) =>
        `CASE WHEN ${value} = '${REFUSED}' THEN e.kind IN ('refusal', 'refusals') ELSE e.outcome = ${value} END`,
    ),
    stated(filter.document, (value) => `${value} IN (e.document_name, e.document_hash)`),
    ...Object.entries(EARLIER).map(([name, condition]) => {
      const wanted = filter[name as keyof typeof EARLIER];
      return stated(wanted, (value) => earlier(condition(value), wanted, place));
    }),
  ];
}

/**
 * Entries of versions 1 to 3 have no such column. Their bytes are looked through for the word as a JSON text, which finds
 * every entry that fits and may find more: `fits` looks at these again.
 */
function earlier(condition: string, word: string | undefined, place: (value: unknown) => string): string {
  const text = `${place(word === undefined ? null : Buffer.from(JSON.stringify(word)))}::bytea`;
  return `CASE WHEN e.categories IS NULL THEN position(${text} IN e.entry) > 0 ELSE ${condition} END`;
}
