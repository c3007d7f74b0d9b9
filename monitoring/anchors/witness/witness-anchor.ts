import type { Clock } from '../../../schemas/ports/clock.js';
import type { HttpConnections } from '../../../schemas/ports/http-client.js';
import { parseCheckpoint } from '../../audit/tree/checkpoint.js';
import { openNote } from '../../audit/tree/open-note.js';
import { formatNote, parseNote, type NoteSignature } from '../../audit/tree/note-text.js';
import {
  AnchorFailure,
  type Anchor,
  type AnchorFailureReason,
  type AnchorFault,
  type CheckedProof,
  type CheckpointToProve,
  type SignedCheckpoint,
} from '../anchor.js';
import { askWitness } from './ask-witness.js';
import type { PolicyWitness, WitnessPolicy } from './policy.js';

export interface WitnessAnchorOptions {
  readonly name: string;
  readonly policy: WitnessPolicy;
  /** Limit of one request, in milliseconds. */
  readonly timeoutMs: number;
  readonly connections: HttpConnections;
  readonly clock: Clock;
  /** Called for each witness that gave no cosignature. */
  readonly onWitnessFailed: (witness: string, reason: AnchorFailureReason) => void;
}

/** How far the clock of a witness may be ahead of ours, in milliseconds. */
const TOLERANCE_MS = 300_000;

interface Cosignature {
  readonly witness: string;
  readonly line: NoteSignature;
  readonly at: Date;
}

/**
 * Cosignatures of witnesses (C2SP tlog-witness v1.0.0, tlog-cosignature v1), as many as a policy demands. The proof is the
 * checkpoint with the cosignatures below its own signatures: who has the policy file can check it.
 */
export class WitnessAnchor implements Anchor {
  readonly kind = 'witness';
  readonly name: string;
  readonly #options: WitnessAnchorOptions;
  /** Size of the checkpoint that a witness is known to have cosigned last, by witness and log. A guess: the witness says. */
  readonly #seen = new Map<string, number>();

  constructor(options: WitnessAnchorOptions) {
    this.name = options.name;
    this.#options = options;
  }

  async prove(checkpoint: CheckpointToProve): Promise<Uint8Array> {
    const note = parseNote(checkpoint.note);
    if (note === undefined) throw new AnchorFailure('other_checkpoint');
    const { policy } = this.#options;
    if (!isLogOfPolicy(checkpoint.note, policy)) throw new AnchorFailure('policy');
    const asked = policy.witnesses.flatMap((witness) =>
      witness.url === undefined ? [] : [this.#cosigned(witness, witness.url, checkpoint, note.text)],
    );
    const answers = await Promise.all(asked);
    const cosignatures = answers.flatMap((answer) => ('reason' in answer ? [] : answer.cosignatures));
    if (!policy.isQuorum(new Set(cosignatures.map(({ witness }) => witness)))) throw new AnchorFailure(whyNot(answers));
    const proof = formatNote({ ...note, signatures: [...note.signatures, ...cosignatures.map(({ line }) => line)] });
    return Buffer.from(proof, 'utf8');
  }

  async check({ note }: SignedCheckpoint, proof: Uint8Array): Promise<CheckedProof | AnchorFault> {
    const given = parseNote(note);
    const proven = parseNote(Buffer.from(proof).toString('utf8'));
    if (given === undefined || proven === undefined) return 'malformed';
    // Not only the same text: the signatures of the log are a part of the checkpoint.
    const own = proven.signatures.slice(0, given.signatures.length);
    if (formatNote({ text: proven.text, signatures: own }) !== note) return 'other_checkpoint';
    if (!isLogOfPolicy(note, this.#options.policy)) return 'policy';
    const cosignatures = this.#cosignaturesIn(given.text, proven.signatures.slice(own.length));
    return typeof cosignatures === 'string' ? cosignatures : this.#quorumOf(cosignatures);
  }

  close(): void {
    this.#options.connections.close();
  }

  async #cosigned(
    witness: PolicyWitness,
    url: URL,
    checkpoint: CheckpointToProve,
    text: string,
  ): Promise<{ readonly cosignatures: readonly Cosignature[] } | { readonly reason: AnchorFailureReason }> {
    const { timeoutMs, connections, onWitnessFailed } = this.#options;
    const key = `${witness.name} ${checkpoint.logId}`;
    try {
      const oldSize = Math.min(this.#seen.get(key) ?? 0, checkpoint.size);
      const lines = await askWitness({ url, timeoutMs, connections }, checkpoint, oldSize);
      const cosignatures = this.#cosignaturesIn(text, lines);
      if (typeof cosignatures === 'string') throw new AnchorFailure(cosignatures);
      const own = cosignatures.filter(({ witness: name }) => name === witness.name);
      if (own.length === 0) throw new AnchorFailure('signer');
      this.#seen.set(key, checkpoint.size);
      return { cosignatures: own };
    } catch (error) {
      if (!(error instanceof AnchorFailure)) throw error;
      onWitnessFailed(witness.name, error.reason);
      return { reason: error.reason };
    }
  }

  /** Returns the signatures of witnesses of the policy. Those of unknown keys are left out; a wrong one of a known key is a fault. */
  #cosignaturesIn(text: string, lines: readonly NoteSignature[]): readonly Cosignature[] | AnchorFault {
    const { policy, clock } = this.#options;
    const cosignatures: Cosignature[] = [];
    for (const line of lines) {
      const known = policy.witnesses.find(
        ({ verifier }) => verifier.name === line.name && verifier.keyId === line.keyId,
      );
      if (known === undefined) continue;
      const at = known.verifier.cosignedAt(text, line.signature);
      if (at === undefined) return 'signature';
      if (at.getTime() > clock.now().getTime() + TOLERANCE_MS) return 'time';
      cosignatures.push({ witness: known.name, line, at });
    }
    return cosignatures;
  }

  #quorumOf(cosignatures: readonly Cosignature[]): CheckedProof | AnchorFault {
    const signed = new Set<string>();
    for (const { witness, at } of [...cosignatures].sort((one, other) => one.at.getTime() - other.at.getTime())) {
      signed.add(witness);
      if (this.#options.policy.isQuorum(signed)) return { provenAt: at };
    }
    return 'quorum';
  }
}

/** Whether one of the policy's logs signed a checkpoint. A policy that names none leaves that to us. */
function isLogOfPolicy(note: string, { logs }: WitnessPolicy): boolean {
  if (logs.length === 0) return true;
  const opened = openNote(note, logs);
  if (typeof opened === 'string') return false;
  const origin = parseCheckpoint(opened.text)?.origin;
  return opened.verifiers.some(({ name }) => name === origin);
}

/** The reason that all witnesses share, or that too few signed. */
function whyNot(answers: readonly ({ readonly reason: AnchorFailureReason } | object)[]): AnchorFailureReason {
  const reasons = new Set(answers.map((answer) => ('reason' in answer ? answer.reason : 'quorum')));
  const [only] = reasons;
  return reasons.size === 1 && only !== undefined ? only : 'quorum';
}
