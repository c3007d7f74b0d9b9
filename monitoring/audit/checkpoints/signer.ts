import type { Observer } from '../../../schemas/ports/observer.js';
import type { Sql } from '../../../schemas/ports/sql.js';
import { numberOfLog } from '../log-name.js';
import { areEqual, isConsistent } from '../tree/check-proofs.js';
import { formatCheckpoint } from '../tree/checkpoint.js';
import { rootOf } from '../tree/frontier.js';
import { nodeHash } from '../tree/hashes.js';
import { frontierOfEdge } from '../tree/log-tree.js';
import { signNote } from '../tree/note.js';
import { proveConsistency } from '../tree/proofs.js';
import { readEdge, storedTiles, TreeDiffers } from '../tree/stored-tree.js';
import { nodesFromTiles } from '../tree/tile-nodes.js';
import { KeyFailure, type CheckpointKeys } from './keys.js';
import {
  claimSigner,
  readGrownLogs,
  releaseSigner,
  reserveCheckpoint,
  storeNote,
  type GrownLog,
  type SignerClaim,
} from './stored-checkpoints.js';

export interface SignerOptions {
  readonly sql: Sql;
  readonly observer: Observer;
  readonly keys: CheckpointKeys;
  /** `log.example.kz/tereze`: the checkpoints of log 3 have the origin `log.example.kz/tereze/3`. */
  readonly origin: string;
  /** Identifies this process among replicas. */
  readonly holder: string;
  /** Least time between two checkpoints of a log, in milliseconds. */
  readonly everyMs: number;
  /** Time after which another process may sign if this one does not go on, in milliseconds. */
  readonly leaseMs: number;
  /** Whether the database may be believed: none is signed of one that went back in time. */
  readonly isStateCurrent: () => boolean;
}

/** How often it is looked which logs have grown, in milliseconds. */
const LOOK_MS = 500;

/**
 * Signs checkpoints of the logs that have grown (C2SP tlog-checkpoint v1.0.0). Any replica may; one at a time does.
 *
 * Of each log: reads the committed head, checks that it continues the last checkpoint, stores size and root, and only
 * when that has committed signs and stores the note. So what was signed is in the database, on its synchronous
 * standbys too, before anyone can see it. A crash after the first write leaves a row without a note, which the next
 * round signs as it is. A head that does not continue the last checkpoint is reported and never signed.
 */
export class CheckpointSigner {
  readonly #options: SignerOptions;
  readonly #refused = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #lastFailure: string | undefined;

  constructor(options: SignerOptions) {
    this.#options = options;
  }

  /** Begins to sign, and goes on until `close`. Rejects with `KeyFailure` if no key can be used. */
  async start(): Promise<void> {
    await this.#options.keys.signers(`${this.#options.origin}/0`);
    this.#timer = setInterval(() => void this.#tick(), LOOK_MS);
    this.#timer.unref();
  }

  /** Signs what has grown. Rejects if the database or a key cannot be used. */
  async signGrown(): Promise<void> {
    const { sql, everyMs, isStateCurrent } = this.#options;
    if (!isStateCurrent()) return;
    const claim = await claimSigner(sql, this.#options);
    if (claim === undefined) return;
    for (const log of await readGrownLogs(sql, everyMs)) await this.#sign(claim, log);
  }

  /** Signs a last time, and gives the right to sign to the others. Never rejects. */
  async close(): Promise<void> {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    await this.#running;
    await this.#tick();
    await releaseSigner(this.#options.sql, this.#options.holder).catch(() => undefined);
  }

  #tick(): Promise<void> {
    return (this.#running ??= this.#round().finally(() => (this.#running = undefined)));
  }

  async #round(): Promise<void> {
    try {
      await this.signGrown();
      this.#lastFailure = undefined;
    } catch (error) {
      const reason = error instanceof KeyFailure ? error.code : 'database';
      if (reason !== this.#lastFailure) this.#options.observer.log('error', 'audit_checkpoints_not_signed', { reason });
      this.#lastFailure = reason;
    }
  }

  async #sign(claim: SignerClaim, log: GrownLog): Promise<void> {
    const { sql } = this.#options;
    const { last } = log;
    // Reserved by a round that did not end. It is signed before anything else.
    if (last !== undefined && !last.isSigned) return this.#note(log.logId, last);
    if (!(await this.#continues(log))) return;
    if (await reserveCheckpoint(sql, claim, log)) await this.#note(log.logId, log);
  }

  async #note(logId: string, { size, root }: { readonly size: number; readonly root: Uint8Array }): Promise<void> {
    const { sql, keys, origin } = this.#options;
    const name = `${origin}/${numberOfLog(logId)}`;
    const note = signNote(formatCheckpoint({ origin: name, size, root }), await keys.signers(name));
    await storeNote(sql, { logId, size, note });
  }

  /** Whether the stored tree leads from the last checkpoint to the head. */
  async #continues({ logId, size, root, last }: GrownLog): Promise<boolean> {
    const { sql, observer } = this.#options;
    let isSound: boolean;
    try {
      if (last === undefined) {
        const frontier = frontierOfEdge(size, await readEdge(sql, logId, size));
        isSound = frontier !== undefined && areEqual(rootOf(frontier), root);
      } else {
        const sizes = { oldSize: last.size, newSize: size };
        const proof = await proveConsistency(nodesFromTiles(storedTiles(sql, logId)), sizes);
        isSound = isConsistent({ ...sizes, oldRoot: last.root, newRoot: root, proof }, nodeHash);
      }
    } catch (error) {
      if (!(error instanceof TreeDiffers)) throw error;
      isSound = false;
    }
    if (!isSound && !this.#refused.has(logId)) observer.log('error', 'audit_checkpoint_refused', { log: logId, size });
    if (isSound) this.#refused.delete(logId);
    else this.#refused.add(logId);
    return isSound;
  }
}
