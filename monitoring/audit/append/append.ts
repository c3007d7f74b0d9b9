import { PREPARED, type SqlExecutor } from '../../../schemas/ports/sql.js';
import type { ProofUse } from '../../../schemas/ports/proof-use.js';
import type { ConsentClaim } from '../../../schemas/vocabulary.js';
import type { ClaimedLog } from './lease.js';
import type { FirstUses, HeldClaims } from '../port.js';
import type { PreparedEntry } from './prepared-entry.js';
import { growTree, storedTree, type FullTile, type LogTree } from '../tree/log-tree.js';
import { insertTiles, tileColumns } from '../tree/stored-tree.js';

/** What other rooms add to the statement of an append. */
export interface AppendParts {
  /** Holds consents. Without it, no append has claims. */
  readonly held?: HeldClaims | undefined;
  /** Notes proofs as used. Without it, no entry has the use of a proof. */
  readonly uses?: FirstUses | undefined;
}

/** An entry, and the proof that is used with it for the first time. No two of one append have the same proof. */
export interface AppendedEntry {
  readonly entry: PreparedEntry;
  readonly use?: ProofUse | undefined;
}

export interface AppendBatch {
  readonly entries: readonly AppendedEntry[];
  /** What the entries rely on. */
  readonly claims?: readonly ConsentClaim[];
}

/**
 * `not_written`: nothing was written, because a claim may be stale, or the log is fenced or has another size. Otherwise
 * all entries were appended in order, but for those whose proof had been used before (`usedBefore`, by their position),
 * and `log` is the log after that.
 */
export type AppendOutcome = 'not_written' | { readonly usedBefore: ReadonlySet<number>; readonly log: ClaimedLog };

/**
 * Appends a batch in one statement. The head moves only if its size and epoch are as this replica expects, and the rows
 * are inserted only if the head moved. The tree moves with it: its frontier and root are in the head, and the tiles that
 * became full are rows.
 *
 * - Claims: the consents are locked before the head moves, and stay locked until the statement has committed. A change of
 *   one of them waits for that; a change that came first is seen, because a locked row is read again after the wait. So
 *   the entries are committed while every claim is current, or nothing is written.
 * - Uses: a proof is noted and its entry appended by the same statement. Of two statements with one proof, the second
 *   waits for the first, on whichever replica they are, and then leaves its entry out. Because the tree is that of all
 *   entries of the batch, such a statement only notes the proofs, and a second one appends the entries that are left.
 *
 * If the log is fenced, or the second statement fails, proofs may be noted without their entries: their requests are
 * refused.
 */
export class Appending {
  readonly #parts: AppendParts;
  readonly #texts = new Map<string, string>();

  constructor(parts: AppendParts = {}) {
    this.#parts = parts;
  }

  /** Whether claims can be checked by the statement of the append. */
  get holdsClaims(): boolean {
    return this.#parts.held !== undefined;
  }

  async append(sql: SqlExecutor, log: ClaimedLog, { entries, claims = [] }: AppendBatch): Promise<AppendOutcome> {
    const sent = await this.#send(sql, log, { entries, claims });
    if (sent.log !== undefined) return { usedBefore: new Set(), log: sent.log };
    // Every entry may be written, so that only the head can have been in the way.
    if (!sent.isCurrent || sent.places.length === entries.length) return 'not_written';
    const written = new Set(sent.places.map((place) => place - 1));
    const usedBefore = new Set([...entries.keys()].filter((position) => !written.has(position)));
    if (written.size === 0) return { usedBefore, log };
    const noted = entries.filter((_, position) => written.has(position)).map(({ entry }) => ({ entry }));
    const rest = await this.#send(sql, log, { entries: noted, claims });
    return rest.log === undefined ? 'not_written' : { usedBefore, log: rest.log };
  }

  async #send(sql: SqlExecutor, log: ClaimedLog, { entries, claims = [] }: AppendBatch): Promise<Sent> {
    const held = claims.length === 0 ? undefined : (this.#parts.held ?? unsupported('claims'));
    const proofs = entries.flatMap(({ use }) => use ?? []);
    const uses = proofs.length === 0 ? undefined : (this.#parts.uses ?? unsupported('uses of proofs'));
    const ids = claims.map(({ consentId }) => consentId);
    const grown = growTree(
      log.tree,
      entries.map(({ entry }) => entry.leaf),
    );
    const { rows } = await sql.query<{ is_moved: boolean; is_current: boolean; places: readonly number[] }>(
      this.#text({ held, uses }),
      [
        ...valuesOf(log, entries, grown),
        ...(held === undefined ? [] : [ids, claims.map(({ revision }) => revision), ...held.values([...new Set(ids)])]),
        ...(uses === undefined ? [] : [entries.map(({ use }) => use?.hash ?? null), ...uses.values(proofs)]),
      ],
      PREPARED,
    );
    const { is_moved: isMoved = false, is_current: isCurrent = false, places = [] } = rows[0] ?? {};
    return {
      log: isMoved ? { ...log, size: log.size + entries.length, tree: grown.tree } : undefined,
      isCurrent,
      places,
    };
  }

  #text(parts: AppendParts): string {
    const key = `${parts.held === undefined ? '' : 'held'} ${parts.uses === undefined ? '' : 'uses'}`;
    let text = this.#texts.get(key);
    if (text === undefined) this.#texts.set(key, (text = appendText(parts)));
    return text;
  }
}

/** What one statement did. */
interface Sent {
  /** The log after it, if the entries were appended. */
  readonly log: ClaimedLog | undefined;
  /** Whether every claim was current. */
  readonly isCurrent: boolean;
  /** Which entries may be written, from 1: those without a proof that was used before. */
  readonly places: readonly number[];
}

