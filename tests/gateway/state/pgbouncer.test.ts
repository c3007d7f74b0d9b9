import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../gateway/compose/clock.js';
import { migrationFolders } from '../../../gateway/compose/migration-folders.js';
import { migrateState } from '../../../gateway/state/migrate-state.js';
import { openState, type State } from '../../../gateway/state/open.js';
import type { StateFailure } from '../../../gateway/state/state-failure.js';
import type { StateOptions } from '../../../gateway/state/state-options.js';
import type { SqlFailure } from '../../../schemas/ports/sql.js';
import { intentDraft } from '../../monitoring/audit/drafts.js';
import { openLog } from '../../monitoring/audit/harness.js';
import { DEBIAN_PROGRAMS, startPgBouncer, startPrimary, type Pooler, type PostgresServer } from './debian-programs.js';
import { needsPrograms } from '../../needs-programs.js';

const failureOf = (attempt: Promise<unknown>): Promise<SqlFailure & StateFailure> =>
  attempt.then(
    () => expect.fail('did not fail'),
    (error: unknown) => error as SqlFailure & StateFailure,
  );

/** What operators set so that clients with settings in the startup packet can connect. */
const LENIENT = ['ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout,options'];

for (const [kind, settings] of [
  ['as it is', []],
  ['that drops what it does not know', LENIENT],
] as const) {
  describe(`a state database behind a PgBouncer in transaction mode, ${kind}`, function () {
    this.timeout(120_000);
    let directory: string;
    let server: PostgresServer;
    let pooler: Pooler;
    let state: State;

    before(async function () {
      needsPrograms(this, DEBIAN_PROGRAMS.postgres, DEBIAN_PROGRAMS.pgbouncer);
      directory = mkdtempSync(join(tmpdir(), 'tereze-bouncer-'));
      server = await startPrimary(directory, [`timezone = 'Asia/Almaty'`]);
      await server.ask('CREATE ROLE gateway LOGIN');
      await server.ask('CREATE ROLE other LOGIN');
      pooler = await startPgBouncer(directory, server, settings);
      await migrateState(options());
      state = await openState(options());
    });
    after(async () => {
      await (state as State | undefined)?.close();
      await (pooler as Pooler | undefined)?.stop();
      await (server as PostgresServer | undefined)?.stop();
      if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    });

    const options = (): StateOptions => ({
      databaseUrl: pooler.url('gateway'),
      databaseAdminUrl: server.url(),
      directory,
      migrations: migrationFolders(),
      clock: systemClock({ timeZone: 'UTC', factDate: undefined }),
    });

    it('refuses a role whose sessions have no time limits, and says the statements that set them', async () => {
      await server.ask('GRANT tereze_runtime TO other');
      const failure = await failureOf(openState({ ...options(), databaseUrl: pooler.url('other') }));
      expect([failure.code, failure.message]).to.deep.equal([
        'SESSION_SETTINGS',
        'sessions of the runtime role lack statement_timeout = 5000ms, idle_in_transaction_session_timeout = 10000ms',
      ]);
      for (const statement of (failure.hint ?? '').split('\n').filter((line) => line.startsWith('ALTER')))
        await server.ask(statement);
      await server.ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'other'`);
      await (await openState({ ...options(), databaseUrl: pooler.url('other') })).close();
    });

    it('has both time limits in every session, and ends what takes longer', async () => {
      const limits = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const { rows } = await state.sql.query<{ limits: string }>(
            `SELECT concat_ws(' ', current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')) AS limits FROM pg_sleep(0.02)`,
          );
          return rows[0]?.limits;
        }),
      );
      expect(new Set(limits)).to.deep.equal(new Set(['5s 10s']));
      expect(await failureOf(state.sql.query('SELECT pg_sleep(20)'))).to.include({
        outcome: 'not_done',
        code: '57014',
      });
      expect(
        await server.ask(
          `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(20)%' AND pid <> pg_backend_pid()`,
        ),
      ).to.deep.equal([]);
    });

    it('reads instants in UTC, although the server has another zone', async () => {
      const { rows } = await state.sql.query(`SELECT '2026-03-02 15:04:05.678+05'::timestamptz AS at`);
      expect(rows[0]).to.deep.equal({ at: '2026-03-02T10:04:05.678Z' });
    });

    it('appends to several logs at the same time, each without a gap', async () => {
      const logs = await Promise.all(['a', 'b', 'c', 'd'].map((holder) => openLog(state.sql, holder, { poolSize: 4 })));
      const appended = await Promise.all(
        logs.flatMap((log, number) =>
          Array.from({ length: 25 }, (_, request) => log.append(intentDraft(`${kind}-${number}-${request}`))),
        ),
      );
      expect(new Set(appended.map(({ log, index }) => `${log} ${index}`))).to.have.property('size', 100);
      await Promise.all(logs.map((log) => log.close()));
      const rows = await server.ask(
        'SELECT log_id, count(*) AS n, max(index) AS last FROM audit_entry GROUP BY log_id',
      );
      expect(rows).to.have.lengthOf(4);
      for (const { n, last } of rows) expect(Number(n)).to.equal(Number(last) + 1);
    });

    it('checks the server that has taken the place of another', async () => {
      await server.ask('ALTER SYSTEM SET synchronous_commit = local');
      await server.restart();
      // The pooler keeps the gateway’s connections: an idle one does not notice. The watch of the state does.
      const codeOf = async (attempt: Promise<unknown>): Promise<unknown> =>
        (
          (await attempt.then(
            () => undefined,
            (error: unknown) => error,
          )) as { cause?: StateFailure } | undefined
        )?.cause?.code;
      while ((await codeOf(state.sql.recheck())) !== 'NOT_DURABLE') await sleep(50);
      const uses = Array.from({ length: 10 }, () => codeOf(state.sql.query('SELECT 1')));
      expect(new Set(await Promise.all(uses))).to.deep.equal(new Set(['NOT_DURABLE']));
      await server.ask('ALTER SYSTEM RESET synchronous_commit');
      await server.ask('SELECT pg_reload_conf()');
      while (
        !(await state.sql.query('SELECT 1').then(
          () => true,
          () => false,
        ))
      )
        await sleep(50);
    });
  });
}
