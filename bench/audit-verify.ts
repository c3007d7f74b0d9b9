import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../gateway/compose/clock.js';
import { migrationFolders } from '../gateway/compose/migration-folders.js';
import { systemRandom } from '../gateway/compose/random.js';
import { startEmbedded } from '../gateway/state/embedded/server.js';
import { migrateAsOwner } from '../gateway/state/migrate-state.js';
import { createSql } from '../gateway/state/pool.js';
import { ENTRY_SCHEMA_VERSION, entrySubject, type EntryDraft } from '../monitoring/audit/entries.js';
import { PostgresLog } from '../monitoring/audit/append/postgres-log.js';
import { verifyLogs } from '../monitoring/audit/verify/verify-logs.js';
import type { SqlExecutor } from '../schemas/ports/sql.js';
import { figures } from './figures.js';

/**
 * Time and CPU of verifying a whole log, beside reading the same rows page by page by the same driver, in turns.
 * `npm run bench:audit-verify [-- ENTRIES]`
 */

const ROUNDS = 5;
const PAGE = 5_000;

/** An entry of about 1.8 kB with two people. */
function draft(number: number): EntryDraft {
  const salts = [systemRandom.bytes(16), systemRandom.bytes(16)];
  const tokens = salts.map(() => systemRandom.bytes(16).toString('hex'));
  const at = new Date(Date.UTC(2026, 10, 1) + number * 100).toISOString();
  return {
    body: {
      ...{ schemaVersion: ENTRY_SCHEMA_VERSION, kind: 'intent', requestId: `bench-${number}`, at, surface: 'graphql' },
      ...{ purpose: 'housing_queue', case: { agency: 'housing', number: `HQ-2026-${number}` } },
      ...{ documentHash: `sha256:${'ab'.repeat(32)}`, documentName: 'HousingQueue', operationName: 'HousingQueue' },
      caller: { agency: 'housing', system: 'housing', kind: 'system', officer: null, actor: null, model: null },
      ...{ token: 'c'.repeat(64), requestInTs: number },
      reads: Array.from({ length: 8 }, (_, field) => ({
        ...{ register: 'population', coordinate: `Person.field${field}`, category: 'population.identity' },
        access: 'disclose',
      })),
      ...{ policySet: 'p1', catalogue: 'c1', configuration: 'f1' },
      subjects: salts.map((salt, place) =>
        entrySubject({ identifier: `${number}-${place}`, token: tokens[place] ?? '', salt }),
      ),
    },
    beside: { subjectTokens: tokens, subjectSalts: salts.map((salt) => salt.toString('hex')) },
  };
}

async function fill(sql: ReturnType<typeof createSql>, entries: number): Promise<void> {
  const log = await PostgresLog.open({
    ...{ sql, clock: systemClock({ timeZone: 'UTC' }), random: systemRandom },
    observer: { log: () => undefined, count: () => undefined, duration: () => undefined, gauge: () => undefined },
    lease: { holder: 'bench', name: 'tereze', poolSize: 1, leaseMs: 60_000 },
    ...{ commitMs: 60_000, maxWaiting: 4_096, maxBatch: 200, guard: async () => [] },
  });
  for (let from = 0; from < entries; from += 1_000)
    await Promise.all(Array.from({ length: Math.min(1_000, entries - from) }, (_, at) => log.append(draft(from + at))));
  await log.close();
}

async function read(sql: SqlExecutor, entries: number): Promise<void> {
  for (let from = 0; from < entries; from += PAGE)
    for (const table of ['audit_entry', 'audit_subject'])
      await sql.query(
        `SELECT * FROM ${table} WHERE log_id = 'tereze/0' AND index >= $1 AND index < $2 ORDER BY index`,
        [from, from + PAGE],
      );
}

async function verify(sql: SqlExecutor, entries: number): Promise<void> {
  const [result] = await verifyLogs(sql, {
    verifiedBefore: async () => undefined,
    knownRoots: async () => [],
    onVerified: async () => undefined,
  });
  if (result?.size !== entries || result.fault !== undefined) throw new Error(`verified ${JSON.stringify(result)}`);
}

interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
}

async function costOf(work: () => Promise<void>): Promise<Cost> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { ms: performance.now() - startedAt, cpuMs: (user + system) / 1_000 };
}

async function main([count = '20000']: readonly string[]): Promise<void> {
  const entries = Number(count);
  const directory = mkdtempSync(join(tmpdir(), 'tereze-verify-'));
  // The embedded PostgreSQL does not run as root.
  chmodSync(directory, 0o755);
  const server = await startEmbedded({ directory: join(directory, 'postgres') });
  try {
    await migrateAsOwner(server, { migrations: migrationFolders() });
    const sql = createSql({ connection: server.runtime, maxConnections: 4 });
    await fill(sql, entries);
    const costs: Record<'reading' | 'verifying', Cost[]> = { reading: [], verifying: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      costs.reading.push(await costOf(() => read(sql, entries)));
      costs.verifying.push(await costOf(() => verify(sql, entries)));
    }
    const median = (name: keyof typeof costs, of: keyof Cost): number =>
      figures(costs[name].map((cost) => cost[of])).p50;
    for (const name of ['reading', 'verifying'] as const)
      process.stdout.write(
        `${name} ${entries} entries: ${median(name, 'ms').toFixed(0)} ms, ${((median(name, 'cpuMs') * 1_000) / entries).toFixed(1)} us CPU an entry\n`,
      );
    const ratio = (of: keyof Cost): string => (median('verifying', of) / median('reading', of)).toFixed(2);
    process.stdout.write(`verifying / reading: ${ratio('ms')} time, ${ratio('cpuMs')} CPU\n`);
    process.stdout.write(`memory: ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB\n`);
    await sql.close();
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

await main(process.argv.slice(2));