function unsupported(what: string): never {
  throw new TypeError(`this log takes no ${what}`);
}

/** Appends entries that rely on nothing. Resolves with the log after that, or with undefined if it is fenced or its size is another. */
export async function appendBatch(
  sql: SqlExecutor,
  log: ClaimedLog,
  entries: readonly PreparedEntry[],
): Promise<ClaimedLog | undefined> {
  const outcome = await new Appending().append(sql, log, { entries: entries.map((entry) => ({ entry })) });
  return outcome === 'not_written' ? undefined : outcome.log;
}

function valuesOf(
  log: ClaimedLog,
  entries: readonly AppendedEntry[],
  { tree, tiles }: { readonly tree: LogTree; readonly tiles: readonly FullTile[] },
): readonly unknown[] {
  const prepared = entries.map(({ entry }) => entry);
  const { frontier, root } = storedTree(tree);
  return [
    log.logId,
    log.size,
    log.epoch,
    JSON.stringify(prepared.map(({ columns }) => columns)),
    prepared.map(({ bytes }) => bytes),
    prepared.map(({ leaf }) => leaf),
    prepared.map(({ answerSalt }) => answerSalt),
    ...subjectColumns(prepared),
    frontier,
    root,
    ...tileColumns(tiles),
  ];
}

/** How many parameters `valuesOf` gives values for. */
const PARAMETERS = 18;

function subjectColumns(entries: readonly PreparedEntry[]): readonly unknown[] {
  const flat = entries.flatMap(({ subjects }, entry) => subjects.map((subject) => ({ ...subject, entry })));
  return [
    flat.map(({ entry }) => entry),
    flat.map(({ position }) => position),
    flat.map(({ token }) => token),
    flat.map(({ salt }) => salt),
    flat.map(({ sealed }) => sealed),
  ];
}

/**
 * The consents are held first: their table is locked before the heads, as in every transaction that locks both. Of the
 * parts of other rooms, none does anything unless the claims are current.
 */
function appendText({ held, uses }: AppendParts): string {
  const ids = PARAMETERS + 1;
  const hashes = PARAMETERS + 1 + (held === undefined ? 0 : 2 + held.parameters);
  const isCurrent = held === undefined ? 'true' : '(SELECT is_so FROM current)';
  const holding =
    held === undefined
      ? ''
      : `held AS MATERIALIZED (${held.text(ids + 2, 'true')}), current AS MATERIALIZED (
  SELECT count(*) = cardinality($${ids}::text[]) AS is_so
  FROM unnest($${ids}::text[], $${ids + 1}::int[]) AS claim (consent_id, revision)
  WHERE (consent_id, revision) IN (SELECT consent_id, revision FROM held)
), `;
  const using = uses === undefined ? '' : `used AS (${uses.text(hashes + 1, isCurrent)}), `;
  const isFirst = uses === undefined ? 'true' : `(proof IS NULL OR proof IN (SELECT hash FROM used))`;
  const proofs = uses === undefined ? 'NULL::text[]' : `$${hashes}::text[]`;
  return `
WITH ${holding}${using}item AS MATERIALIZED (
  SELECT place::int AS place, row_number() OVER (ORDER BY place) AS nth, entry, leaf, salt,
         (($4::jsonb) -> (place::int - 1) ->> 'at')::timestamptz AS at
  FROM unnest($5::bytea[], $6::bytea[], $7::bytea[], ${proofs}) WITH ORDINALITY AS one (entry, leaf, salt, proof, place)
  WHERE ${isFirst}
), head AS (
  UPDATE audit_head SET size = $2 + cardinality($5::bytea[]), tree_size = $2 + cardinality($5::bytea[]), frontier = $13, root = $14
  WHERE log_id = $1 AND size = $2 AND epoch = $3 AND (SELECT count(*) FROM item) = cardinality($5::bytea[]) AND ${isCurrent} RETURNING log_id
), tiles AS (${insertTiles(15)}
), written AS (
  INSERT INTO audit_entry (log_id, index, request_id, kind, at, schema_version, agency, system, purpose, case_number, document_name, document_hash, operation, outcome, code, officer, model, registers, categories, entry, leaf_hash, answer_salt)
  SELECT head.log_id, $2::bigint + item.nth - 1, c."requestId", c.kind, c.at, c."schemaVersion", c.agency, c.system, c.purpose, c."caseNumber", c."documentName", c."documentHash", c.operation, c.outcome, c.code, c.officer, c.model, c.registers, c.categories,
         item.entry, item.leaf, item.salt
  FROM head CROSS JOIN item
  CROSS JOIN LATERAL jsonb_to_record(($4::jsonb) -> (item.place - 1)) AS c (
    "requestId" text, kind text, at timestamptz, "schemaVersion" int, agency text, system text, purpose text, "caseNumber" text, "documentName" text, "documentHash" text, operation text, outcome text, code text, officer text, model text, registers text[], categories text[])
), subjects AS (
  INSERT INTO audit_subject (log_id, index, position, index_token, salt, sealed, at)
  SELECT head.log_id, $2::bigint + item.nth - 1, s.position, s.token, s.salt, s.sealed, item.at
  FROM head CROSS JOIN unnest($8::int[], $9::int[], $10::bytea[], $11::bytea[], $12::bytea[]) AS s (entry, position, token, salt, sealed)
  JOIN item ON item.place = s.entry + 1
)
SELECT EXISTS (SELECT FROM head) AS is_moved, ${isCurrent} AS is_current, ARRAY(SELECT place FROM item ORDER BY place) AS places`;
}
