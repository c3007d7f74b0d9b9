import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createHttpClient } from '../../gateway/compose/http-client.js';
import { sinksConfig } from '../../monitoring/sink-config.js';
import { Sinks } from '../../monitoring/sinks/open-sinks.js';
import type { PostgresLog } from '../../monitoring/audit/append/postgres-log.js';
import type { Clock } from '../../schemas/ports/clock.js';
import { seededRandom, silentObserver, standingClock } from '../doubles.js';
import type { TestDatabase } from '../gateway/state/test-database.js';
import { completionDraft } from '../monitoring/audit/drafts.js';
import { emptyLog, openDatabase, openLog } from '../monitoring/audit/harness.js';
import { firstOf, indexesOf } from '../monitoring/sinks/deliveries.js';
import { ReceiverProcess } from '../monitoring/sinks/receiver-process.js';
import { LOOPBACK_CERTIFICATE } from '../ports/loopback-certificate.js';

const KILLS = 20;
/** Entries while the receiver is killed; `SINK_ENTRIES` asks for more. */
const ENTRIES = Number(process.env['SINK_ENTRIES'] ?? 2_000);

const PORTION = 1_000;

/** Back-off goes by this clock: a minute is a second. */
const hurried: Clock = { ...standingClock(), monotonic: () => performance.now() * 60 };

/** Appends the entries in portions that the queue of the log takes. */
async function writeAll(log: PostgresLog): Promise<void> {
  for (let from = 0; from < ENTRIES; from += PORTION)
    await Promise.all(
      Array.from({ length: Math.min(PORTION, ENTRIES - from) }, (_, nth) =>
        log.append(completionDraft(`r${from + nth}`)),
      ),
    );
}

describe(`a receiver killed ${KILLS} times`, function () {
  this.timeout(120_000 + ENTRIES * 20);
  const folder = mkdtempSync(join(tmpdir(), 'tereze-killed-receiver-'));
  const authority = join(folder, 'ca.pem');
  let database: TestDatabase;
  before(async () => {
    writeFileSync(authority, LOOPBACK_CERTIFICATE);
    database = await openDatabase();
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await database.close();
  });

  for (const kind of ['https', 'syslog'] as const)
    it(`has all ${ENTRIES} entries in their order, some twice and then the same, by ${kind}`, async () => {
      await database.ownerSql.query('TRUNCATE audit_sink, audit_sink_cursor');
      await emptyLog(database);
      const log = await openLog(database.sql);
      const receiver = await ReceiverProcess.start(kind);
      const where =
        kind === 'https' ? { url: `https://127.0.0.1:${receiver.port}/` } : { host: '127.0.0.1', port: receiver.port };
      const sinks = sinksConfig.parse({
        siem: { kind, ...where, tls: { ca_file: authority }, batch: Math.ceil(ENTRIES / 100), timeout_ms: 5_000 },
      });
      const random = seededRandom(kind);
      const ports = {
        sql: database.sql,
        log,
        clock: hurried,
        random,
        observer: silentObserver(),
        http: createHttpClient(),
      };
      const sending = new Sinks({ ...ports, sinks, origin: undefined, holder: 'one' });
      try {
        sending.start();
        // The entry of the sink is the first.
        const writing = writeAll(log);
        writing.catch(() => undefined);
        for (let kill = 0; kill < KILLS; kill += 1) {
          const share = (kill + (random.bytes(1)[0] ?? 0) / 256) / (KILLS + 1);
          await receiver.has(Math.floor(ENTRIES * share));
          await receiver.kill();
        }
        await writing;
        await receiver.has(ENTRIES + 1);
        const kept = receiver.kept();
        expect(indexesOf(firstOf(kept.map(({ id }) => id)))).to.deep.equal(
          Array.from({ length: ENTRIES + 1 }, (_, index) => index),
        );
        const different = new Set(kept.map(({ id, hash }) => `${id} ${hash}`));
        expect(different.size, 'what came twice is the same').to.equal(ENTRIES + 1);
      } finally {
        await sending.close();
        await log.close();
        await receiver.close();
      }
    });
});
