import {
  AnchorFailure,
  type Anchor,
  type AnchorFailureReason,
  type CheckpointToProve,
} from '../../../monitoring/anchors/anchor.js';

/** An anchor whose proofs are the text of the checkpoint, and that can be told to fail. */
export class FakeAnchor implements Anchor {
  readonly kind = 'timestamp';
  readonly name: string;
  readonly asked: string[] = [];
  /** For all logs, or by log. */
  failing: AnchorFailureReason | Readonly<Record<string, AnchorFailureReason>> | undefined;
  /** Proofs wait for it. */
  gate: Promise<void> = Promise.resolve();
  checks = 0;

  constructor(name = 'authority') {
    this.name = name;
  }

  async prove(checkpoint: CheckpointToProve): Promise<Uint8Array> {
    this.asked.push(`${checkpoint.logId}/${checkpoint.size}`);
    await this.gate;
    const reason = typeof this.failing === 'object' ? this.failing[checkpoint.logId] : this.failing;
    if (reason !== undefined) throw new AnchorFailure(reason);
    await checkpoint.consistencyFrom(1);
    return Buffer.from(checkpoint.note);
  }

  async check(
    { note }: { readonly note: string },
    proof: Uint8Array,
  ): Promise<{ provenAt: Date } | 'other_checkpoint'> {
    this.checks += 1;
    return note === Buffer.from(proof).toString() ? { provenAt: new Date(0) } : 'other_checkpoint';
  }

  close(): void {}
}
