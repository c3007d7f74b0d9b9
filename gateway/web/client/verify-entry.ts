import { fromBase64, toBase64 } from '../../../monitoring/audit/tree/base64.js';
import {
  checkEntry,
  type EntryVerification,
  type KeptCheckpoint,
} from '../../../monitoring/audit/verify/check-entry.js';
import type { EvidenceData } from '../pages/evidence.js';
import { withAwaited } from './awaited.js';
import { browserCrypto } from './browser-crypto.js';

/** What a page says of an entry. */
export interface ShownEntry {
  readonly log: string;
  readonly index: number;
  /** Hex. */
  readonly leafHash: string;
  /** Base64. */
  readonly bytes: string;
}

/** What a browser keeps: texts by name (`localStorage`). */
export type Kept = Pick<Map<string, string>, 'get'> & { readonly set: (name: string, value: string) => unknown };

/** Result of a verification. */
export interface VerifiedEntry extends EntryVerification {
  /** Whether the browser had kept a checkpoint of this log. */
  readonly hadKept: boolean;
}

/**
 * Verifies an entry as the command line does, with its code. Resolves with undefined if no checkpoint reaches the entry yet.
 * Keeps the checkpoint if everything holds.
 *
 * @param fetchEvidence asks for the evidence, given the size of the kept checkpoint.
 */
export async function verifyEntry(
  { bytes, ...place }: ShownEntry,
  fetchEvidence: (oldSize: number) => Promise<EvidenceData>,
  browser: Kept,
): Promise<VerifiedEntry | undefined> {
  const name = `tereze checkpoint ${place.log}`;
  const kept = parseKept(browser.get(name));
  const { keys, evidence } = await fetchEvidence(kept?.size ?? 0);
  if (evidence === null) return undefined;
  const growth = evidence.growth.map((hash) => fromBase64(hash) ?? new Uint8Array(0));
  const entry = fromBase64(bytes) ?? new Uint8Array(0);
  const result = await withAwaited((ask) =>
    checkEntry({ ...place, entry, proof: evidence.proof, kept, growth }, browserCrypto(ask, keys)),
  );
  const { checkpoint } = result;
  if (checkpoint !== undefined)
    browser.set(name, JSON.stringify({ size: checkpoint.size, root: toBase64(checkpoint.root) }));
  return { ...result, hadKept: kept !== undefined };
}

/** What no one but this page wrote; something else counts as nothing kept. */
function parseKept(text: string | undefined): KeptCheckpoint | undefined {
  try {
    const { size, root } = JSON.parse(text ?? '{}') as { readonly size?: unknown; readonly root?: unknown };
    const bytes = typeof root === 'string' ? fromBase64(root) : undefined;
    return Number.isSafeInteger(size) && Number(size) > 0 && bytes?.length === 32
      ? { size: Number(size), root: bytes }
      : undefined;
  } catch {
    return undefined;
  }
}
