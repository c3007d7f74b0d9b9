import { columnsOf } from '../../../monitoring/audit/beside/columns.js';
import { leafHash } from '../../../monitoring/audit/canonical.js';
import { readBody } from '../../../monitoring/audit/stored-entry.js';
import type { TestDatabase } from '../../gateway/state/test-database.js';
import { tokenOf } from './drafts.js';

/** Positions that no log of a test comes to. */
const FIRST_INDEX = 1_000_000;

/**
 * Inserts an entry and the rows beside it as gateways did that wrote versions 1 to 3: with tokens as 64 hex digits. The
 * head does not move. The first person has the token of `a`, the second that of `b`, and so on.
 */
export async function insertEarlier(
  { sql }: TestDatabase,
  bytes: Buffer,
): Promise<{ readonly log: string; readonly index: number; readonly leafHash: string }> {
  const body = readBody(bytes);
  if (body === undefined) throw new Error('not an entry');
  const { rows: taken } = await sql.query<{ next: string }>(
    `SELECT coalesce(max(index) + 1, ${FIRST_INDEX}) AS next FROM audit_entry WHERE index >= ${FIRST_INDEX}`,
  );
  const index = Number(taken[0]?.next);
  const leaf = leafHash(bytes);
  const { requestId, kind, at, schemaVersion, ...columns } = columnsOf(body);
  const subjects = 'subjects' in body ? [...body.subjects.keys()] : [];
  // One statement, as theirs was: the rows of people may come before their entry.
  await sql.query(
    `WITH entry AS (
       INSERT INTO audit_entry (log_id, index, request_id, kind, at, schema_version, agency, system, purpose, case_number, document_name, document_hash, operation, outcome, code, entry, leaf_hash)
       VALUES ('tereze/0', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16))
     INSERT INTO audit_subject (log_id, index, position, token, salt)
     SELECT 'tereze/0', $1, position, token, salt FROM unnest($17::int[], $18::text[], $19::bytea[]) AS s (position, token, salt)`,
    [
      ...[index, requestId, kind, at, schemaVersion, columns.agency, columns.system, columns.purpose],
      ...[columns.caseNumber, columns.documentName, columns.documentHash, columns.operation, columns.outcome],
      ...[columns.code, bytes, leaf, subjects],
      subjects.map((position) => tokenOf(String.fromCharCode(97 + position)).padEnd(64, 'e')),
      subjects.map(() => Buffer.alloc(16, 7)),
    ],
  );
  return { log: 'tereze/0', index, leafHash: leaf.toString('hex') };
}
