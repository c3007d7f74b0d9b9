import { PREPARED, type SqlExecutor } from '../../schemas/ports/sql.js';
import type { ConsentClaim } from '../../schemas/vocabulary.js';
import { appendText, appendValues, APPEND_PARAMETERS } from './append.js';
import type { ClaimedLog } from './lease.js';
import type { HeldClaims } from './port.js';
import type { PreparedEntry } from './prepared-entry.js';

/**
 * Appends entries and holds the consents that they rely on, in one statement: the way on which every claim is current.
 *
 * The consents are locked before the head moves, and stay locked until the statement has committed. A change
 * of one of them waits for that; a change that came first is seen, because a locked row is read again after the wait. So either
 * the entries are committed while every claim is current, or nothing is written.
 */
export class AppendHolding {
  readonly #held: HeldClaims;
  readonly #text: string;

  constructor(held: HeldClaims) {
    this.#held = held;
    this.#text = textWith(held);
  }

  /**
   * Resolves with true if the entries are appended. With false, nothing was written: a claim may be stale, or the log
   * fenced.
   */
  async append(
    sql: SqlExecutor,
    log: ClaimedLog,
    { entries, claims }: { readonly entries: readonly PreparedEntry[]; readonly claims: readonly ConsentClaim[] },
  ): Promise<boolean> {
    const ids = claims.map(({ consentId }) => consentId);
    const revisions = claims.map(({ revision }) => revision);
    const { rows } = await sql.query<{ written: string }>(
      this.#text,
      [...appendValues(log, entries), ids, revisions, ...this.#held.values([...new Set(ids)])],
      PREPARED,
    );
    return Number(rows[0]?.written) === entries.length;
  }
}

/** `held` comes first: the table of consents is locked before the heads, as in every transaction that locks both. */
function textWith(held: HeldClaims): string {
  const [ids, revisions] = [APPEND_PARAMETERS + 1, APPEND_PARAMETERS + 2];
  return `
WITH held AS MATERIALIZED (${held.text(APPEND_PARAMETERS + 3)}), current AS MATERIALIZED (
  SELECT count(*) = cardinality($${ids}::text[]) AS is_so
  FROM held JOIN unnest($${ids}::text[], $${revisions}::int[]) AS claim (consent_id, revision) USING (consent_id, revision)
), ${appendText('AND (SELECT is_so FROM current)')}`;
}
