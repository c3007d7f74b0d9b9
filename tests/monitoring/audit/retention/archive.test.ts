import { expect } from 'chai';
import type { EntryLogReader } from '../../../../monitoring/audit/entries.js';
import { readLeaves, readLogHeads } from '../../../../monitoring/audit/log-heads.js';
import { keepPartitions } from '../../../../monitoring/audit/partitions/keep-partitions.js';
import { monthAfter, monthOf, startOf } from '../../../../monitoring/audit/partitions/months.js';
import { exportLog } from '../../../../monitoring/audit/export/export-log.js';
import { writeTiles } from '../../../../monitoring/audit/export/write-tiles.js';
import { readSignedLogs } from '../../../../monitoring/audit/checkpoints/stored-checkpoints.js';
import { readPartitions } from '../../../../monitoring/audit/partitions/stored-partitions.js';
import type { PostgresLog } from '../../../../monitoring/audit/append/postgres-log.js';
import { archiveLog, type ArchiveFolder } from '../../../../monitoring/audit/retention/archive-log.js';
import { archiveMonths, type Archived, type ArchiveRequest } from '../../../../monitoring/audit/retention/archive.js';
import { readRetentionPolicy } from '../../../../monitoring/audit/retention/policy.js';
import type { LogToArchive } from '../../../../monitoring/audit/retention/log-to-archive.js';
import { Rederivation } from '../../../../monitoring/audit/rederive/rederivation.js';
import { verifyLogs, type VerifiedLog } from '../../../../monitoring/audit/verify/verify-logs.js';
import { listeningObserver, seededRandom, standingClock } from '../../../doubles.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { signCheckpoints } from '../checkpoints/sign-checkpoints.js';
import { besideOf, committed, completionDraft } from '../drafts.js';
import { CutSql } from '../partitions/cut-sql.js';
import type { Sql } from '../../../../schemas/ports/sql.js';
import { FaultySql } from '../append/faulty-sql.js';
import { openDatabase, openLog } from '../harness.js';

const AUDITOR: EntryLogReader = { agency: null, system: 'tereze', kind: 'operator', officer: 'auditor' };
const OLD = '2019-03-05T10:00:00.000Z';
const NEW = '2026-11-20T10:00:00.000Z';
const NOW = '2026-11-30T10:00:00.000Z';

/** A directory in memory. */
function memoryFolder(): ArchiveFolder & { readonly files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    write: async (path, bytes) => void files.set(path, Buffer.from(bytes)),
    read: async (path) => files.get(path),
  };
}

/** The entries of the first bundles of an archive. */
async function* bundles(
  { files }: ReturnType<typeof memoryFolder>,
  count: number,
): AsyncGenerator<readonly Uint8Array[]> {
  const named = [...files.keys()].filter((path) => path.startsWith('tile/entries/')).sort();
  for (const path of named.slice(0, count)) {
    const bytes = files.get(path) as Uint8Array;
    const entries: Uint8Array[] = [];
    for (let at = 0; at < bytes.length;) {
      const end = at + 2 + (bytes[at] as number) * 256 + (bytes[at + 1] as number);
      entries.push(bytes.subarray(at + 2, end));
      at = end;
    }
    yield entries;
  }
}

