import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { startCountry, type RunningCountry } from '../../demo/start.js';
import { accessForSystem } from '../../gateway/cli/client/access.js';
import { accessForCitizen } from '../../gateway/cli/client/citizen-sign-in.js';
import { readProfile } from '../../gateway/cli/client/profile.js';
import { createProgram } from '../../gateway/cli/program.js';
import { startGateway, type Gateway } from '../../gateway/compose/app.js';
import { systemClock } from '../../gateway/compose/clock.js';
import { migrationFolders } from '../../gateway/compose/migration-folders.js';
import { readConfig } from '../../gateway/config/read-config.js';
import { migrateState } from '../../gateway/state/migrate-state.js';
import { DEBIAN_PROGRAMS, runPostgres, startPrimary, type PostgresServer } from '../gateway/state/debian-programs.js';
import { copyCountry, copyState } from '../made-once.js';
import { answerOf, citizenOf, type Answer } from './running-system.js';
import { sharedContracts } from '../shared-contracts.js';
import { commandLine } from '../gateway/cli/command-line.js';
import { TestTerminal } from '../gateway/cli/test-terminal.js';
import { needsPrograms } from '../needs-programs.js';

const { applicant, caseNumber } = HOUSING_FAMILY;
const LAND = ['property.land', 'property.buildings', 'property.vehicles'];
const CONSENT = { agency: 'housing', purpose: 'housing_queue', case: caseNumber, categories: LAND };
const OTHER_CONSENT = { ...CONSENT, categories: ['property.vehicles'] };
/** How far clocks may differ: proofs are refused for that long after an acceptance, so a short time is set. */
const CLOCK_TOLERANCE_S = 1;
/** `all` tries each case with each way of restoring; else the second way has the first case alone. */
const { RESTORES = 'some' } = process.env;

/** A way to keep a state database and to put it back. The gateway is stopped meanwhile. */
interface Way {
  readonly name: string;
  /** Makes an empty state in a directory. Resolves with the environment that names it to gateway and commands. */
  readonly begin: (suite: Mocha.Context, directory: string) => Promise<Readonly<Record<string, string>>>;
  readonly keep: (name: string) => Promise<void>;
  readonly putBack: (name: string) => Promise<void>;
  readonly end: () => Promise<void>;
}

describeRestored(copiedDirectory(), 'all');
describeRestored(dumped(), RESTORES);

