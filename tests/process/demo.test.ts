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
import { copyCountry, copyState } from '../made-once.js';
import { hasEnded, runTereze, untilEnded, type Program } from './program.js';

const HOST = '127.0.0.1';
const { applicant, caseNumber } = HOUSING_FAMILY;

interface Ready {
  readonly gateway: string;
  readonly addresses: Readonly<Record<string, string>>;
}

describe('the demo as a process', function () {
  this.timeout(60_000);
  let directory: string;
  let base: number;
  let port: number;
  let started: Program[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-demo-'));
    await copyCountry(join(directory, 'demo'));
    await copyState(join(directory, 'postgres'));
    base = await freeBase();
    port = await freePort(HOST);
    started = [];
  });
  afterEach(async () => {
    for (const { child } of started) child.kill('SIGTERM');
    await Promise.all(started.map(({ exit }) => exit));
    expect((await Promise.all(servers().map(untilEnded))).every(Boolean)).to.equal(true);
    await rm(directory, { recursive: true, force: true });
  });

  const start = (choice: { readonly port?: number; readonly base?: number } = {}): Program => {
    const program = runTereze(
      ['demo', '--json', '--directory', directory, '--base-port', String(choice.base ?? base)],
      { PORT: String(choice.port ?? port) },
    );
    started.push(program);
    return program;
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
    const first = start();
    await first.ready<Ready>();
    const second = start({ base: await freeBase(), port: await freePort(HOST) });
    expect(await second.exit).to.equal(1);
    expect(second.said().out).to.equal('');
    expect(second.said().error).to.match(/process \d+ already runs on /);
    expect(await ask()).to.equal(200);
  });

  it('starts again after kill -9 over what was left behind, with its log', async () => {
    const first = start();
    await first.ready<Ready>();
    expect(await ask()).to.equal(200);
    first.child.kill('SIGKILL');
    await first.exit;
    const again = start();
    await again.ready<Ready>();
    expect(await ask()).to.equal(200);
    expect(await intents()).to.equal(2);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`answers what is in flight at ${signal}, then ends everything that it started`, async () => {
      const program = start();
      const { addresses } = await program.ready<Ready>();
      await fetch(`${addresses['propertyControl']}/__fault`, { method: 'POST', body: '{"mode":"slow"}' });
      const access = await housing();
      const asked = access.send('POST', '/graphql', { documentId: 'HousingQueue', variables: { iin: applicant.iin } });
      const calls = async (): Promise<number> =>
        ((await (await fetch(`${addresses['propertyControl']}/__stats`)).json()) as { calls: number }).calls;
      while ((await calls()) === 0) await sleep(20);
      const databases = servers();
      expect(databases).to.have.length(2);
      program.child.kill(signal);
      expect((await asked).status).to.equal(200);
      expect(await program.exit).to.equal(0);
      expect(databases.map(hasEnded)).to.deep.equal([true, true]);
    });
  }

  it('names a port of the gateway that is taken, and leaves nothing running', async () => {
    const holder = await listen(createServer(), HOST, port);
    const program = start();
    expect(await program.exit).to.equal(1);
    await holder.close();
    expect(program.said().error)
      .to.match(new RegExp(`port ${port} on ${HOST} is taken`))
      .and.not.match(/\n\s+at /);
    expect(servers().every(hasEnded)).to.equal(true);
  });

  it('names a port of the country that is taken, and leaves nothing running', async () => {
    const holder = await listen(createServer(), HOST, base + 4);
    const program = start();
    expect(await program.exit).to.equal(1);
    await holder.close();
    expect(program.said().error)
      .to.include(String(base + 4))
      .and.not.match(/\n\s+at /);
    expect(servers().every(hasEnded)).to.equal(true);
  });
});
