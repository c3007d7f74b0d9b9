import type { SqlExecutor } from '../../schemas/ports/sql.js';
import { numberOfLog } from '../audit/log-name.js';
import { parseCheckpoint } from '../audit/tree/checkpoint.js';
import { parseNote } from '../audit/tree/note-text.js';
import type { Fault } from '../audit/verify/fault.js';
import type { Anchor, AnchorFault, SignedCheckpoint } from './anchor.js';
import { readProofs, type ReadProof } from './stored-anchors.js';

/** What the proofs of a log say. */
export interface VerifiedProofs {
  /** Proofs that hold. */
  readonly proofs: number;
  /** The first that does not. */
  readonly fault?: Fault;
}

/**
 * Checks the stored proofs of a log, for checkpoints of sizes from `from` to `size`: each proves a stored checkpoint of
 * this log, at that size, to those that the configuration trusts. Whether the entries have the root of that checkpoint is
 * for the verification of the entries. Rejects if the database cannot be read.
 */
export async function verifyProofs(
  sql: SqlExecutor,
  anchors: readonly Anchor[],
  { log, from, size }: { readonly log: string; readonly from: number; readonly size: number },
): Promise<VerifiedProofs> {
  let proofs = 0;
  for await (const stored of readProofs(sql, log, { from, to: Number.MAX_SAFE_INTEGER })) {
    // What was appended and proven meanwhile is left to the next verification.
    if (stored.size > size && stored.checkpoint !== undefined) continue;
    const text = await problemOf(stored, anchors);
    if (text !== undefined)
      return { proofs, fault: { kind: 'anchor', index: stored.size, text: `the proof of ${stored.name} ${text}` } };
    proofs += 1;
  }
  return { proofs };
}

async function problemOf(
  { checkpoint, name, kind, proof }: ReadProof,
  anchors: readonly Anchor[],
): Promise<string | undefined> {
  if (checkpoint === undefined) return 'proves no checkpoint that is stored';
  if (!isOfItsPlace(checkpoint)) return 'is of a checkpoint of another log or size';
  const anchor = anchors.find((one) => one.name === name && one.kind === kind);
  if (anchor === undefined) return 'is of no anchor that the configuration names; keep those of before as retired';
  const checked = await anchor.check(checkpoint, proof);
  return typeof checked === 'string' ? PROBLEMS[checked] : undefined;
}

/** Whether the text of a checkpoint says the log and the size under which it is stored. */
function isOfItsPlace({ logId, size, note }: SignedCheckpoint): boolean {
  const stated = parseCheckpoint(parseNote(note)?.text ?? '');
  return stated?.size === size && numberOfLog(stated.origin) === numberOfLog(logId);
}

const PROBLEMS: Readonly<Record<AnchorFault, string>> = {
  malformed: 'is malformed',
  other_checkpoint: 'is of another checkpoint',
  nonce: 'answers another request',
  policy: 'was made under another policy',
  signature: 'has a wrong signature',
  signer: 'was signed by one who may not sign it',
  untrusted_signer: 'was signed by one who is not trusted',
  time: 'has a time that cannot be',
  quorum: 'was signed by too few witnesses',
};
