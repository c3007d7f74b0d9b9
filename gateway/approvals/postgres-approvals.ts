import type { Clock } from '../../schemas/ports/clock.js';
import type { RestrictionCounter } from '../../schemas/ports/restrictions.js';
import type { Sql, SqlExecutor } from '../../schemas/ports/sql.js';
import { LoadedBefore, type Approval, type DocumentApprovals } from './port.js';
import { fingerprintOf, type DocumentReach } from './reach.js';

interface Row {
  readonly name: string;
  readonly fingerprint: string;
  readonly reach: DocumentReach;
  readonly approved_by: string | null;
  readonly is_withdrawn: boolean;
}

export interface PostgresApprovalsOptions {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly restrictions: RestrictionCounter;
}

/** Approvals in PostgreSQL, one row each. */
export function createPostgresApprovals({ sql, clock, restrictions }: PostgresApprovalsOptions): DocumentApprovals {
  const insert = async (tx: SqlExecutor, row: NewRow): Promise<number | undefined> => {
    const { rows } = await tx.query<{ readonly number: string }>(INSERT, [
      row.reach.name,
      fingerprintOf(row.reach),
      JSON.stringify(row.reach),
      row.officer,
      row.isWithdrawn ?? false,
      clock.now(),
    ]);
    return rows[0] === undefined ? undefined : Number(rows[0].number);
  };
  const noteWithdrawn = (tx: SqlExecutor, id: string, revision: number): Promise<number> =>
    restrictions.note(tx, { kind: 'approval_withdrawn', id, revision });
  return {
    latest: async (names) => {
      const { rows } = await sql.query<Row>(LATEST, [names]);
      return new Map(rows.map((row): [string, Approval] => [row.name, approvalOf(row)]));
    },
    first: async (tx, reach) => {
      if ((await insert(tx, { reach, officer: null })) === undefined) throw new LoadedBefore();
    },
    approve: async (tx, reach, officer) => {
      const { rows } = await tx.query<Row>(LATEST, [[reach.name]]);
      const number = (await insert(tx, { reach, officer })) ?? 0;
      const [before] = rows.map(approvalOf);
      const endsAnother = before !== undefined && !before.isWithdrawn && before.fingerprint !== fingerprintOf(reach);
      return endsAnother ? noteWithdrawn(tx, reach.name, number) : undefined;
    },
    withdraw: async (tx, approved, officer) =>
      noteWithdrawn(tx, approved.name, (await insert(tx, { reach: approved, officer, isWithdrawn: true })) ?? 0),
  };
}

interface NewRow {
  readonly reach: DocumentReach;
  readonly officer: string | null;
  readonly isWithdrawn?: boolean;
}

/** Only a first load conflicts: each document has one. */
const INSERT = `
INSERT INTO document_approval (name, fingerprint, reach, approved_by, is_withdrawn, at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING number`;

const LATEST = `
SELECT DISTINCT ON (name) name, fingerprint, reach, approved_by, is_withdrawn FROM document_approval
WHERE name = ANY ($1) ORDER BY name, number DESC`;

function approvalOf({ fingerprint, reach, approved_by: approvedBy, is_withdrawn: isWithdrawn }: Row): Approval {
  return { fingerprint, reach, approvedBy, isWithdrawn };
}
