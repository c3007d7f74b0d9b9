import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { proveConsistency } from '../audit/tree/proofs.js';
import { storedTiles } from '../audit/tree/stored-tree.js';
import { nodesFromTiles } from '../audit/tree/tile-nodes.js';
import { AnchorFailure, saysRewritten, type CheckpointToProve, type SignedCheckpoint } from './anchor.js';
import type { OpenAnchor } from './open-anchors.js';
import { claimAnchoring, readUnproven, releaseAnchoring, storeProof } from './stored-anchors.js';

export interface AnchoringOptions {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly anchors: readonly OpenAnchor[];
  /** Identifies this process among replicas. */
  readonly holder: string;
  /** Time after which another process may ask if this one does not go on, in milliseconds. */
  readonly leaseMs: number;
  /** Whether the database may be believed: nothing of one that went back in time is proven. */
  readonly isStateCurrent: () => boolean;
}

/** How often it is looked whether an anchor is due, in milliseconds. */
const LOOK_MS = 1_000;
/** Checkpoints that one anchor is asked about at once. */
const AT_ONCE = 4;

/**
 * Has the checkpoints of all logs proven by every anchor, each in its own time. Any replica may; one at a time does. Two
 * that ask at once do no harm: one proof is kept.
 *
 * An anchor that does not answer delays neither the others nor anything else of the gateway. What is not proven now is
 * proven with the next checkpoint, in the next round. Why there is no proof is a counter and, when the reason changes, a
 * log line (`audit_anchor_failed`).
 */
export class Anchoring {
  readonly #options: AnchoringOptions;
  readonly #rounds: readonly AnchorRound[];
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: AnchoringOptions) {
    this.#options = options;
    this.#rounds = options.anchors.filter(({ isAsked }) => isAsked).map((open) => new AnchorRound(open, options));
  }

  /** Begins, and goes on until `close`. */
  start(): void {
    this.#timer = setInterval(() => {
      this.#looking ??= this.#begin()
        .catch(() => this.#options.observer.log('warn', 'audit_anchoring_failed', { reason: 'database' }))
        .finally(() => (this.#looking = undefined));
    }, LOOK_MS);
    this.#timer.unref();
  }

  /** Asks every anchor that is due, and resolves when all of them have answered. Rejects if the database cannot be asked. */
  async round(): Promise<void> {
    await this.#begin();
    await this.#settled();
  }

  /** Asks no more, and lets others ask when what is under way has ended. Never rejects. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const round of this.#rounds) round.close();
    await this.#looking;
    await this.#settled();
    await releaseAnchoring(this.#options.sql, this.#options.holder).catch(() => undefined);
  }

  /** Begins the round of each anchor that is due. */
  async #begin(): Promise<void> {
    if (this.#rounds.length === 0 || !this.#options.isStateCurrent()) return;
    if (!(await claimAnchoring(this.#options.sql, this.#options))) return;
    for (const round of this.#rounds) round.beginIfDue();
  }

  async #settled(): Promise<void> {
    await Promise.all(this.#rounds.map((round) => round.settled()));
  }
}

/** What one anchor is asked, round by round. */
class AnchorRound {
  readonly #open: OpenAnchor;
  readonly #options: AnchoringOptions;
  #running: Promise<void> | undefined;
  #begunAt: number | undefined;
  #isClosed = false;
  /** The last outcome of each log that is not `ok`. */
  readonly #failing = new Map<string, string>();

  constructor(open: OpenAnchor, options: AnchoringOptions) {
    this.#open = open;
    this.#options = options;
  }

  beginIfDue(): void {
    const now = this.#options.clock.monotonic();
    const isDue = this.#begunAt === undefined || now - this.#begunAt >= this.#open.everyMs;
    if (this.#running !== undefined || this.#isClosed || !isDue) return;
    this.#begunAt = now;
    this.#running = this.#run()
      .catch(() => this.#note('database'))
      .finally(() => (this.#running = undefined));
  }

  async settled(): Promise<void> {
    await this.#running;
  }

  close(): void {
    this.#isClosed = true;
  }

  async #run(): Promise<void> {
    const { sql } = this.#options;
    const waiting = [...(await readUnproven(sql, this.#open.anchor.name))];
    const next = async (): Promise<void> => {
      for (let checkpoint = waiting.shift(); checkpoint !== undefined; checkpoint = waiting.shift()) {
        const failure = await this.#prove(checkpoint);
        // Those outside are gone: the other checkpoints wait for the next round.
        if (failure?.isOfAll === true || this.#isClosed) waiting.length = 0;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  }

  async #prove(checkpoint: SignedCheckpoint): Promise<AnchorFailure | undefined> {
    const { sql } = this.#options;
    const { anchor } = this.#open;
    try {
      const proof = await anchor.prove(provable(sql, checkpoint));
      await storeProof(sql, { checkpoint, name: anchor.name, kind: anchor.kind, proof });
      this.#note('ok', checkpoint.logId);
      return undefined;
    } catch (error) {
      if (!(error instanceof AnchorFailure)) throw error;
      this.#note(error.reason, checkpoint.logId);
      return error;
    }
  }

  /** Counts each outcome, and says it when it is another one of this log than before. */
  #note(outcome: string, log = 'all'): void {
    const { observer } = this.#options;
    const anchor = this.#open.anchor.name;
    observer.count('tereze_audit_anchor_proofs_total', { anchor, outcome });
    // What is broken off at the end is not a failure.
    if (this.#isClosed || outcome === (this.#failing.get(log) ?? 'ok')) return;
    if (outcome === 'ok') {
      this.#failing.delete(log);
      observer.log('info', 'audit_anchor_answers', { anchor, log });
    } else {
      this.#failing.set(log, outcome);
      observer.log(saysRewritten(outcome) ? 'error' : 'warn', 'audit_anchor_failed', { anchor, log, reason: outcome });
    }
  }
}

function provable(sql: Sql, checkpoint: SignedCheckpoint): CheckpointToProve {
  const read = nodesFromTiles(storedTiles(sql, checkpoint.logId));
  return { ...checkpoint, consistencyFrom: (oldSize) => proveConsistency(read, { oldSize, newSize: checkpoint.size }) };
}
