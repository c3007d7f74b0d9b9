import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../gateway/compose/clock.js';
import { writeNewFile } from '../../gateway/cli/audit/new-file.js';
import { asJson } from '../../monitoring/audit/entry-json.js';
import { ocsfEvents } from '../../monitoring/audit/formats/ocsf/events-of-entry.js';
import { scanEntries } from '../../monitoring/audit/search/scan.js';
import type { StoredEntry } from '../../monitoring/audit/stored-entry.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { addPastMonths, openBenchDatabase } from './database.js';
import { interleaved, median, ratioText } from './rounds.js';
import { DAYS, fillYear } from './year.js';

/**
 * Exporting a whole log to a file, as JSON lines and as OCSF events, beside reading the same rows by the same driver; and
 * the most memory above that at the start. `npm run bench:audit-export [-- ENTRIES]`; `PG=15` for Debian's PostgreSQL.
 */

const ROUNDS = 5;
const PAGE = 5_000;

const FORMATS = {
  jsonl: (entry: StoredEntry) => `${JSON.stringify(asJson(entry))}\n`,
  ocsf: (entry: StoredEntry) =>
    ocsfEvents(entry, { origin: 'bench.example/tereze', cases: true })
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(''),
};

async function* textsOf(sql: Sql, of: (entry: StoredEntry) => string, entries: number): AsyncGenerator<string> {
  let written = 0;
  for await (const { found } of scanEntries({ sql, clock: systemClock({ timeZone: 'UTC' }), filter: {} })) {
    yield found.map(({ entry }) => of(entry)).join('');
    written += found.length;
  }
  if (written !== entries) throw new Error(`wrote ${written} entries of ${entries}`);
}

async function read(sql: Sql, entries: number): Promise<void> {
  for (let from = 0; from < entries; from += PAGE)
    for (const table of ['audit_entry', 'audit_subject'])
      await sql.query(
        `SELECT * FROM ${table} WHERE log_id = 'tereze/0' AND index >= $1 AND index < $2 ORDER BY index`,
        [from, from + PAGE],
      );
}

async function main([count = '50000']: readonly string[]): Promise<void> {
  const entries = Number(count);
  const database = await openBenchDatabase('audit-export');
  const directory = mkdtempSync(join(tmpdir(), 'tereze-export-'));
  try {
    const now = new Date();
    await addPastMonths(database.owner, now, DAYS / 30);
    await fillYear(database.owner, entries, now);
    const sql = database.open(2);
    let most = 0;
    let bytes = 0;
    const exported = (format: keyof typeof FORMATS) => async (): Promise<void> => {
      const file = join(directory, format);
      await writeNewFile(file, textsOf(sql, FORMATS[format], entries));
      bytes = statSync(file).size;
      rmSync(file);
    };
    const start = process.memoryUsage.rss();
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss() - start)), 50);
    const works = { reading: () => read(sql, entries), jsonl: exported('jsonl'), ocsf: exported('ocsf') };
    const costs = await interleaved(works, ROUNDS);
    clearInterval(watch);
    console.log(
      `${database.server}, ${entries} entries, ${(bytes / entries).toFixed(0)} bytes an entry in the last file`,
    );
    for (const name of ['reading', 'jsonl', 'ocsf'] as const)
      console.log(
        `${name}: ${median(costs[name], 'ms').toFixed(0)} ms, ${((median(costs[name], 'cpuMs') * 1_000) / entries).toFixed(1)} us CPU an entry`,
      );
    for (const name of ['jsonl', 'ocsf'] as const)
      for (const of of ['ms', 'cpuMs'] as const)
        console.log(`${name} / reading, ${of}: ${ratioText(costs[name], costs.reading, of)}`);
    console.log(`memory above that at the start, at most: ${(most / 2 ** 20).toFixed(0)} MiB`);
    await sql.close();
  } finally {
    rmSync(directory, { recursive: true, force: true });
    await database.close();
  }
}

await main(process.argv.slice(2));
