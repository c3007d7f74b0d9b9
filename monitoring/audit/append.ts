import { PREPARED, type SqlExecutor } from '../../schemas/ports/sql.js';
import type { ClaimedLog } from './lease.js';
import type { PreparedEntry } from './prepared-entry.js';

/**
 * Appends a batch in one statement. The head moves only if its size and epoch are as this replica
 * expects, and the rows are inserted only if the head moved. Resolves with false if the log is fenced or
 * its size is another.
 */
export async function appendBatch(
  sql: SqlExecutor,
  log: ClaimedLog,
  entries: readonly PreparedEntry[],
): Promise<boolean> {
  const { rows } = await sql.query<{ written: string }>(APPEND, appendValues(log, entries), PREPARED);
  return Number(rows[0]?.written) === entries.length;
}

/** How many parameters `appendText` has. */
export const APPEND_PARAMETERS = 12;

/** Returns the values of the parameters of `appendText`. */
export function appendValues(log: ClaimedLog, entries: readonly PreparedEntry[]): readonly unknown[] {
  return [
    log.logId,
    log.size,
    log.epoch,
    entries.length,
    JSON.stringify(entries.map(({ columns }) => columns)),
    entries.map(({ bytes }) => bytes),
    entries.map(({ leaf }) => leaf),
    entries.map(({ answerSalt }) => answerSalt),
    ...subjectColumns(entries),
  ];
}

function subjectColumns(entries: readonly PreparedEntry[]): readonly unknown[] {
  const flat = entries.flatMap(({ subjects }, entry) =>
    subjects.map((subject, place) => ({ ...subject, entry, place })),
  );
  return [
    flat.map(({ entry }) => entry),
    flat.map(({ place }) => place),
    flat.map(({ token }) => token),
    flat.map(({ salt }) => salt),
  ];
}

/**
 * Returns the text of an append, from its first common table expression on. The result is the number of entries written.
 *
 * @param condition more that must hold for the head to move: `AND ...`.
 */
export function appendText(condition = ''): string {
  return `head AS (
  UPDATE audit_head SET size = size + $4 WHERE log_id = $1 AND size = $2 AND epoch = $3 ${condition} RETURNING log_id
), written AS (
  INSERT INTO audit_entry (log_id, index, request_id, kind, at, schema_version, agency, system, purpose, case_number, document_name, document_hash, operation, outcome, code, entry, leaf_hash, answer_salt)
  SELECT head.log_id, $2::bigint + item.place - 1, c."requestId", c.kind, c.at, c."schemaVersion", c.agency, c.system, c.purpose, c."caseNumber", c."documentName", c."documentHash", c.operation, c.outcome, c.code,
         item.entry, item.leaf, item.salt
  FROM head
  CROSS JOIN unnest($6::bytea[], $7::bytea[], $8::bytea[]) WITH ORDINALITY AS item (entry, leaf, salt, place)
  CROSS JOIN LATERAL jsonb_to_record(($5::jsonb) -> (item.place::int - 1)) AS c (
    "requestId" text, kind text, at timestamptz, "schemaVersion" int, agency text, system text, purpose text, "caseNumber" text, "documentName" text, "documentHash" text, operation text, outcome text, code text)
  RETURNING index
), subjects AS (
  INSERT INTO audit_subject (log_id, index, position, token, salt)
  SELECT head.log_id, $2::bigint + s.entry, s.place, s.token, s.salt
  FROM head CROSS JOIN unnest($9::int[], $10::int[], $11::text[], $12::bytea[]) AS s (entry, place, token, salt)
)
SELECT count(*) AS written FROM written`;
}

const APPEND = `WITH ${appendText()}`;
