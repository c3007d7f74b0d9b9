import { verifyLogs } from '../../monitoring/audit/verify/verify-logs.js';
import type { SqlExecutor } from '../../schemas/ports/sql.js';
import { openBenchDatabase } from './database.js';
import { fillLog } from './log.js';
import { interleaved, median, ratioText } from './rounds.js';

/**
 * Time and CPU of verifying a whole log, beside reading the same rows page by page by the same driver, in turns.
 * `npm run bench:audit-verify [-- ENTRIES]`; `PG=15` for Debian's PostgreSQL.
 */

const ROUNDS = 5;
const PAGE = 5_000;

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

async function main([count = '20000']: readonly string[]): Promise<void> {
  const entries = Number(count);
  const database = await openBenchDatabase('audit-verify');
  try {
    const sql = database.open(4);
    await fillLog(sql, entries);
    const before = process.memoryUsage.rss();
    const costs = await interleaved(
      { reading: () => read(sql, entries), verifying: () => verify(sql, entries) },
      ROUNDS,
    );
    console.log(`${database.server}, ${entries} entries`);
    for (const name of ['reading', 'verifying'] as const)
      console.log(
        `${name}: ${median(costs[name], 'ms').toFixed(0)} ms, ${((median(costs[name], 'cpuMs') * 1_000) / entries).toFixed(1)} us CPU an entry`,
      );
    for (const of of ['ms', 'cpuMs'] as const)
      console.log(`verifying / reading, ${of}: ${ratioText(costs.verifying, costs.reading, of)}`);
    console.log(
      `resident memory above that before: ${((process.memoryUsage.rss() - before) / 2 ** 20).toFixed(0)} MiB`,
    );
    await sql.close();
  } finally {
    await database.close();
  }
}

await main(process.argv.slice(2));
