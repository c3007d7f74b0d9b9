import type { Clock } from '../../schemas/ports/clock.js';
import type { Pseudonyms } from '../../schemas/ports/pseudonyms.js';
import type { RestrictionCounter, RestrictionKind } from '../../schemas/ports/restrictions.js';
import type { Sql, SqlExecutor } from '../../schemas/ports/sql.js';
import type { ConsentBounds } from './bounds.js';
import { consentRecordOf, type ConsentRow } from './consent-rows.js';
import type { ConsentRecord, Evidence } from './port.js';
import type { ConsentTexts } from './texts.js';

export interface ConsentStoreOptions {
  readonly sql: Sql;
  readonly pseudonyms: Pseudonyms;
  readonly clock: Clock;
  readonly restrictions: RestrictionCounter;
  readonly bounds: ConsentBounds;
  readonly texts: ConsentTexts;
}

/** Keeps a revision with its evidence, and returns the record as it is after it. */
export async function keepRevision(
  tx: SqlExecutor,
  row: ConsentRow,
  evidence: Evidence,
  now: Date,
): Promise<ConsentRecord> {
  await tx.query(
    `INSERT INTO consent_revision
       (consent_id, revision, status, valid_until, made_at, evidence_issuer, evidence_token_hash, evidence_assurance, evidence_request_id, texts)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, texts FROM consent_record WHERE consent_id = $1`,
    [
      row.consent_id,
      row.revision,
      row.status,
      row.valid_until,
      now.toISOString(),
      evidence.issuer,
      evidence.tokenHash,
      evidence.assurance,
      evidence.requestId,
    ],
  );
  return consentRecordOf(row, now);
}

/** Notes that a revision took something away, and resolves with the number of the restriction. */
export function noteRestriction(
  tx: SqlExecutor,
  kind: RestrictionKind,
  { id, revision }: ConsentRecord,
  { restrictions }: ConsentStoreOptions,
): Promise<number> {
  return restrictions.note(tx, { kind, id, revision });
}

/** Returns the row of a statement that returns one row. */
export function onlyRow<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('the statement returned no row');
  return row;
}
