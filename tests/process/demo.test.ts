import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { freePort } from '../../demo/free-port.js';
import { listen } from '../../demo/registers/listener.js';
import { accessForSystem, type Access } from '../../gateway/cli/client/access.js';
import { readProfile } from '../../gateway/cli/client/profile.js';
import { stateOptions } from '../../gateway/cli/installed-state.js';
import { readConfig } from '../../gateway/config/read-config.js';
import { postmasterPid } from '../../gateway/state/embedded/postmaster.js';
import { attachState } from '../../gateway/state/open.js';
import { createAuditReader } from '../../monitoring/audit/reader.js';
import { freeBase } from '../demo/free-base.js';
import { hasEnded, runTereze, untilEnded, type Program } from './program.js';

const HOST = '127.0.0.1';
const { applicant, caseNumber } = HOUSING_FAMILY;
/** Each takes a start. One is enough for every run: both are handled in the same place. */
const SIGNALS: readonly NodeJS.Signals[] = process.env['DEMO_SIGNALS'] === 'all' ? ['SIGTERM', 'SIGINT'] : ['SIGINT'];

interface Ready {
  readonly gateway: string;
  readonly addresses: Readonly<Record<string, string>>;
}

describe('the demo as a process', function () {
  this.timeout(60_000);
  let directory: string;
  let base: number;
  let port: number;
  /** The demo that runs at `port`; the tests share it, and the one that ends it leaves none. */
  let running: Program | undefined;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-demo-'));
    base = await freeBase();
    port = await freePort(HOST);
  });
  after(async () => {
    await ended(running);
    expect((await Promise.all(servers().map(untilEnded))).every(Boolean)).to.equal(true);
    await rm(directory, { recursive: true, force: true });
  });

  const start = (
    choice: { readonly port?: number; readonly base?: number; readonly environment?: NodeJS.ProcessEnv } = {},
  ): Program =>
    runTereze(['demo', '--json', '--directory', directory, '--base-port', String(choice.base ?? base)], {
      PORT: String(choice.port ?? port),
      ...choice.environment,
    });
  const ended = async (program: Program | undefined, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    program?.child.kill(signal);
    await program?.exit;
  };
  /** The running demo; started if there is none, the first time in an empty directory. */
  const demo = async (): Promise<Program> => {
    running ??= start();
    await running.ready<Ready>();
    return running;
  };
  /** Process ids of the two PostgreSQL servers, as their directories say. */
  const servers = (): number[] =>
    [join(directory, 'postgres', 'data'), join(directory, 'demo', 'property', 'data')].flatMap(
      (data) => postmasterPid(data) ?? [],
    );
  const housing = async (): Promise<Access> => {
    const profile = await readProfile('housing', join(directory, 'demo', 'clients'));
    return accessForSystem(profile, { purpose: 'housing_queue', case: { agency: 'housing', number: caseNumber } });
  };
  const ask = async (): Promise<number> =>
    (
      await (
        await housing()
      ).send('POST', '/graphql', { documentId: 'HousingQueue', variables: { iin: applicant.iin } })
    ).status;
  const intents = async (): Promise<number> => {
    const state = await attachState(stateOptions(await readConfig(join(directory, 'demo', 'tereze.yaml'), {})));
    return createAuditReader(state.sql)
      .list({ kind: 'intent', limit: 100 })
      .then((entries) => entries.length)
      .finally(() => state.close());
  };

  it('says at a second start who holds the directory, and stops; the first goes on', async () => {
    await demo();
    const second = start({ base: await freeBase(), port: await freePort(HOST) });
    expect(await second.exit).to.equal(1);
    expect(second.said().out).to.equal('');
    expect(second.said().error).to.match(/process \d+ already runs on /);
    expect(await ask()).to.equal(200);
  });

  it('starts again after kill -9 over what was left behind, with its log', async () => {
    const first = await demo();
    expect(await ask()).to.equal(200);
    const before = await intents();
    expect(before).to.be.greaterThan(0);
    running = undefined;
    await ended(first, 'SIGKILL');
    await demo();
    expect(await ask()).to.equal(200);
    expect(await intents()).to.equal(before + 1);
  });

  for (const signal of SIGNALS) {
    it(`answers what is in flight at ${signal}, then ends everything that it started`, async () => {
      const program = await demo();
      const { addresses } = await program.ready<Ready>();
      const control = addresses['propertyControl'];
      await fetch(`${control}/__fault`, { method: 'POST', body: '{"mode":"slow"}' });
      const calls = async (): Promise<number> =>
        ((await (await fetch(`${control}/__stats`)).json()) as { calls: number }).calls;
      const access = await housing();
      const before = await calls();
      const asked = access.send('POST', '/graphql', { documentId: 'HousingQueue', variables: { iin: applicant.iin } });
      while ((await calls()) === before) await sleep(20);
      const databases = servers();
      expect(databases).to.have.length(2);
      running = undefined;
      program.child.kill(signal);
      expect((await asked).status).to.equal(200);
      expect(await program.exit).to.equal(0);
      expect(databases.map(hasEnded)).to.deep.equal([true, true]);
    });
  }

  it('leaves nothing running when the gateway cannot start beside the country', async () => {
    await ended(running);
    running = undefined;
    const program = start({ environment: { DATABASE_URL: `postgresql://gateway@${HOST}:1/nothing` } });
    expect(await program.exit).to.equal(1);
    expect(program.said().error)
      .to.match(/database/i)
      .and.not.match(/\n\s+at /);
    expect(servers().every(hasEnded)).to.equal(true);
  });

  for (const [whose, taken] of [
    ['the gateway', () => port],
    ['the country', () => base + 4],
  ] as const) {
    it(`names a port of ${whose} that is taken, and leaves nothing running`, async () => {
      await ended(running);
      running = undefined;
      const holder = await listen(createServer(), HOST, taken());
      const program = start();
      expect(await program.exit).to.equal(1);
      await holder.close();
      expect(program.said().error)
        .to.include(`port ${taken()} is taken: choose another`)
        .and.include(whose === 'the gateway' ? 'PORT' : '--base-port')
        .and.not.match(/\n\s+at /);
      expect(servers().every(hasEnded)).to.equal(true);
    });
  }
});