function describeRestored(way: Way, cases: string): void {
  describe(`a state database that is restored from ${way.name}`, function () {
    this.timeout(120_000);
    let directory: string;
    let environment: Readonly<Record<string, string>> = {};
    let country: RunningCountry;
    let gateway: Gateway | undefined;
    const logged: string[] = [];

    const start = async (): Promise<void> => {
      const { authentication, ...config } = await readConfig(country.config, environment);
      const tolerant = { ...config, authentication: { ...authentication, clock_tolerance_s: CLOCK_TOLERANCE_S } };
      gateway = await startGateway(tolerant, {
        contracts: sharedContracts,
        log: { write: (line) => void logged.push(line) },
      });
    };
    const stop = async (): Promise<void> => {
      await gateway?.stop();
      gateway = undefined;
    };
    const ask = async (): Promise<Answer> => {
      const profile = await readProfile('housing', country.clients);
      const access = await accessForSystem(profile, {
        purpose: 'housing_queue',
        case: { agency: 'housing', number: caseNumber },
      });
      return answerOf(
        await access.send('POST', '/graphql', { documentId: 'HousingQueue', variables: { iin: applicant.iin } }),
      );
    };
    const citizen = async (path: string, body: unknown): Promise<Answer> => {
      const access = await accessForCitizen(await readProfile('citizen-window', country.clients), applicant.iin);
      return answerOf(await access.send('POST', path, body));
    };
    const give = async (consent: unknown): Promise<string> => {
      const { data } = await citizen('/consents', consent);
      return (data?.['consents'] as { readonly id: string }[])[0]?.id ?? '';
    };
    const withdraw = (id: string): Promise<Answer> => citizen(`/consents/${id}/withdraw`, {});
    const codes = ({ errors }: Answer): readonly string[] => [
      ...new Set(errors.map(({ extensions }) => extensions.code)),
    ];
    const command = async (words: readonly string[], typed = ''): Promise<{ printed: string; warned: string }> => {
      const terminal = new TestTerminal({ environment, typed });
      await createProgram(terminal).parseAsync(['node', 'tereze', 'state', ...words, '--config', country.config]);
      return terminal;
    };

    /** What `tereze audit verify` says of all entries. */
    const verifyLog = () => commandLine(['audit', 'verify', '--all', '--config', country.config], { environment });

    before(async function () {
      directory = mkdtempSync(join(tmpdir(), 'tereze-rollback-'));
      environment = await way.begin(this, directory);
      await copyCountry(directory);
      country = await startCountry({ directory, ports: 'free' });
    });
    afterEach(() => stop());
    after(async () => {
      await (country as RunningCountry | undefined)?.stop();
      await way.end();
      rmSync(directory, { recursive: true, force: true });
    });

    it('gives nothing that was withdrawn after the copy, neither before nor after it is accepted', async () => {
      await start();
      const consent = await give(CONSENT);
      expect(discloses(await ask())).to.equal(true);
      await stop();
      await way.keep('copy');

      await start();
      expect((await withdraw(consent)).tereze['fenced']).to.equal(true);
      expectWithdrawn(await ask());
      await stop();

      await way.putBack('copy');
      await start();
      expect(gateway?.readiness().checks['state_anchor']).to.equal('failed');
      expect(logged.some((line) => line.includes('tereze state accept-rollback --reason TEXT'))).to.equal(true);
      country.reset('property');
      const refused = await ask();
      expect([refused.status, ...codes(refused)]).to.deep.equal([503, 'STATE_NOT_CURRENT']);
      expect(codes(await citizen('/consents', OTHER_CONSENT))).to.deep.equal(['STATE_NOT_CURRENT']);
      expect(country.stats('property').calls).to.equal(0);

      const behind = await verifyLog();
      expect(behind.code).to.equal(1);
      expect(behind.out).to.match(
        /^tereze\/0: FAULT growth at [0-9]+: the head outside the database knows [0-9]+ entries$/m,
      );
      expect(behind.error).to.include('The database has gone back in time');
      const status = await command(['status', '--json']);
      expect(JSON.parse(status.printed)).to.include({ current: false });
      const lost = /Type ([0-9]+) to go on/.exec(
        (await rejected(command(['accept-rollback', '--reason', 'drill'], 'x'))).warned,
      );
      const accepted = await command(['accept-rollback', '--reason', 'drill', '--json'], lost?.[1]);
      expect(JSON.parse(accepted.printed)).to.deep.include({ act: 'rollback_accepted', unwritten: [] });
      expect((JSON.parse(accepted.printed) as { accepted: object }).accepted).to.deep.include({
        epoch: 1,
        restricted: { consents: 1, approvals: 0 },
        missing: 0,
        suspended: 0,
      });

      await untilReady();
      const verified = await verifyLog();
      expect(verified.code, verified.out + verified.error).to.equal(0);
      expect(verified.out).to.match(
        /Entries [0-9]+ to [0-9]+ were lost when the database went back in time: entry tereze/,
      );
      expectWithdrawn(await ask());
      await give(CONSENT);
      expect(discloses(await ask())).to.equal(true);
      await stop();
    });

    if (cases !== 'all') return;

    it('takes a withdrawal while it is refused, and the right database then lacks it as well', async () => {
      await start();
      const consent = await give(CONSENT);
      await stop();
      await way.keep('copy');
      await start();
      await give(OTHER_CONSENT);
      await stop();
      await way.keep('right');

      await way.putBack('copy');
      await start();
      const withdrawal = await withdraw(consent);
      expect([withdrawal.status, withdrawal.tereze['fenced']]).to.deep.equal([200, true]);
      await stop();

      await way.putBack('right');
      await start();
      expect(codes(await ask())).to.deep.equal(['STATE_NOT_CURRENT']);
      expect((await command(['accept-rollback', '--reason', 'the right copy', '--json'], '0')).printed).to.include(
        '"missing":0',
      );
      await untilReady();
      expectWithdrawn(await ask());
      await stop();
    });

    async function untilReady(): Promise<void> {
      while (gateway?.readiness().status !== 'ready' || codes(await ask()).some((code) => PASSING.has(code)))
        await sleep(100);
    }

    /** Runs a command that is not confirmed, and returns what it said. */
    async function rejected(running: Promise<{ warned: string }>): Promise<{ warned: string }> {
      const terminal = new TestTerminal({ environment, typed: 'x' });
      await running.then(
        () => expect.fail('was confirmed'),
        () => undefined,
      );
      await createProgram(terminal)
        .parseAsync(['node', 'tereze', 'state', 'accept-rollback', '--reason', 'drill', '--config', country.config])
        .catch(() => undefined);
      return terminal;
    }
  });
}

