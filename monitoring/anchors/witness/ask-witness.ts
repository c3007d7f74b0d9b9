import type { HttpConnections, HttpResponse } from '../../../schemas/ports/http-client.js';
import { SqlFailure } from '../../../schemas/ports/sql.js';
import { toBase64 } from '../../audit/tree/base64.js';
import { parseDecimal } from '../../audit/tree/checkpoint.js';
import { parseNote, type NoteSignature } from '../../audit/tree/note-text.js';
import { AnchorFailure, type AnchorFailureReason, type CheckpointToProve } from '../anchor.js';
import { mediaTypeOf, postOutside } from '../post.js';

export interface AskedWitness {
  /** Submission prefix. */
  readonly url: URL;
  readonly timeoutMs: number;
  readonly connections: HttpConnections;
}

/** The most lines of a consistency proof (C2SP tlog-witness v1.0.0, add-checkpoint). */
const MOST_PROOF_LINES = 63;

/**
 * Asks a witness to cosign a checkpoint (C2SP tlog-witness v1.0.0, add-checkpoint). `oldSize` is the size of the
 * checkpoint that it is thought to have cosigned last; if it says another one, it is asked once more from there. Resolves
 * with the signatures that it returned, which are not checked yet. Rejects with {@link AnchorFailure}.
 */
export async function askWitness(
  witness: AskedWitness,
  checkpoint: CheckpointToProve,
  oldSize: number,
): Promise<readonly NoteSignature[]> {
  const first = await addCheckpoint(witness, checkpoint, oldSize);
  if (first.status !== 409) return signaturesOf(first, checkpoint);
  const seen = sizeSeen(first);
  if (seen > checkpoint.size) throw new AnchorFailure('witness_ahead');
  const second = await addCheckpoint(witness, checkpoint, seen);
  // Someone else's checkpoint of this log came between. There is another round.
  if (second.status === 409) throw new AnchorFailure(sizeSeen(second) > checkpoint.size ? 'witness_ahead' : 'refused');
  return signaturesOf(second, checkpoint);
}

async function addCheckpoint(
  { url, timeoutMs, connections }: AskedWitness,
  { note, consistencyFrom }: CheckpointToProve,
  oldSize: number,
): Promise<HttpResponse> {
  const proof = oldSize === 0 ? [] : await consistencyFrom(oldSize).catch(failedToProve);
  if (proof.length > MOST_PROOF_LINES) throw new AnchorFailure('inconsistent');
  const lines = proof.map((hash) => `${toBase64(hash)}\n`).join('');
  return postOutside(connections, {
    url: new URL(`${url.href.replace(/\/$/, '')}/add-checkpoint`),
    type: 'text/plain; charset=utf-8',
    body: `old ${oldSize}\n${lines}\n${note}`,
    timeoutMs,
  });
}

/** A database that cannot be asked says nothing of the log. */
function failedToProve(cause: unknown): never {
  throw cause instanceof SqlFailure ? cause : new AnchorFailure('inconsistent', cause);
}

function sizeSeen(response: HttpResponse): number {
  const [, digits] = /^([0-9]+)\n$/.exec(response.body.toString('latin1')) ?? [];
  const size = mediaTypeOf(response) === 'text/x.tlog.size' ? parseDecimal(digits ?? '') : undefined;
  if (size === undefined) throw new AnchorFailure('malformed');
  return size;
}

function signaturesOf({ status, body }: HttpResponse, { note }: CheckpointToProve): readonly NoteSignature[] {
  if (status !== 200) throw new AnchorFailure(REASONS.get(status) ?? 'refused');
  const before = parseNote(note)?.signatures.length ?? 0;
  const signatures = parseNote(`${note}${body.toString('utf8')}`)?.signatures.slice(before);
  if (signatures === undefined || signatures.length === 0) throw new AnchorFailure('malformed');
  return signatures;
}

const REASONS: ReadonlyMap<number, AnchorFailureReason> = new Map([
  [404, 'log_unknown'],
  [403, 'key_unknown'],
  [422, 'inconsistent'],
]);
