import type { StoredEntry } from '../../../monitoring/audit/stored-entry.js';

/** Returns an entry as commands print it with `--json`. */
export function asJson({ log, index, leafHash, intact, differences, body }: StoredEntry): object {
  return { log, index, leafHash, intact, changed: !intact || differences.length > 0, differences, entry: body };
}
