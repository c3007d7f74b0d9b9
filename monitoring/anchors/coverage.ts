import type { Sql } from '../../schemas/ports/sql.js';
import type { Anchor } from './anchor.js';
import { readNewestPlaces, readProof, type ProofPlace } from './stored-anchors.js';

export interface CoverageOptions {
  readonly sql: Sql;
  readonly anchors: readonly Anchor[];
  /** Called once for each stored proof that does not hold. */
  readonly onInvalid: (place: ProofPlace) => void;
}

/** Of one anchor, newest first: this many proofs that do not hold may stand before one that does. */
const EACH = 3;
/** Entries of one batch stand in the order in which they came: a later one can be a little older. */
const LOOKED_AT = 200;

/**
 * How much of the audit log is proven outside. Each stored proof is checked before it counts, once: a row in a table
 * proves nothing.
 */
export class Coverage {
  readonly #options: CoverageOptions;
  /** Whether the proofs hold that were newest at the last look. */
  #checked: ReadonlyMap<string, boolean> = new Map();

  constructor(options: CoverageOptions) {
    this.#options = options;
  }

  /**
   * Resolves with the time of the oldest entry that no anchor proves, or undefined if each is proven. A log that was
   * closed is left out: its loss was accepted, nothing of it is signed any more, and a witness that has seen more of it
   * signs no less. Rejects if the database cannot be read, or does not have that entry.
   */
  async oldestUnproven(): Promise<Date | undefined> {
    const proven = await this.#provenSizes();
    const { rows } = await this.#options.sql.query<{ readonly log_id: string; readonly oldest: string | null }>(
      `SELECT head.log_id, (SELECT min(at) FROM (
         SELECT at FROM audit_entry WHERE log_id = head.log_id AND index >= coalesce(proven.size, 0) AND index < head.size
         ORDER BY index LIMIT ${LOOKED_AT}) AS first) AS oldest
       FROM audit_head AS head LEFT JOIN unnest($1::text[], $2::bigint[]) AS proven (log_id, size) USING (log_id)
       WHERE head.head_size IS NULL AND head.size > coalesce(proven.size, 0)`,
      [[...proven.keys()], [...proven.values()]],
    );
    const times = rows.map(({ log_id: log, oldest }) => {
      if (oldest === null) throw new RangeError(`${log} lacks the entry after what is proven`);
      return Date.parse(oldest);
    });
    return times.length === 0 ? undefined : new Date(Math.min(...times));
  }

  /** Resolves with how many entries of each log are proven. */
  async #provenSizes(): Promise<ReadonlyMap<string, number>> {
    const { sql, anchors } = this.#options;
    const places = await readNewestPlaces(
      sql,
      anchors.map(({ name }) => name),
      EACH,
    );
    const checked = new Map<string, boolean>();
    const proven = new Map<string, number>();
    for (const place of places) {
      if (place.size <= (proven.get(place.logId) ?? 0)) continue;
      const key = `${place.logId} ${place.size} ${place.name}`;
      const holds = this.#checked.get(key) ?? (await this.#holds(place));
      checked.set(key, holds);
      if (holds) proven.set(place.logId, place.size);
      else if (this.#checked.get(key) === undefined) this.#options.onInvalid(place);
    }
    this.#checked = checked;
    return proven;
  }

  async #holds(place: ProofPlace): Promise<boolean> {
    const { sql, anchors } = this.#options;
    const anchor = anchors.find(({ name }) => name === place.name);
    const stored = await readProof(sql, place);
    if (anchor === undefined || stored?.checkpoint === undefined || stored.kind !== anchor.kind) return false;
    return typeof (await anchor.check(stored.checkpoint, stored.proof)) !== 'string';
  }
}
