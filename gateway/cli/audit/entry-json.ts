import type { StoredEntry } from '../../../monitoring/audit/stored-entry.js';

/** Returns an entry as commands print it with `--json`. */
export function asJson({ log, index, leafHash, intact, body }: StoredEntry): object {
  return { log, index, leafHash, intact, entry: body };
}
