import { createHash } from 'node:crypto';
import { columnsOf } from '../../monitoring/audit/beside/columns.js';
import { canonicalBytes } from '../../monitoring/audit/canonical.js';
import { completionEntry, type EntryRequest } from '../../monitoring/audit/entries.js';
import type { Sql } from '../../schemas/ports/sql.js';

const DAY_MS = 86_400_000;
const HEAVY_ENTRIES = 40_000;
export const RARE = 'property.rare';
const RARE_ONE_IN = 10_000;
const STEP = 50_000;
/** How far the entries go back, in days. */
export const DAYS = 365;

/** Returns the index token of `heavy`, or of `person N`; hex. */
export function tokenOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

/** How many people there are, with 15 entries each. */
export function ordinaryPeople(entries: number): number {
  return Math.max(1, Math.floor(entries / 15));
}

/** Writes the entries of a year, at an even pace. Each names an ordinary person, and in one of some entries the person with many. */
export async function fillYear(owner: Sql, entries: number, now: Date): Promise<void> {
  const ordinary = ordinaryPeople(entries);
  const heavyEvery = Math.max(2, Math.floor(entries / Math.min(HEAVY_ENTRIES, entries / 2)));
  const body = template();
  const columns = columnsOf(body);
  const text = canonicalBytes(body).toString();
  for (let from = 0; from < entries; from += STEP) {
    const apart = (DAYS * DAY_MS) / entries;
    const to = Math.min(entries, from + STEP);
    const values = [from, to, now.toISOString(), apart, ordinary, heavyEvery, entries];
    await owner.query(MADE, values);
    await owner.query(
      `INSERT INTO audit_entry (log_id, index, request_id, kind, at, schema_version, agency, system, purpose, case_number,
         document_name, document_hash, operation, outcome, code, officer, model, registers, categories, entry, leaf_hash)
       SELECT 'tereze/0', n, request, 'completion', at, 4, $2, $3, $4, NULL, NULL, NULL, NULL, 'answered', NULL, NULL, NULL, $5::text[],
         ARRAY (SELECT one FROM unnest(array_replace($6::text[], '#category', category)) AS one ORDER BY one COLLATE "C"), bytes, sha256('\\x00'::bytea || bytes)
       FROM (SELECT made.*, convert_to(replace(replace(replace(replace(replace(replace($1, '#request', request), '#at', at_text),
           '#category', category), '#0', encode(commit_0, 'hex')), '"#1"', coalesce('"' || encode(commit_1, 'hex') || '"', 'null')), '#person', encode(sha256(convert_to(request, 'UTF8')), 'hex')), 'UTF8') AS bytes FROM made) m`,
      [text, columns.agency, columns.system, columns.purpose, columns.registers, columns.categories],
    );
    await owner.query(
      `INSERT INTO audit_subject (log_id, index, position, index_token, salt, at)
       SELECT 'tereze/0', n, 0, token_0, salt, at FROM made
       UNION ALL SELECT 'tereze/0', n, 1, token_1, salt, at FROM made WHERE commit_1 IS NOT NULL`,
    );
    await owner.query('DROP TABLE made');
  }
  await owner.query('UPDATE audit_head SET size = $1 WHERE log_id = $2', [entries, 'tereze/0']);
  await owner.query('VACUUM ANALYZE audit_entry');
  await owner.query('VACUUM ANALYZE audit_subject');
}

/** A commitment is SHA-256(salt ‖ RFC 8785 of the token). */
const MADE = `CREATE TEMP TABLE made AS
  SELECT *, sha256(salt || convert_to('"' || encode(token_0, 'hex') || '"', 'UTF8')) AS commit_0,
    CASE WHEN token_1 IS NOT NULL THEN sha256(salt || convert_to('"' || encode(token_1, 'hex') || '"', 'UTF8')) END AS commit_1
  FROM (SELECT n, 'r-' || n AS request, at, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at_text,
      CASE WHEN n % ${RARE_ONE_IN} = 7 THEN '${RARE}' ELSE 'tax.income' END AS category,
      substring(sha256(convert_to('salt ' || n, 'UTF8')) FOR 16) AS salt,
      substring(sha256(convert_to('person ' || (n % $5::bigint), 'UTF8')) FOR 16) AS token_0,
      CASE WHEN n % $6::bigint = 0 THEN substring(sha256(convert_to('heavy', 'UTF8')) FOR 16) END AS token_1
    FROM (SELECT n, date_trunc('milliseconds', $3::timestamptz - ($7::bigint - n) * $4::float8 * interval '1 millisecond') AS at
      FROM generate_series($1::bigint, $2::bigint - 1) AS n) AS timed) AS people`;

/** A completion of the usual length, with marks where entries differ. */
function template(): ReturnType<typeof completionEntry> {
  const request: EntryRequest = {
    requestId: '#request',
    question: {
      surface: 'graphql',
      purpose: 'housing_queue',
      case: null,
      documentHash: null,
      documentName: null,
      operationName: null,
    },
    caller: { system: 'housing', kind: 'system', agency: { id: 'housing', bin: '' } },
    token: undefined,
    at: undefined,
  };
  const categories = [
    '#category',
    'population.identity',
    'population.life_status',
    'address.current',
    'civil_acts.family',
  ];
  const subject = (mark: string) => ({ person: '#person', index: mark, sealed: null });
  const built = completionEntry({
    request,
    at: new Date(0),
    outcome: 'answered',
    subjects: [subject('#0'), subject('#1')],
    disclosed: categories.map((category) => ({
      ...{ category, access: 'disclose', basis: 'public_task', nexus: 'application' },
      ...{ policies: ['housing-queue-family'], consents: [], subjects: [0] },
    })) as unknown as Parameters<typeof completionEntry>[0]['disclosed'],
    withheld: [],
    registers: [],
    policySet: 'p',
    catalogue: 'c',
    configuration: 'f',
    answer: null,
    durationMs: 10,
  });
  return { ...built, at: '#at' };
}
