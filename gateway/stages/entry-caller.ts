import type { EntryCaller } from '../../monitoring/audit/entries.js';
import type { Caller } from '../../schemas/vocabulary.js';

/** The caller as it stands in entries. A citizen is a subject there, never named as a caller. */
export function entryCaller({ agency, system, kind, officer }: Caller): EntryCaller {
  return { agency: agency?.id ?? null, system, kind, officer: officer ?? null };
}