/** Until the log is replaced, and while proofs may be older than the acceptance, which refuses them. */
const PASSING: ReadonlySet<string> = new Set(['STATE_NOT_CURRENT', 'AUDIT_UNAVAILABLE', 'INVALID_DPOP_PROOF']);

/** Whether the answer holds what the register of property knows about the applicant. */
const discloses = (answer: Answer): boolean => Array.isArray(citizenOf(answer)['lands']);

function expectWithdrawn(answer: Answer): void {
  expect(discloses(answer)).to.equal(false);
  expect(answer.errors.map(({ extensions }) => extensions.code)).to.include('CONSENT_WITHDRAWN');
}

function copiedDirectory(): Way {
  let state = '';
  return {
    name: 'a copy of its directory',
    begin: async (_, directory) => {
      state = join(directory, 'state');
      await copyState(state);
      return {};
    },
    keep: async (name) => replace(state, `${state}.${name}`),
    putBack: async (name) => replace(`${state}.${name}`, state),
    end: async () => undefined,
  };
}

/** Puts a copy of a directory in the place of another. */
function replace(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  // With owners and modes: PostgreSQL reads only what is its user's.
  execFileSync('cp', ['-a', from, to]);
}

function dumped(): Way {
  const database = 'tereze';
  let server: PostgresServer | undefined;
  let folder = '';
  const running = (): PostgresServer => server ?? expect.fail('no server');
  const urls = () => ({
    databaseUrl: running().url('gateway', database),
    databaseAdminUrl: running().url(undefined, database),
  });
  const migrated = (): Promise<unknown> =>
    migrateState({
      ...urls(),
      directory: folder,
      migrations: migrationFolders(),
      clock: systemClock({ timeZone: 'UTC', factDate: undefined }),
      demands: { role: true, replicated: false },
    });
  return {
    name: 'what pg_dump of PostgreSQL 15 wrote',
    begin: async (suite) => {
      needsPrograms(suite, DEBIAN_PROGRAMS.postgres);
      folder = mkdtempSync(join(tmpdir(), 'tereze-dumps-'));
      server = await startPrimary(folder);
      await running().ask('CREATE ROLE gateway LOGIN');
      await running().ask(`CREATE DATABASE ${database}`);
      await migrated();
      const { databaseUrl, databaseAdminUrl } = urls();
      return { DATABASE_URL: databaseUrl, DATABASE_ADMIN_URL: databaseAdminUrl };
    },
    keep: async (name) => void runPostgres('pg_dump', ['-Fc', '-f', join(folder, name), urls().databaseAdminUrl]),
    putBack: async (name) => {
      await running().ask(`DROP DATABASE ${database} WITH (FORCE)`);
      await running().ask(`CREATE DATABASE ${database}`);
      runPostgres('pg_restore', ['--exit-on-error', '-d', urls().databaseAdminUrl, join(folder, name)]);
      // The settings of the runtime role in a database end with the database.
      await migrated();
    },
    end: async () => {
      await server?.stop();
      if (folder !== '') rmSync(folder, { recursive: true, force: true });
    },
  };
}
