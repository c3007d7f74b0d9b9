import { Batcher, type Settled } from '../../monitoring/audit/append/batcher.js';
import { WriteWatch, type LastSeen } from '../../monitoring/write-watch.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { ProofUse } from '../../schemas/ports/proof-use.js';
import { PREPARED, type Sql, type StatementPart } from '../../schemas/ports/sql.js';
import { Refusal } from '../../schemas/refusal.js';
import type { ReplayStore } from './replay.js';

export interface PostgresReplayDependencies {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
}

type Use = 'first' | 'again';

const MAX_BATCH = 500;
const MAX_WAITING = 5_000;
const PURGE_EVERY_MS = 10_000;
const PURGE_AT_MOST = 10_000;
const HASH_BYTES = 32;

/**
 * Inserts rows in order of their hash, so that two replicas never wait for each other in a circle. A proof
 * that could be used before the database was last accepted may have been: the row that said so may be lost.
 */
const insertText = (first: number, condition: string): string => `
  INSERT INTO dpop_replay (proof_hash, expires_at)
  SELECT decode(hash, 'hex'), expires_at
  FROM unnest($${first}::text[], $${first + 1}::timestamptz[], $${first + 2}::timestamptz[]) AS used (hash, expires_at, usable_from)
  WHERE usable_from > (SELECT coalesce(accepted_at, '-infinity') FROM state_epoch) AND ${condition}
  ORDER BY hash
  ON CONFLICT (proof_hash) DO NOTHING
  RETURNING encode(proof_hash, 'hex') AS hash`;

/** The same as a part of the statement that appends to the audit log. */
export const FIRST_USES: StatementPart<readonly ProofUse[]> = {
  parameters: 3,
  text: insertText,
  values: (proofs) => [
    proofs.map(({ hash }) => hash),
    proofs.map(({ endsAt }) => endsAt.toISOString()),
    proofs.map(({ usableFrom }) => usableFrom.toISOString()),
  ],
};

const INSERT = insertText(1, 'true');

const PURGE = `
  DELETE FROM dpop_replay WHERE proof_hash IN (SELECT proof_hash FROM dpop_replay WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`;

/**
 * The store in PostgreSQL. The request that inserts the row is the first to use the proof. Requests that
 * arrive while a statement runs share the next one. If the reply of the database is lost, the request is
 * refused, and the caller sends a new proof, as DPoP clients do for every request.
 */
export class PostgresReplayStore implements ReplayStore {
  readonly #dependencies: PostgresReplayDependencies;
  readonly #batcher: Batcher<ProofUse, Use>;
  readonly #watch: WriteWatch;
  #purgedAt: number;

  constructor(dependencies: PostgresReplayDependencies) {
    this.#dependencies = dependencies;
    this.#purgedAt = dependencies.clock.monotonic();
    this.#watch = new WriteWatch({ clock: dependencies.clock, write: () => this.#rehearse() });
    this.#batcher = new Batcher({
      maxBatch: MAX_BATCH,
      maxWaiting: MAX_WAITING,
      overflow: () => new Refusal('OVERLOADED', { reasons: ['proofs'] }),
      commit: (batch) => this.#insert(batch),
    });
  }

  use(proof: ProofUse): Promise<Use> {
    return this.#batcher.add(proof);
  }

  /** Returns whether the last write has committed, and how long ago. Never touches the database. */
  lastSeen(): LastSeen {
    return this.#watch.lastSeen();
  }

  /** Tries whether proofs can be stored, now and from now on while the store is idle. Resolves after the first try. */
  async watch(): Promise<void> {
    await this.#watch.checkNow();
    this.#watch.start();
  }

  /** Ends what `watch` began. */
  close(): Promise<void> {
    return this.#watch.stop();
  }

  async #insert(batch: readonly ProofUse[]): Promise<readonly Settled<Use>[]> {
    const failures = this.#watch.begin();
    const fresh = await this.#insertFresh(batch).catch((error: unknown) => {
      this.#watch.failed();
      throw error;
    });
    this.#watch.committed(failures);
    await this.#purgeSometimes();
    // Of two equal proofs in one batch, the one that came first takes the row.
    return batch.map(({ hash }) => ({ done: fresh.delete(hash) ? 'first' : 'again' }));
  }

  async #insertFresh(batch: readonly ProofUse[]): Promise<Set<string>> {
    const { rows } = await this.#dependencies.sql.query<{ hash: string }>(INSERT, FIRST_USES.values(batch), PREPARED);
    return new Set(rows.map(({ hash }) => hash));
  }

  /** Stores a proof that no one has made, and that may be forgotten at once. */
  async #rehearse(): Promise<void> {
    const { clock, random } = this.#dependencies;
    const now = clock.now();
    await this.#insertFresh([{ hash: random.bytes(HASH_BYTES).toString('hex'), usableFrom: now, endsAt: now }]);
    await this.#purgeSometimes();
  }

  /** Deletes old rows, every ten seconds at most. Rows that it leaves only take space, so it never rejects. */
  async #purgeSometimes(): Promise<void> {
    const { sql, clock, observer } = this.#dependencies;
    if (clock.monotonic() - this.#purgedAt < PURGE_EVERY_MS) return;
    this.#purgedAt = clock.monotonic();
    try {
      await sql.query(PURGE, [clock.now().toISOString(), PURGE_AT_MOST]);
    } catch {
      observer.log('warn', 'dpop_replay_not_purged');
    }
  }
}
