import type { ApprovedAction } from '../../../monitoring/audit/entries.js';
import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import type { OfficerId } from '../officer.js';
import type { Approval, ApprovalState, ShownRequest } from './approval.js';

interface Row {
  readonly id: string;
  readonly action: ApprovedAction;
  readonly request_hash: Buffer;
  readonly shown: ShownRequest;
  readonly asker_issuer: string;
  readonly asker_subject: string;
  readonly asker_agency: string;
  readonly asked_at: string;
  readonly expires_at: string;
  readonly state: ApprovalState;
  readonly second_issuer: string | null;
  readonly second_subject: string | null;
}

const COLUMNS =
  'id, action, request_hash, shown, asker_issuer, asker_subject, asker_agency, asked_at, expires_at, state, second_issuer, second_subject';
/** Rows of a list at most. */
const MAX_LISTED = 200;

/** Stores a new request. */
export async function insertApproval(tx: SqlExecutor, approval: Approval): Promise<void> {
  const { id, action, hash, shown, asker, askedAt, expiresAt } = approval;
  await tx.query(
    `INSERT INTO officer_approval (id, action, request_hash, shown, asker_issuer, asker_subject, asker_agency, asked_at, expires_at)
     VALUES ($1, $2, decode($3, 'hex'), $4, $5, $6, $7, $8, $9)`,
    [id, action, hash, JSON.stringify(shown), asker.issuer, asker.subject, asker.agency, askedAt, expiresAt],
  );
}

/** Resolves with how many requests of an officer are open. */
export async function countOpenOf(tx: SqlExecutor, { issuer, subject }: OfficerId, now: Date): Promise<number> {
  const { rows } = await tx.query<{ readonly open: number }>(
    `SELECT count(*)::int AS open FROM officer_approval
     WHERE asker_issuer = $1 AND asker_subject = $2 AND state IN ('asked', 'approved') AND expires_at > $3`,
    [issuer, subject, now.toISOString()],
  );
  return rows[0]?.open ?? 0;
}

/** Resolves with an approval, or undefined. */
export async function findApproval(sql: SqlExecutor, id: string): Promise<Approval | undefined> {
  const { rows } = await sql.query<Row>(`SELECT ${COLUMNS} FROM officer_approval WHERE id = $1`, [id]);
  return rows[0] && approvalOf(rows[0]);
}

/** A change of the state of an approval. */
export interface StateChange {
  readonly id: string;
  readonly from: ApprovalState;
  readonly to: ApprovalState;
  /** The second officer, for a decision. */
  readonly second: OfficerId | undefined;
  readonly now: Date;
}

/** Changes an approval that is in the state `from` and has not ended. Resolves with undefined, and changes nothing, if it is not. */
export async function changeState(
  tx: SqlExecutor,
  { id, from, to, second, now }: StateChange,
): Promise<Approval | undefined> {
  const { rows } = await tx.query<Row>(
    `UPDATE officer_approval SET state = $3,
       second_issuer = coalesce($4, second_issuer), second_subject = coalesce($5, second_subject),
       decided_at = CASE WHEN $4::text IS NULL THEN decided_at ELSE $6::timestamptz END,
       ended_at = CASE WHEN $3 = 'approved' THEN NULL ELSE $6::timestamptz END
     WHERE id = $1 AND state = $2 AND expires_at > $6::timestamptz RETURNING ${COLUMNS}`,
    [id, from, to, second?.issuer ?? null, second?.subject ?? null, now.toISOString()],
  );
  return rows[0] && approvalOf(rows[0]);
}

/** Ends an approval whose time is over. Resolves with undefined if it has ended before. */
export async function expireApproval(tx: SqlExecutor, id: string, now: Date): Promise<Approval | undefined> {
  const { rows } = await tx.query<Row>(
    `UPDATE officer_approval SET state = 'expired', ended_at = $2
     WHERE id = $1 AND state IN ('asked', 'approved') AND expires_at <= $2 RETURNING ${COLUMNS}`,
    [id, now.toISOString()],
  );
  return rows[0] && approvalOf(rows[0]);
}

/** Resolves with the ids of approvals whose time is over and that are not ended yet, some at a time. */
export async function listOverdue(sql: SqlExecutor, now: Date): Promise<readonly string[]> {
  const { rows } = await sql.query<{ readonly id: string }>(
    `SELECT id FROM officer_approval WHERE state IN ('asked', 'approved') AND expires_at <= $1 ORDER BY expires_at LIMIT ${MAX_LISTED}`,
    [now.toISOString()],
  );
  return rows.map(({ id }) => id);
}

/** Resolves with how many requests wait for a second officer. */
export async function countWaiting(sql: SqlExecutor, now: Date): Promise<number> {
  const { rows } = await sql.query<{ readonly waiting: number }>(
    `SELECT count(*)::int AS waiting FROM officer_approval WHERE state = 'asked' AND expires_at > $1`,
    [now.toISOString()],
  );
  return rows[0]?.waiting ?? 0;
}

/** Resolves with requests that wait for a decision, the newest first: of one agency, or of all. */
export async function listWaiting(
  sql: SqlExecutor,
  { agency, now }: { readonly agency: string | undefined; readonly now: Date },
): Promise<readonly Approval[]> {
  const { rows } = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM officer_approval
     WHERE state = 'asked' AND expires_at > $1 AND ($2::text IS NULL OR asker_agency = $2)
     ORDER BY asked_at DESC LIMIT ${MAX_LISTED}`,
    [now.toISOString(), agency ?? null],
  );
  return rows.map(approvalOf);
}

/** Resolves with what an officer asked, the newest first. */
export async function listAskedBy(sql: SqlExecutor, { issuer, subject }: OfficerId): Promise<readonly Approval[]> {
  const { rows } = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM officer_approval WHERE asker_issuer = $1 AND asker_subject = $2
     ORDER BY asked_at DESC LIMIT ${MAX_LISTED}`,
    [issuer, subject],
  );
  return rows.map(approvalOf);
}

function approvalOf(row: Row): Approval {
  const { id, action, state, shown, second_issuer: issuer, second_subject: subject } = row;
  return {
    ...{ id, action, state, shown },
    asker: { issuer: row.asker_issuer, subject: row.asker_subject, agency: row.asker_agency },
    second: issuer === null || subject === null ? undefined : { issuer, subject },
    askedAt: row.asked_at,
    expiresAt: row.expires_at,
    hash: row.request_hash.toString('hex'),
  };
}
