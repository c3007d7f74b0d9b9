import { fromBase64 } from '../../monitoring/audit/tree/base64.js';
import { isConsistent } from '../../monitoring/audit/tree/check-proofs.js';
import { parseCheckpoint, parseDecimal, type Checkpoint } from '../../monitoring/audit/tree/checkpoint.js';
import { emptyRoot, nodeHash } from '../../monitoring/audit/tree/hashes.js';
import { openNote, type NoteVerifier } from '../../monitoring/audit/tree/open-note.js';
import { formatNote } from '../../monitoring/audit/tree/note-text.js';
import type { Cosigner } from '../../monitoring/anchors/witness/cosignature.js';

/** The last checkpoint that a witness cosigned of a log. */
export interface WitnessedTree {
  readonly size: number;
  /** Base64. */
  readonly root: string;
}

/** What a witness remembers, by origin. */
export interface WitnessMemory {
  read(origin: string): WitnessedTree | undefined;
  /** On disk when it returns. */
  keep(origin: string, tree: WitnessedTree): void;
}

export interface WitnessOptions {
  readonly cosigner: Cosigner;
  /** Returns the keys that may sign checkpoints of a log; none if it is unknown. */
  readonly keysOf: (origin: string) => readonly NoteVerifier[];
  readonly memory: WitnessMemory;
  readonly now: () => Date;
}

export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly contentType?: string;
  readonly body: string;
}

interface Submission {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  readonly note: string;
  readonly text: string;
  readonly checkpoint: Checkpoint;
}

/**
 * Answers one add-checkpoint (C2SP tlog-witness v1.0.0). It reads, compares and keeps what it has seen without a pause in
 * between, so that of two requests at once the second sees what the first has kept.
 */
export function addCheckpoint(body: string, { cosigner, keysOf, memory, now }: WitnessOptions): WitnessAnswer {
  const submission = parseSubmission(body);
  if (submission === undefined) return { status: 400, body: 'not an add-checkpoint request\n' };
  const { note, text, checkpoint, oldSize, proof } = submission;
  const { origin, size, root } = checkpoint;
  const keys = keysOf(origin);
  if (keys.length === 0) return { status: 404, body: 'unknown log\n' };
  if (typeof openNote(note, keys) === 'string') return { status: 403, body: 'no signature of a known key\n' };
  if (oldSize > size) return { status: 400, body: 'the old size is above that of the checkpoint\n' };
  const seen = memory.read(origin);
  if (oldSize !== (seen?.size ?? 0))
    return { status: 409, contentType: 'text/x.tlog.size', body: `${seen?.size ?? 0}\n` };
  if (!isGrown(seen, { size, root }, proof)) return { status: 422, body: 'not a tree that grew from the last one\n' };
  memory.keep(origin, { size, root: Buffer.from(root).toString('base64') });
  const signed = formatNote({ text, signatures: [cosigner.cosign(text, now())] });
  return { status: 200, body: signed.slice(text.length + 1) };
}

function isGrown(
  seen: WitnessedTree | undefined,
  { size, root }: Pick<Checkpoint, 'size' | 'root'>,
  proof: readonly Uint8Array[],
): boolean {
  if (size === 0 && Buffer.compare(root, emptyRoot()) !== 0) return false;
  if (seen === undefined || seen.size === 0) return proof.length === 0;
  const oldRoot = Buffer.from(seen.root, 'base64');
  return isConsistent({ oldSize: seen.size, oldRoot, newSize: size, newRoot: root, proof }, nodeHash);
}

const MOST_PROOF_LINES = 63;

function parseSubmission(body: string): Submission | undefined {
  const blank = body.indexOf('\n\n');
  if (blank === -1) return undefined;
  const [first = '', ...lines] = body.slice(0, blank).split('\n');
  const oldSize = first.startsWith('old ') ? parseDecimal(first.slice(4)) : undefined;
  const proof = lines.map(fromBase64);
  const note = body.slice(blank + 2);
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
  const checkpoint = parseCheckpoint(text);
  if (oldSize === undefined || checkpoint === undefined || lines.length > MOST_PROOF_LINES) return undefined;
  const hashes = proof.filter((hash) => hash?.length === 32);
  return hashes.length === lines.length
    ? { oldSize, proof: hashes.filter((hash) => hash !== undefined), note, text, checkpoint }
    : undefined;
}
