import { systemClock } from '../../gateway/compose/clock.js';
import type { SearchFilter } from '../../monitoring/audit/search/filter.js';
import { scanEntries } from '../../monitoring/audit/search/scan.js';
import { entriesStatement, positionsStatement } from '../../monitoring/audit/search/statement.js';
import { ENTRY_SELECTION, readBody, storedEntrySelection } from '../../monitoring/audit/stored-entry.js';
import { PREPARED, type Sql } from '../../schemas/ports/sql.js';
import { figures, timed, type Figures } from '../figures.js';
import { openBenchDatabase, addPastMonths } from './database.js';
import { DAYS, fillYear, ordinaryPeople, RARE, tokenOf } from './year.js';

/**
 * How long a search of a large audit log takes, whose year has partitions by month: a person's newest 50 entries since a
 * date, for ordinary people and for one with 40,000 entries; a rare category over 30 days; with rows compared with their
 * bytes and without. `npm run bench:audit-search [-- ENTRIES]`; `PG=15` for Debian's PostgreSQL.
 */

const DAY_MS = 86_400_000;
const PAGE = 50;
const ROUNDS = 5;
const TIMES = 200;

async function main([count = '200000']: readonly string[]): Promise<void> {
  const entries = Number(count);
  const database = await openBenchDatabase('audit-search');
  try {
    const now = new Date();
    await addPastMonths(database.owner, now, DAYS / 30);
    await fillYear(database.owner, entries, now);
    const sql = database.open(2);
    console.log(`${database.server}, ${entries} entries`);
    await measure({ sql, entries, now, serverCpuMs: () => database.cpuMs() });
    await sql.close();
  } finally {
    await database.close();
  }
}

interface Measuring {
  readonly sql: Sql;
  readonly entries: number;
  readonly now: Date;
  readonly serverCpuMs: () => number;
}

async function measure({ sql, entries, now, serverCpuMs }: Measuring): Promise<void> {
  const ago = (days: number): string => new Date(now.getTime() - days * DAY_MS).toISOString();
  const [since, month] = [ago(DAYS / 2), ago(30)];
  const first = async (filter: SearchFilter, rows: number): Promise<void> => {
    for await (const { found } of scanEntries({ sql, clock: systemClock({ timeZone: 'UTC' }), filter, rows })) {
      const changed = found.find(({ entry }) => !entry.intact || entry.differences.length > 0);
      if (changed !== undefined)
        throw new Error(`an entry of the bench differs: ${JSON.stringify(changed.entry.differences)}`);
      return;
    }
  };
  const people = Array.from({ length: 400 }, (_, nth) => tokenOf(`person ${(nth * 7_919) % ordinaryPeople(entries)}`));
  let nth = 0;
  const ordinary = (): Promise<void> => first({ since, tokens: [people[(nth += 1) % people.length] ?? ''] }, PAGE + 1);
  const heavy = (): Promise<void> => first({ since, tokens: [tokenOf('heavy')] }, PAGE + 1);
  const rare = async (): Promise<void> => {
    const clock = systemClock({ timeZone: 'UTC' });
    for await (const part of scanEntries({ sql, clock, filter: { since: month, category: RARE } })) void part;
  };
  const costOf = async (ask: () => Promise<void>, times: number): Promise<Cost> => {
    const [server, own] = [serverCpuMs(), process.cpuUsage()];
    const taken = figures(await timed(ask, times));
    const { user, system } = process.cpuUsage(own);
    return { ...taken, cpuMs: (serverCpuMs() - server + (user + system) / 1_000) / times };
  };
  await timed(ordinary, TIMES);
  const rounds: Record<'ordinary' | 'heavy' | 'rare' | 'derived' | 'plain', Cost[]> = {
    ...{ ordinary: [], heavy: [], rare: [], derived: [], plain: [] },
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.ordinary.push(await costOf(ordinary, TIMES));
    rounds.heavy.push(await costOf(heavy, TIMES));
    rounds.rare.push(await costOf(rare, 3));
    rounds.derived.push(await costOf(() => first({ since }, 1_000), 20));
    rounds.plain.push(await costOf(() => withoutDeriving(sql, since), 20));
  }
  const median = (name: keyof typeof rounds, of: keyof Cost): number => figures(rounds[name].map((one) => one[of])).p50;
  const line = (what: string, name: keyof typeof rounds): void =>
    console.log(
      `${what}: p50 ${ms(median(name, 'p50'))}, p99 ${ms(median(name, 'p99'))}, CPU ${ms(median(name, 'cpuMs'))}`,
    );
  line(`a person, up to ${PAGE} entries of half a year`, 'ordinary');
  line('the person with many, 50 entries', 'heavy');
  line('a rare category over 30 days', 'rare');
  line('the newest 1,000 entries, compared with their bytes', 'derived');
  line('the same rows as they are', 'plain');
  const ratio = (one: keyof typeof rounds, other: keyof typeof rounds, of: keyof Cost): string =>
    figures(rounds[one].map((cost, round) => cost[of] / (rounds[other][round]?.[of] ?? Number.NaN))).p50.toFixed(2);
  console.log(`many / ordinary: ${ratio('heavy', 'ordinary', 'p50')}, CPU ${ratio('heavy', 'ordinary', 'cpuMs')}`);
  console.log(`compared / as they are: ${ratio('derived', 'plain', 'p50')}, CPU ${ratio('derived', 'plain', 'cpuMs')}`);
}

interface Cost extends Figures {
  /** CPU of this process and of the server for one search. */
  readonly cpuMs: number;
}

const ms = (value: number): string => `${value.toFixed(1)} ms`;

/**
 * Reads what a search would show that compared nothing: the columns and the parsed bytes of the same entries, without the
 * rows of their people.
 */
async function withoutDeriving(sql: Sql, since: string): Promise<void> {
  const request = { filter: { since }, after: undefined, looked: 1_000, rows: 1_000, but: undefined };
  const positions = positionsStatement(request);
  const { rows } = await sql.query<{ at: string; log_id: string; index: string }>(
    positions.text,
    positions.values,
    PREPARED,
  );
  const found = rows.map(({ at, log_id: log, index }) => ({ at, log, index: Number(index) }));
  const { text, values } = entriesStatement(found, undefined);
  const plain = text.replace(storedEntrySelection([WITHIN]), ENTRY_SELECTION);
  if (plain === text) throw new Error('the statement selects something else');
  const shown = await sql.query<{ entry: Buffer }>(plain, values, PREPARED);
  if (shown.rows.filter(({ entry }) => readBody(entry) !== undefined).length !== rows.length)
    throw new Error('an entry of the bench cannot be read');
}

const WITHIN = 's.at BETWEEN $4::timestamptz AND $5::timestamptz';

await main(process.argv.slice(2));
