import type { StoredEntry } from '../stored-entry.js';

/**
 * Returns whether an entry is one of this agency: its caller belongs to the agency. The bytes decide, so that a changed
 * column shows an officer nothing of another agency. Bytes that cannot be read belong to no agency.
 */
export function isOfAgency({ body }: Pick<StoredEntry, 'body'>, agency: string): boolean {
  return 'caller' in body && body.caller.agency === agency;
}
