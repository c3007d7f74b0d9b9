import type { StoredEntry } from './stored-entry.js';

/** An entry in the form in which commands print it and officers get it. */
export interface EntryJson extends Pick<StoredEntry, 'log' | 'index' | 'leafHash' | 'intact' | 'differences'> {
  /** Whether columns, rows or leaf differ from the bytes. */
  readonly changed: boolean;
  /** The bytes, parsed. */
  readonly entry: StoredEntry['body'];
}

/** Returns an entry in that form. */
export function asJson({ log, index, leafHash, intact, differences, body }: StoredEntry): EntryJson {
  return { log, index, leafHash, intact, changed: !intact || differences.length > 0, differences, entry: body };
}
