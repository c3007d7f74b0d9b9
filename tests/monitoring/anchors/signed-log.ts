import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { CheckpointToProve } from '../../../monitoring/anchors/anchor.js';
import { formatCheckpoint } from '../../../monitoring/audit/tree/checkpoint.js';
import { createNoteSigner, signNote } from '../../../monitoring/audit/tree/note.js';
import { plainConsistency, plainRoot } from '../audit/tree/plain-tree.js';

export const ORIGIN = 'log.example.kz/tereze/0';

/** A log in memory whose leaves are numbers, with its key. Another `history` has other leaves from the first on. */
export class SignedLog {
  readonly privateKey: KeyObject;
  readonly #history: number;

  constructor(history = 0, privateKey = generateKeyPairSync('ed25519').privateKey) {
    this.#history = history;
    this.privateKey = privateKey;
  }

  get verifierKey(): string {
    return createNoteSigner(ORIGIN, this.privateKey).verifierKey;
  }

  /** Returns its checkpoint at a size. */
  at(size: number): CheckpointToProve {
    const leaves = this.#leaves(size);
    const text = formatCheckpoint({ origin: ORIGIN, size, root: plainRoot(leaves) });
    return {
      logId: 'tereze/0',
      size,
      note: signNote(text, [createNoteSigner(ORIGIN, this.privateKey)]),
      consistencyFrom: async (oldSize) => plainConsistency(oldSize, leaves),
    };
  }

  #leaves(size: number): readonly Buffer[] {
    return Array.from({ length: size }, (_, at) => {
      const leaf = Buffer.alloc(32);
      leaf.writeUInt32BE(at);
      leaf.writeUInt32BE(this.#history, 4);
      return leaf;
    });
  }
}