describe('archiveMonths', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  let log: PostgresLog;
  let replica: PostgresLog;
  let folder = memoryFolder();
  beforeEach(async () => {
    database = await openDatabase();
    folder = memoryFolder();
    replica = await openLog(database.sql, 'replica');
    // 599 old entries and 101 new ones; about the end of the month, a new one comes before the last old one.
    await append([...times(OLD, 598), NEW, OLD, ...times(NEW, 100)]);
    await signCheckpoints(database.sql);
    log = await openLog(database.ownerSql, 'owner', { poolSize: 2 });
  });
  afterEach(async () => {
    await log.close();
    await replica.close();
    await database.close();
  });

  const times = (at: string, count: number): readonly string[] => Array.from({ length: count }, () => at);
  const append = async (ats: readonly string[]): Promise<void> => {
    await Promise.all(
      ats.map((at, nth) =>
        replica.append({
          ...completionDraft(`r${nth}`, { at, subjects: committed([`p${nth}`]) }),
          beside: besideOf([`p${nth}`]),
        }),
      ),
    );
  };
  const keep = (one: LogToArchive): Promise<void> => archiveLog(database.ownerSql, one, folder);
  const archive = (
    changes: Partial<ArchiveRequest> = {},
    { now = NOW, ...archiving }: { now?: string; keep?: typeof keep; log?: PostgresLog; owner?: Sql } = {},
  ): Promise<Archived> =>
    archiveMonths(
      { owner: database.ownerSql, log, clock: standingClock(now), random: seededRandom(), keep, ...archiving },
      { caller: AUDITOR, reason: 'yearly archive', month: '2019-12', retentionMonths: 60, ...changes },
    );
  const verified = async (): Promise<VerifiedLog | undefined> =>
    (
      await verifyLogs(database.sql, {
        log: 'tereze/0',
        verifiedBefore: async () => undefined,
        knownRoots: async () => [],
        onVerified: async () => undefined,
      })
    )[0];
  const faultOf = (attempt: Promise<unknown>): Promise<unknown> =>
    attempt.then(
      () => undefined,
      (error: { fault?: string; name: string }) => error.fault ?? error.name,
    );
  const rows = async (): Promise<number> =>
    (await database.sql.query(`SELECT FROM audit_entry WHERE log_id = 'tereze/0'`)).rows.length;

  it('removes what no tree and no head needs, and every root and leaf stays', async () => {
    const before = await verified();
    const heads = await readLogHeads(database.sql);
    const places = [0, 300, 598].map((index) => ({ log: 'tereze/0', index }));
    const leaves = await Promise.all(places.map((place) => readLeaves(database.sql, [place])));
    expect(await archive()).to.deep.equal({ logs: [{ log: 'tereze/0', below: 512, count: 512 }] });
    expect(await rows()).to.equal(before!.size - 512);
    const after = await verified();
    expect(after).to.deep.include({ size: before!.size, root: before!.root, archived: 512 });
    expect(after?.fault).to.equal(undefined);
    expect((await readLogHeads(database.sql)).find(({ log: name }) => name === 'tereze/0')).to.deep.equal(
      heads.find(({ log: name }) => name === 'tereze/0'),
    );
    expect(await Promise.all(places.map((place) => readLeaves(database.sql, [place])))).to.deep.equal(leaves);
    expect(
      await readRetentionPolicy(database.sql, { retentionMonths: 60, origin: 'log.example.kz/tereze' }),
    ).to.deep.equal({ retentionMonths: 60, logs: [{ log: 'log.example.kz/tereze/0', minimumIndex: 512 }] });
    const { rows: people } = await database.sql.query(
      `SELECT FROM audit_subject WHERE index < 512 AND log_id = 'tereze/0'`,
    );
    expect(people).to.have.length(0);
  });

  it('is asked for in the log before, and stated with what it removed', async () => {
    await archive();
    const { rows: acts } = await database.sql.query<{ outcome: string }>(
      `SELECT outcome FROM audit_entry WHERE kind = 'retention' ORDER BY at, index`,
    );
    expect(acts.map(({ outcome }) => outcome)).to.deep.equal(['archive_asked', 'archived']);
  });

  it('leaves a log that is appended to as before, and compared without a finding', async () => {
    await archive();
    await replica.close();
    replica = await openLog(database.sql, 'another replica');
    await append(times(NEW, 200));
    expect((await verified())?.fault).to.equal(undefined);
    const observer = listeningObserver();
    const options = { sql: database.sql, clock: standingClock(NOW), observer, holder: 'one', everyMs: 3_600_000 };
    const rederivation = new Rederivation(options);
    while ((await rederivation.step()).state === 'compared');
    await rederivation.close();
    expect(observer.lines).to.deep.equal([]);
  });

  it('goes on in the same directory the next time, and not in another', async () => {
    await archive();
    await append(times(NEW, 200));
    await signCheckpoints(database.sql);
    const later = { now: '2032-01-10T10:00:00.000Z' };
    const elsewhere = memoryFolder();
    const error = faultOf(
      archive({ month: '2026-12' }, { ...later, keep: (one) => archiveLog(database.ownerSql, one, elsewhere) }),
    );
    expect(await error).to.equal('ExportDiffers');
    const { logs } = await archive({ month: '2026-12' }, later);
    expect(logs[0]?.below).to.be.greaterThan(700);
    expect((await verified())?.fault).to.equal(undefined);
  });

  it('drops partitions of months that are over, and keeps of them what is needed', async () => {
    const [first] = (await readPartitions(database.sql)) ?? [];
    const month = monthOf(new Date(first?.to ?? ''));
    await keepPartitions(database.ownerSql, new Date(startOf(month)));
    await append(times(`${month}-10T00:00:00.000Z`, 300));
    await signCheckpoints(database.sql);
    const before = await verified();
    const now = startOf(monthAfter(month, 70));
    await archive({ month }, { now });
    const names = ((await readPartitions(database.sql)) ?? []).map(({ name }) => name);
    expect(names).to.not.include.members(['before', month.replace('-', '_')]);
    expect(names[0]).to.equal(monthAfter(month).replace('-', '_'));
    const after = await verified();
    expect(after?.fault).to.equal(undefined);
    expect(after?.root).to.equal(before?.root);
    // What is left goes into a partition of its month again.
    await keepPartitions(database.ownerSql, new Date(startOf(month)));
    expect((await verified())?.fault).to.equal(undefined);
  });

  it('is refused for months that must stay, and for what a hold keeps', async () => {
    expect(await faultOf(archive({ month: '2021-11' }))).to.equal('too_early');
    expect(await faultOf(archive({ month: '2026-12' }))).to.equal('too_early');
    await database.ownerSql.query(
      `INSERT INTO audit_hold (hold_id, agency, asked_by, asked_at) VALUES ('h', 'housing', 'someone', now())`,
    );
    expect(await faultOf(archive())).to.equal('held');
    expect((await verified())?.archived).to.equal(undefined);
    expect(await rows()).to.be.greaterThan(699);
  });

  it('is refused without a signed checkpoint', async () => {
    await database.ownerSql.query('TRUNCATE audit_checkpoint');
    expect(await faultOf(archive())).to.equal('unsigned');
  });

  it('removes nothing if the archive is not accepted, was set in a hold meanwhile, or is not that of the entries', async () => {
    const before = await rows();
    const refused = new TypeError('no');
    expect(await faultOf(archive({}, { keep: () => Promise.reject(refused) }))).to.equal('TypeError');
    const held = archive(
      {},
      {
        keep: async (one) => {
          await keep(one);
          await database.sql.query(
            `INSERT INTO audit_hold (hold_id, agency, asked_by, asked_at) VALUES ('h', 'housing', 'someone', now())`,
          );
        },
      },
    );
    expect(await faultOf(held)).to.equal('held');
    await database.ownerSql.query('TRUNCATE audit_hold');
    const late = archive({}, { keep: async (one) => keep(one).then(() => append([OLD])) });
    expect(await faultOf(late)).to.equal('later_entries');
    await signCheckpoints(database.sql);
    const broken: ArchiveFolder = {
      ...folder,
      write: (path, bytes) =>
        folder.write(
          path,
          bytes.map((one) => one ^ 1),
        ),
    };
    folder.files.clear();
    const garbled = archive({}, { keep: (one) => archiveLog(database.ownerSql, one, broken) });
    expect(await faultOf(garbled)).to.equal('ExportDiffers');
    folder.files.clear();
    await database.ownerSql.query('ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_leaf');
    await database.ownerSql.query(`UPDATE audit_entry SET entry = '{}' WHERE index = 9 AND log_id = 'tereze/0'`);
    expect(await faultOf(archive())).to.equal('ExportDiffers');
    expect(await rows()).to.be.greaterThanOrEqual(before);
  });

  it('explains no entry that is missing beyond what was archived', async () => {
    await archive();
    await database.ownerSql.query(`DELETE FROM audit_subject WHERE index = 520 AND log_id = 'tereze/0'`);
    await database.ownerSql.query(`DELETE FROM audit_entry WHERE index = 520 AND log_id = 'tereze/0'`);
    expect((await verified())?.fault).to.include({ kind: 'entry_missing', index: 520 });
  });

  it('finds a tile that was changed below what was archived', async () => {
    await archive();
    await database.ownerSql.query(
      `UPDATE audit_tile SET hashes = overlay(hashes PLACING decode(repeat('00', 32), 'hex') FROM 33 FOR 32) WHERE level = 0 AND number = 0 AND log_id = 'tereze/0'`,
    );
    expect((await verified())?.fault?.kind).to.equal('tile');
  });

  it('loses nothing if it ends at any file or statement, and completes when it is run again', async () => {
    const size = await rows();
    let cuts = 0;
    for (let at = 1; ; at += 1) {
      let written = 0;
      const ending: ArchiveFolder = {
        ...folder,
        write: async (path, bytes) => {
          written += 1;
          if (written === at) throw new TypeError('the process ended');
          await folder.write(path, bytes);
        },
      };
      const owner = new CutSql(database.ownerSql, { at, when: 'after' });
      const fault = await faultOf(archive({}, { owner, keep: (one) => archiveLog(owner, one, ending) }));
      if (fault === undefined) break;
      cuts += 1;
      expect(await rows(), `cut at ${at}`).to.be.at.least(size);
    }
    expect(cuts).to.be.at.least(5);
    const after = await verified();
    expect([after?.fault, after?.archived]).to.deep.equal([undefined, 512]);
    const written = await writeTiles(bundles(folder, 3), async (path, bytes) => {
      expect(Buffer.from(folder.files.get(path) ?? []).equals(Buffer.from(bytes)), path).to.equal(true);
    });
    expect(written.size).to.be.at.least(599);
  });

  it('removes whole bundles only, so that what is left can be exported', async () => {
    // Of 700 entries and 400 later ones: 599 old entries are two bundles and a part of the third.
    await append(times(NEW, 400));
    await signCheckpoints(database.sql);
    expect(await archive()).to.deep.equal({ logs: [{ log: 'tereze/0', below: 512, count: 512 }] });
    const [signed] = (await readSignedLogs(database.sql)).flatMap(({ logId, checkpoint }) =>
      checkpoint !== undefined && logId === 'tereze/0' ? [{ logId, checkpoint }] : [],
    );
    const files = new Map<string, Uint8Array>();
    const exported = await exportLog(database.sql, signed!, async (path, bytes) => {
      files.set(path, Buffer.from(bytes));
    });
    expect(exported).to.deep.equal({ minimumIndex: 512 });
    const names = [...files.keys()];
    expect(names.filter((name) => name.includes('entries'))[0]).to.equal('tile/entries/002');
    expect(names).to.include.members(['tile/0/000', 'tile/0/001', 'checkpoint']);
  });

  for (const fault of ['not_written', 'reply_lost'] as const)
    it(`removes nothing that the log does not state, if its commit is ${fault}`, async () => {
      await log.close();
      const faulty = new FaultySql(database.ownerSql);
      log = await openLog(faulty, 'owner', { poolSize: 2 });
      const error = faultOf(archive({}, { keep: async (one) => keep(one).then(() => faulty.failNext(fault)) }));
      expect(await error).to.equal('AuditUnavailable');
      const after = await verified();
      expect(after?.fault).to.equal(undefined);
      expect(after?.archived).to.equal(fault === 'not_written' ? undefined : 512);
      await archive();
      expect((await verified())?.archived).to.equal(512);
    });
});
