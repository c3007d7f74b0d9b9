import type { Clock } from '../../schemas/ports/clock.js';
import type { Sql } from '../../schemas/ports/sql.js';
import type { Approval, DocumentApprovals } from './port.js';
import { fingerprintOf, type DocumentReach } from './reach.js';

interface Row {
  readonly name: string;
  readonly fingerprint: string;
  readonly reach: DocumentReach;
  readonly approved_by: string | null;
}

/** Approvals in PostgreSQL, one row each. */
export function createPostgresApprovals({
  sql,
  clock,
}: {
  readonly sql: Sql;
  readonly clock: Clock;
}): DocumentApprovals {
  const insert = async (reach: DocumentReach, officer: string | null): Promise<void> => {
    await sql.query(
      'INSERT INTO document_approval (name, fingerprint, reach, approved_by, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
      [reach.name, fingerprintOf(reach), JSON.stringify(reach), officer, clock.now()],
    );
  };
  return {
    latest: async (names) => {
      const { rows } = await sql.query<Row>(
        'SELECT DISTINCT ON (name) name, fingerprint, reach, approved_by FROM document_approval WHERE name = ANY ($1) ORDER BY name, number DESC',
        [names],
      );
      return new Map(
        rows.map(({ name, fingerprint, reach, approved_by: approvedBy }): [string, Approval] => [
          name,
          { fingerprint, reach, approvedBy },
        ]),
      );
    },
    first: (reach) => insert(reach, null),
    approve: (reach, officer) => insert(reach, officer),
  };
}
