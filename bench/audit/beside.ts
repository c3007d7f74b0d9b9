import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../gateway/compose/clock.js';
import type { ConnectionSettings } from '../../gateway/state/embedded/server.js';
import type { AuditLog } from '../../monitoring/audit/port.js';
import { scanEntries } from '../../monitoring/audit/search/scan.js';
import { SinkFeed } from '../../monitoring/sinks/feed.js';
import { NotDelivered } from '../../monitoring/sinks/target.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { figures } from '../figures.js';
import { addPastMonths, openBenchDatabase, type BenchDatabase } from './database.js';
import { benchDraft, openBenchLog } from './log.js';
import { DAYS, fillYear, ordinaryPeople, tokenOf } from './year.js';

/**
 * How long an append takes at 500 entries a second, alone and beside an export, a verification, five officers who search
 * without a pause, and a sink that takes nothing; each beside `alone` in turns. Export and verification are processes of
 * their own, as their commands are; searches and the sink are in the process that appends, as in the gateway.
 * `npm run bench:audit-beside [-- ENTRIES]`; `SECONDS` of a turn, `ROUNDS`, `RATE`; `PG=15` for Debian's PostgreSQL.
 */

const SECONDS = Number(process.env['SECONDS'] ?? 5);
const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const RATE = Number(process.env['RATE'] ?? 500);
const OFFICERS = 5;
const TICK_MS = 10;

/** What goes on beside. Ends when it is told to. */
type Beside = () => { end(): Promise<void> };

async function main([count = '50000']: readonly string[]): Promise<void> {
  const entries = Number(count);
  const database = await openBenchDatabase('audit-beside');
  try {
    const now = new Date();
    await addPastMonths(database.owner, now, DAYS / 30);
    await fillYear(database.owner, entries, now);
    const [sql, officers] = [database.open(4), database.open(OFFICERS)];
    await database.owner.query(
      `INSERT INTO audit_sink (name, target, target_hash, cases, is_named) VALUES ('dead', 'bench', 'bench', false, true) ON CONFLICT (name) DO UPDATE SET is_named = true`,
    );
    // The log of the year is left to the readers.
    await database.owner.query(`UPDATE audit_head SET holder = 'other', lease_expires_at = 'infinity' WHERE size > 0`);
    const log = await openBenchLog(sql);
    const works: Readonly<Record<string, Beside>> = {
      'an export': () => running('export', database),
      'a verification': () => running('verify', database),
      'five officers who search': () => searching(officers, entries),
      'a dead sink': () => feeding(officers),
    };
    const latencies = new Latencies(log);
    await latencies.during(SECONDS);
    console.log(`${database.server}, ${entries} entries before, ${RATE} a second`);
    for (const [what, begin] of Object.entries(works)) {
      const rounds: { readonly alone: number; readonly beside: number }[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const alone = await latencies.during(SECONDS);
        const work = begin();
        await sleep(500);
        const beside = await latencies.during(SECONDS);
        await work.end();
        rounds.push({ alone, beside });
      }
      const ratios = rounds.map(({ alone, beside }) => beside / alone).sort((one, other) => one - other);
      console.log(
        `beside ${what}: p50 ${figures(rounds.map(({ beside }) => beside)).p50.toFixed(1)} ms, ` +
          `alone ${figures(rounds.map(({ alone }) => alone)).p50.toFixed(1)} ms; ` +
          `ratio ${figures(ratios).p50.toFixed(2)} (${ratios[0]?.toFixed(2)} to ${ratios.at(-1)?.toFixed(2)})`,
      );
    }
    await log.close();
    await Promise.all([sql.close(), officers.close()]);
  } finally {
    await database.close();
  }
}

/** Appends at the rate, however long each takes. */
class Latencies {
  readonly #log: AuditLog;
  #number = 0;

  constructor(log: AuditLog) {
    this.#log = log;
  }

  /** Resolves with the median time from the moment at which an entry was due until it was on disk, in milliseconds. */
  async during(seconds: number): Promise<number> {
    const taken: number[] = [];
    const pending: Promise<void>[] = [];
    const [begun, all] = [performance.now(), seconds * RATE];
    for (let sent = 0; sent < all;) {
      const due = Math.min(all, Math.ceil(((performance.now() - begun) * RATE) / 1_000));
      for (; sent < due; sent += 1) {
        const dueAt = begun + (sent * 1_000) / RATE;
        pending.push(
          this.#log.append(benchDraft((this.#number += 1))).then(() => void taken.push(performance.now() - dueAt)),
        );
      }
      await sleep(TICK_MS);
    }
    await Promise.all(pending);
    return figures(taken).p50;
  }
}

function running(what: 'export' | 'verify', { runtime }: BenchDatabase): ReturnType<Beside> {
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), what], {
    env: { ...process.env, BENCH_CONNECTION: JSON.stringify(runtime) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  return {
    end: async () => {
      if (child.exitCode !== null) throw new Error(`${what} ended with ${child.exitCode}`);
      child.kill();
      await ended;
    },
  };
}

function searching(sql: Sql, entries: number): ReturnType<Beside> {
  let isEnded = false;
  const officer = async (nth: number): Promise<void> => {
    for (let search = 0; !isEnded; search += 1) {
      const person = `person ${(search * OFFICERS + nth) % ordinaryPeople(entries)}`;
      const scan = scanEntries({
        sql,
        clock: systemClock({ timeZone: 'UTC' }),
        filter: { tokens: [tokenOf(person)] },
        rows: 51,
      });
      await scan.next();
    }
  };
  const all = Promise.all(Array.from({ length: OFFICERS }, (_, nth) => officer(nth)));
  return {
    end: async () => {
      isEnded = true;
      await all;
    },
  };
}

/** A receiver that takes nothing, and says so after a moment. */
function feeding(sql: Sql): ReturnType<Beside> {
  const feed = new SinkFeed({
    ...{ name: 'dead', sql, clock: systemClock({ timeZone: 'UTC' }), holder: 'bench', batch: 500, timeoutMs: 1_000 },
    observer: { log: () => undefined, count: () => undefined, duration: () => undefined, gauge: () => undefined },
    events: { origin: 'bench.example/tereze', cases: false },
    target: {
      deliver: async () => {
        await sleep(1_000);
        throw new NotDelivered('timeout');
      },
      close: async () => undefined,
    },
  });
  feed.start();
  return { end: () => feed.close() };
}

if (process.env['BENCH_CONNECTION'] === undefined) await main(process.argv.slice(2));
else {
  const { readAgain } = await import('./read-again.js');
  const connection = JSON.parse(process.env['BENCH_CONNECTION']) as string | ConnectionSettings;
  await readAgain(process.argv[2] ?? '', connection);
}
