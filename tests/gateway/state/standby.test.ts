import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../gateway/compose/clock.js';
import { migrationFolders } from '../../../gateway/compose/migration-folders.js';
import type { Standbys } from '../../../gateway/state/checks/standbys.js';
import { migrateState } from '../../../gateway/state/migrate-state.js';
import { openState } from '../../../gateway/state/open.js';
import { createSql, type SqlPool } from '../../../gateway/state/pool.js';
import type { StateFailure } from '../../../gateway/state/state-failure.js';
import type { StateOptions } from '../../../gateway/state/state-options.js';
import type { SqlFailure } from '../../../schemas/ports/sql.js';
import { DEBIAN_PROGRAMS, startPrimary, startStandby, type PostgresServer } from './debian-programs.js';
import { needsPrograms } from '../../needs-programs.js';

const failureOf = (attempt: Promise<unknown>): Promise<SqlFailure & StateFailure> =>
  attempt.then(
    () => expect.fail('did not fail'),
    (error: unknown) => error as SqlFailure & StateFailure,
  );

describe('a state database with a synchronous standby', function () {
  this.timeout(120_000);
  let directory: string;
  let primary: PostgresServer;
  let standby: PostgresServer;
  let sql: SqlPool;

  before(async function () {
    needsPrograms(this, DEBIAN_PROGRAMS.postgres);
    directory = mkdtempSync(join(tmpdir(), 'tereze-standby-'));
    primary = await startPrimary(directory);
    await primary.ask('CREATE ROLE gateway LOGIN');
    await migrateState(options());
    // Shorter than the standby is paused: it must not end a commit that waits.
    await primary.ask(`ALTER ROLE gateway IN DATABASE postgres SET statement_timeout = '300ms'`);
    await primary.ask('CREATE TABLE thing (id int PRIMARY KEY); GRANT ALL ON thing TO gateway');
    standby = await startStandby(directory, primary, 'second');
    await waitFor('FIRST 1 (second)');
    sql = createSql({ connection: primary.url('gateway'), limitMs: 1_000, maxConnections: 2 });
  });
  after(async () => {
    standby?.resume();
    await (sql as SqlPool | undefined)?.close();
    await (standby as PostgresServer | undefined)?.stop();
    await (primary as PostgresServer | undefined)?.stop();
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  });

  const options = (changes: Partial<StateOptions> = {}): StateOptions => ({
    databaseUrl: primary.url('gateway'),
    databaseAdminUrl: primary.url(),
    directory,
    migrations: migrationFolders(),
    clock: systemClock({ timeZone: 'UTC', factDate: undefined }),
    demands: { role: true, replicated: true },
    ...changes,
  });
  const opens = async (changes: Partial<StateOptions> = {}): Promise<void> => {
    const state = await openState(options(changes));
    await state.close();
  };
  /** Sets which standbys a commit waits for, and waits until the server does so. */
  async function waitFor(names: string): Promise<void> {
    await primary.ask(`ALTER SYSTEM SET synchronous_standby_names = '${names}'`);
    await primary.ask('SELECT pg_reload_conf()');
    const [wanted] = names === '' ? ['async'] : ['sync'];
    const state = async (): Promise<unknown> =>
      (await primary.ask('SELECT sync_state FROM pg_stat_replication'))[0]?.['sync_state'];
    while ((await state()) !== wanted) await sleep(20);
  }
  /** Sets it, and waits until new sessions have it. */
  async function setFullPageWrites(to: 'on' | 'off'): Promise<void> {
    await primary.ask(`ALTER SYSTEM SET full_page_writes = ${to}`);
    await primary.ask('SELECT pg_reload_conf()');
    while ((await primary.ask('SHOW full_page_writes'))[0]?.['full_page_writes'] !== to) await sleep(20);
  }
  const stored = async (id: number): Promise<number> =>
    (await primary.ask(`SELECT 1 FROM thing WHERE id = ${id}`)).length;
  /** The connections that wait for the standby. */
  const waiting = async (): Promise<readonly number[]> =>
    (await primary.ask(`SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = 'gateway'`)).map(
      ({ pid }) => Number(pid),
    );
  const untilWaiting = async (): Promise<number> => {
    for (;;) {
      const [pid] = await waiting();
      if (pid !== undefined) return pid;
      await sleep(10);
    }
  };

  it('is taken, and says how many standbys there are', async () => {
    const seen: Standbys[] = [];
    await opens({ onStandbys: (standbys) => seen.push(standbys) });
    expect(seen[0]).to.deep.equal({ required: 1, candidates: 1, synchronous: 1, areTold: false });
    await primary.ask('GRANT pg_read_all_stats TO gateway');
    await opens({ onStandbys: (standbys) => seen.push(standbys) });
    expect(seen.at(-1)).to.deep.equal({ required: 1, candidates: 1, synchronous: 1, areTold: true });
    await primary.ask('REVOKE pg_read_all_stats FROM gateway');
  });

  it('is refused to the owner that migrates, everywhere but in the demo', async () => {
    const asOwner = { databaseUrl: primary.url() };
    expect(await failureOf(opens(asOwner))).to.have.property('code', 'SESSION_SETTINGS');
    await primary.ask(`ALTER ROLE postgres SET statement_timeout = '5s'`);
    await primary.ask(`ALTER ROLE postgres SET idle_in_transaction_session_timeout = '5s'`);
    expect(await failureOf(opens(asOwner))).to.have.property('code', 'ROLE_TOO_STRONG');
    await opens({ ...asOwner, demands: { role: false, replicated: false } });
    await primary.ask('ALTER ROLE postgres RESET ALL');
  });

  it('is refused where commits wait for no standby, unless none is demanded', async () => {
    await waitFor('');
    expect(await failureOf(opens())).to.have.property('code', 'NOT_REPLICATED');
    await opens({ demands: { role: true, replicated: false } });
    await waitFor('FIRST 1 (second)');
  });

  for (const weak of ['off', 'local', 'remote_write']) {
    it(`is refused where its commits are ${weak}, which the role may have of its own`, async () => {
      await primary.ask(`ALTER ROLE gateway IN DATABASE postgres SET synchronous_commit = ${weak}`);
      const failure = await failureOf(opens());
      expect([failure.code, failure.message]).to.deep.equal([
        'NOT_DURABLE',
        `the state database runs with synchronous_commit = ${weak}`,
      ]);
      await primary.ask('ALTER ROLE gateway IN DATABASE postgres RESET synchronous_commit');
    });
  }

  it('is refused with full_page_writes off', async () => {
    await setFullPageWrites('off');
    expect(await failureOf(opens())).to.have.property('code', 'NOT_DURABLE');
    await setFullPageWrites('on');
    await opens();
  });

  describe('that is paused', () => {
    beforeEach(() => standby.pauseReceiving());
    afterEach(() => standby.resume());

    for (const [form, write] of [
      ['one statement', (id: number) => sql.query('INSERT INTO thing VALUES ($1)', [id])],
      ['a transaction', (id: number) => sql.transaction((tx) => tx.query('INSERT INTO thing VALUES ($1)', [id]))],
    ] as const) {
      it(`lets ${form} fail with an open outcome, and never cancels its commit`, async () => {
        const id = form === 'one statement' ? 1 : 2;
        const failed = failureOf(write(id));
        const pid = await untilWaiting();
        expect((await failed).outcome).to.equal('unknown');
        // Beyond the limit of a statement, and beyond that of its caller.
        await sleep(600);
        expect(await waiting()).to.deep.equal([pid]);
        expect(await stored(id)).to.equal(0);
        standby.resume();
        while ((await stored(id)) === 0) await sleep(20);
      });

      it(`does not take for done ${form} whose wait someone cancelled`, async () => {
        const id = form === 'one statement' ? 3 : 4;
        const failed = failureOf(write(id));
        await primary.ask(`SELECT pg_cancel_backend(${await untilWaiting()})`);
        expect(await failed).to.include({ outcome: 'unknown', code: '01000' });
        // What the server did nevertheless.
        expect(await stored(id)).to.equal(1);
      });

      it(`does not take for done ${form} whose connection someone ended`, async () => {
        const id = form === 'one statement' ? 5 : 6;
        const failed = failureOf(write(id));
        await primary.ask(`SELECT pg_terminate_backend(${await untilWaiting()})`);
        expect((await failed).outcome).to.equal('unknown');
      });
    }

    it('has no more commits that hang than the pool has connections', async () => {
      const failed = [7, 8, 9, 10].map((id) => failureOf(sql.query('INSERT INTO thing VALUES ($1)', [id])));
      const outcomes = (await Promise.all(failed)).map(({ outcome }) => outcome);
      expect(outcomes.sort()).to.deep.equal(['not_done', 'not_done', 'unknown', 'unknown']);
      expect(await waiting()).to.have.lengthOf(2);
      standby.resume();
      expect((await sql.query('SELECT 1')).count).to.equal(1);
    });
  });

  // A suite of its own, because the tests of a suite run before the suites in it.
  describe('that is gone', () => {
    it('is refused', async () => {
      await standby.stop();
      while ((await primary.ask('SELECT 1 FROM pg_stat_replication')).length > 0) await sleep(20);
      const failure = await failureOf(opens());
      expect([failure.code, failure.message]).to.deep.equal([
        'NOT_REPLICATED',
        'commits of the state database wait for 1 standby(s), and 0 are connected',
      ]);
    });
  });
});
