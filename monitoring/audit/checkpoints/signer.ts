import type { Clock } from '../../../schemas/ports/clock.js';
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
import type { OutsideCheckpoint, OutsideCheckpoints } from './outside.js';
import {
  claimSigner,
  readGrownLogs,
  readUncoveredLogs,
  releaseSigner,
  reserveCheckpoint,
  storeNote,
  type GrownLog,
  type SignerClaim,
} from './stored-checkpoints.js';

export interface SignerOptions {
  readonly sql: Sql;
  readonly clock: Pick<Clock, 'monotonic'>;
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
  /** Keeps the last checkpoints outside the database. Undefined if nothing is kept there. */
  readonly outside?: OutsideCheckpoints | undefined;
}

/** How often it is looked which logs have grown, in milliseconds. */
const LOOK_MS = 500;

/** The last checkpoints could not be kept outside the database, so nothing was signed. */
class NotKeptOutside extends Error {}

/** A checkpoint that is stored and not signed yet. */
interface Reserved {
  readonly logId: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * Signs checkpoints of the logs that have grown (C2SP tlog-checkpoint v1.0.0). Any replica may; one at a time does.
 *
 * Of each log: reads the committed head, checks that it continues the last checkpoint, that of the database and that kept
 * outside, and stores size and root. When that has committed, it is in the database and on its synchronous standbys, and
 * so is all that the head holds. Then it is kept outside, with Trust's head, and only then signed; the note is stored, and
 * read by others from there. A crash after the first write leaves a row without a note, which the next round signs as it
 * is. A head that does not continue the last checkpoint is reported and never signed.
 */
export class CheckpointSigner {
  readonly #options: SignerOptions;
  readonly #refused = new Set<string>();
  /** Since when each log has entries that no checkpoint holds, as far as this process has seen. */
  readonly #uncovered = new Map<string, number>();
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
    const reserved: Reserved[] = [];
    for (const log of await readGrownLogs(sql, everyMs)) {
      const one = await this.#reserve(claim, log);
      if (one !== undefined) reserved.push(one);
    }
    if (reserved.length === 0) return;
    const isKept = await this.#options.outside?.keep(
      new Map(reserved.map(({ logId, size, root }) => [logId, { size, root: hexOf(root) }])),
    );
    if (isKept === false) throw new NotKeptOutside();
    // What another wrote outside meanwhile is known now.
    for (const one of reserved) if (this.#fitsOutside(one)) await this.#note(one);
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
    return (this.#running ??= this.look().finally(() => (this.#running = undefined)));
  }

  /** Signs what has grown, and reports why it could not. Never rejects. */
  async look(): Promise<void> {
    try {
      await this.signGrown();
      this.#lastFailure = undefined;
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== this.#lastFailure) this.#options.observer.log('error', 'audit_checkpoints_not_signed', { reason });
      this.#lastFailure = reason;
    }
    await this.#measure();
  }

  /** Reports for how long entries have waited for a checkpoint. While the database cannot be asked, they wait on. */
  async #measure(): Promise<void> {
    const { sql, clock, observer } = this.#options;
    const now = clock.monotonic();
    const logs = await readUncoveredLogs(sql).catch(() => [...this.#uncovered.keys()]);
    for (const log of this.#uncovered.keys()) if (!logs.includes(log)) this.#uncovered.delete(log);
    for (const log of logs) if (!this.#uncovered.has(log)) this.#uncovered.set(log, now);
    const lagMs = Math.max(0, ...[...this.#uncovered.values()].map((since) => now - since));
    observer.gauge('tereze_audit_checkpoint_lag_seconds', lagMs / 1_000);
  }

  /** Resolves with what is to be signed of a log, once it is stored; undefined if nothing is. */
  async #reserve(claim: SignerClaim, log: GrownLog): Promise<Reserved | undefined> {
    const { logId, last } = log;
    // Reserved by a round that did not end. It is signed before anything else.
    if (last !== undefined && !last.isSigned) {
      const reserved = { logId, size: last.size, root: last.root };
      return this.#fitsOutside(reserved) ? reserved : undefined;
    }
    if (!this.#judge(log, await this.#continues(log))) return undefined;
    return (await reserveCheckpoint(this.#options.sql, claim, log)) ? log : undefined;
  }

  /** Whether a stored checkpoint does not contradict the one that is kept outside. */
  #fitsOutside(one: Reserved): boolean {
    const kept = this.#options.outside?.last(one.logId);
    const fits =
      kept === undefined || kept.size < one.size || (kept.size === one.size && kept.root === hexOf(one.root));
    return this.#judge(one, fits && kept?.root !== null);
  }

  async #note({ logId, size, root }: Reserved): Promise<void> {
    const { sql, keys, origin } = this.#options;
    const name = `${origin}/${numberOfLog(logId)}`;
    const note = signNote(formatCheckpoint({ origin: name, size, root }), await keys.signers(name));
    await storeNote(sql, { logId, size, note });
  }

  /** Whether the stored tree leads from the last checkpoint, in the database and outside, to the head. */
  async #continues({ logId, size, root, last }: GrownLog): Promise<boolean> {
    const { sql, outside } = this.#options;
    try {
      const frontier = frontierOfEdge(size, await readEdge(sql, logId, size));
      if (frontier === undefined || !areEqual(rootOf(frontier), root)) return false;
      const earlier = [
        ...(last === undefined ? [] : [{ size: last.size, root: hexOf(last.root) }]),
        ...[outside?.last(logId)].filter((one) => one !== undefined),
      ];
      for (const one of earlier) if (!(await this.#leads(logId, one, { size, root }))) return false;
      return true;
    } catch (error) {
      if (error instanceof TreeDiffers) return false;
      throw error;
    }
  }

  async #leads(
    logId: string,
    { size: oldSize, root: oldRoot }: OutsideCheckpoint,
    { size: newSize, root: newRoot }: { readonly size: number; readonly root: Uint8Array },
  ): Promise<boolean> {
    if (oldRoot === null || oldSize > newSize) return false;
    const proof = await proveConsistency(nodesFromTiles(storedTiles(this.#options.sql, logId)), { oldSize, newSize });
    return isConsistent({ oldSize, newSize, oldRoot: Buffer.from(oldRoot, 'hex'), newRoot, proof }, nodeHash);
  }

  /** Reports a log that is not signed any more, once. Returns whether it is. */
  #judge({ logId, size }: Pick<Reserved, 'logId' | 'size'>, isSound: boolean): boolean {
    if (!isSound && !this.#refused.has(logId))
      this.#options.observer.log('error', 'audit_checkpoint_refused', { log: logId, size });
    if (isSound) this.#refused.delete(logId);
    else this.#refused.add(logId);
    return isSound;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof KeyFailure) return error.code;
  return error instanceof NotKeptOutside ? 'not_kept_outside' : 'database';
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
