import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../gateway/compose/clock.js';
import { migrationFolders } from '../../gateway/compose/migration-folders.js';
import { startEmbedded } from '../../gateway/state/embedded/server.js';
import { migrateAsOwner } from '../../gateway/state/migrate-state.js';
import { createSql } from '../../gateway/state/pool.js';
import { columnsOf } from '../../monitoring/audit/beside/columns.js';
import { canonicalBytes } from '../../monitoring/audit/canonical.js';
import { completionEntry, type EntryRequest } from '../../monitoring/audit/entries.js';
import type { SearchFilter } from '../../monitoring/audit/search/filter.js';
import { scanEntries } from '../../monitoring/audit/search/scan.js';
import { sliceStatement } from '../../monitoring/audit/search/statement.js';
import { STORED_ENTRY } from '../../monitoring/audit/stored-entry.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { figures, timed } from '../figures.js';

/**
 * How long a search of a large audit log takes: a person's newest 50 entries since a date, for ordinary people and for one
 * with 40,000 entries; a rare category over 30 days; with rows compared with their bytes and without.
 * `npm run bench:audit-search [-- ENTRIES]`
 */

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
const HEAVY_ENTRIES = 40_000;
const RARE = 'property.rare';
const RARE_ONE_IN = 10_000;
const PAGE = 50;
const STEP = 50_000;

async function main([count = '200000']: readonly string[]): Promise<void> {
  const entries = Number(count);
  const directory = mkdtempSync(join(tmpdir(), 'tereze-audit-search-'));
  // The embedded PostgreSQL does not run as root.
  chmodSync(directory, 0o755);
  const server = await startEmbedded({ directory: join(directory, 'postgres') });
  const owner = createSql({ connection: server.owner, maxConnections: 1, limitMs: 'none' });
  try {
    await migrateAsOwner(server, { migrations: migrationFolders() });
    const now = new Date();
    await fill(owner, entries, now);
    const sql = createSql({ connection: server.runtime, maxConnections: 2 });
    await measure(sql, entries, now);
    await sql.close();
  } finally {
    await owner.close();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Entry `n` is `n` parts of a year old. It names an ordinary person, and in one of some entries the person with many. */
async function fill(owner: Sql, entries: number, now: Date): Promise<void> {
  const ordinary = Math.max(1, Math.floor(entries / 15));
  const heavyEvery = Math.max(2, Math.floor(entries / Math.min(HEAVY_ENTRIES, entries / 2)));
  const body = template();
  const columns = columnsOf(body);
  const text = canonicalBytes(body).toString();
  for (let from = 0; from < entries; from += STEP) {
    const values = [from, Math.min(entries, from + STEP), now.toISOString(), YEAR_MS / entries, ordinary, heavyEvery];
    await owner.query(MADE, values);
    await owner.query(
      `INSERT INTO audit_entry (log_id, index, request_id, kind, at, schema_version, agency, system, purpose, case_number,
         document_name, document_hash, operation, outcome, code, officer, model, registers, categories, entry, leaf_hash)
       SELECT 'tereze/0', n, request, 'completion', at, 4, $2, $3, $4, NULL, NULL, NULL, NULL, 'answered', NULL, NULL, NULL, $5::text[],
         array_replace($6::text[], '#category', category), bytes, sha256('\\x00'::bytea || bytes)
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
    FROM (SELECT n, date_trunc('milliseconds', $3::timestamptz - n * $4::float8 * interval '1 millisecond') AS at
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

async function measure(sql: Sql, entries: number, now: Date): Promise<void> {
  const clock = systemClock({ timeZone: 'UTC' });
  const since = new Date(now.getTime() - YEAR_MS / 2).toISOString();
  const tokenOf = async (name: string): Promise<string> =>
    (
      await sql.query<{ token: string }>(
        `SELECT encode(substring(sha256(convert_to($1, 'UTF8')) FOR 16), 'hex') AS token`,
        [name],
      )
    ).rows[0]?.token ?? '';
  const first = async (filter: SearchFilter): Promise<number> => {
    for await (const { found } of scanEntries({ sql, clock, filter, rows: PAGE + 1 })) {
      const changed = found.filter(({ entry }) => !entry.intact || entry.differences.length > 0);
      if (changed.length > 0)
        throw new Error(`an entry of the bench differs: ${JSON.stringify(changed[0]?.entry.differences)}`);
      return found.length;
    }
    return 0;
  };
  const people = await Promise.all(
    Array.from({ length: 400 }, (_, nth) => tokenOf(`person ${(nth * 7_919) % Math.max(1, Math.floor(entries / 15))}`)),
  );
  const heavy = { since, tokens: [await tokenOf('heavy')] };
  let nth = 0;
  const ordinary = async (): Promise<void> => {
    nth += 1;
    await first({ since, tokens: [people[nth % people.length] ?? ''] });
  };
  await timed(ordinary, 50);
  const rounds: Record<string, unknown>[] = [];
  for (let round = 0; round < 5; round += 1) {
    const rare = async (): Promise<void> => {
      const month = new Date(now.getTime() - 30 * DAY_MS).toISOString();
      for await (const part of scanEntries({ sql, clock, filter: { since: month, category: RARE } })) void part;
    };
    const whole = { filter: { since }, after: undefined, looked: 1_000, rows: 1_000, but: undefined };
    const { text, values } = sliceStatement(whole);
    const plain = text.replace(STORED_ENTRY, 'e.log_id, e.index, e.entry, e.leaf_hash');
    const derived = async (): Promise<void> => {
      for await (const part of scanEntries({ sql, clock, filter: { since }, rows: 1_000 }))
        if (part.found.length > 0) return;
    };
    const of = {
      ordinary: figures(await timed(ordinary, 200)),
      heavy: figures(await timed(() => first(heavy).then(() => undefined), 200)),
    };
    const ms = {
      rareCategory30Days: figures(await timed(rare, 3)).p50,
      derived1000: figures(await timed(derived, 20)).p50,
      plain1000: figures(await timed(() => sql.query(plain, values).then(() => undefined), 20)).p50,
    };
    rounds.push({
      ...of,
      ...ms,
      heavyToOrdinary: of.heavy.p50 / of.ordinary.p50,
      derivedToPlain: ms.derived1000 / ms.plain1000,
    });
  }
  for (const round of rounds) console.log(JSON.stringify(round));
}

await main(process.argv.slice(2));
