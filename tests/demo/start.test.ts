import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPrivateKey, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { sendMessage } from '../adapters/soap/send-message.js';
import { createSigner } from '../../adapters/soap/signing/signer.js';
import { FACT_DATE } from '../../demo/country/calendar.js';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { listen } from '../../demo/registers/listener.js';
import { readConfig } from '../../gateway/config/read-config.js';
import type { SoapSettings } from '../../adapters/soap/protocol.js';
import { freeBase } from './free-base.js';
import { startCountry, type RunningCountry } from '../../demo/start.js';
import { SOURCE } from '../adapters/soap/population.js';
import { copyCountry } from '../made-once.js';

describe('starting the country', function () {
  this.timeout(30_000);
  let directory: string;
  let running: RunningCountry | undefined;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-country-'));
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await rm(directory, { recursive: true });
  });

  const refusal = (start: Promise<RunningCountry>): Promise<unknown> =>
    start.then(
      (country) => {
        running = country;
        return undefined;
      },
      (error: unknown) => error,
    );

  const readPerson = async ({ access: { population } }: RunningCountry): Promise<Response> => {
    const clock = { now: () => new Date() };
    const question = sendMessage(SOURCE, {
      messageId: randomUUID(),
      at: clock.now(),
      sender: { id: population.senderId, password: population.password },
      keys: [HOUSING_FAMILY.applicant.iin],
    });
    const body = await createSigner({ key: createPrivateKey(readFileSync(population.keyFile)), clock }).sign(question);
    return fetch(population.url, { method: 'POST', headers: { 'Content-Type': 'text/xml; charset=utf-8' }, body });
  };

  it('serves registers that count and can be told to misbehave', async () => {
    await copyCountry(directory);
    running = await startCountry({ directory, ports: 'free' });
    expect((await readPerson(running)).status).to.equal(200);
    expect(running.stats('population')).to.deep.equal({ calls: 1, subjects: 1, byOperation: { SendMessage: 1 } });
    expect(await (await fetch(`${running.addresses.populationControl}/__stats`)).json()).to.deep.equal(
      running.stats('population'),
    );
    running.fault('population', '500');
    expect((await readPerson(running)).status).to.equal(500);
    running.reset('population');
    expect(running.stats('population').calls).to.equal(0);
    expect(running.stats('property').calls, 'loading is not counted').to.equal(0);
  });

  it('makes everything in an empty folder: writes the gateway’s configuration and the clients’ profiles, secrets for the owner only', async () => {
    running = await startCountry({ directory, ports: 'free', gateway: { port: 4000 } });
    const config = await readConfig(running.config, {});
    expect(config).to.have.property('environment', 'demo');
    expect(config.jurisdiction.fact_date).to.equal(FACT_DATE);
    expect(config.authentication.audience).to.equal('http://127.0.0.1:4000/graphql');
    expect(config.registers).to.have.all.keys('population', 'civil-acts', 'address', 'property', 'tax', 'business');
    const population = config.registers['population'] as SoapSettings;
    const {
      key_file: keyFile = '',
      password_file: passwordFile = '',
      register_key_file: registerKeyFile = '',
    } = population;
    expect(readFileSync(passwordFile, 'utf8').trim()).to.equal(running.access.population.password);
    expect(readFileSync(keyFile, 'utf8')).to.match(/^Key of the Tereze demo/);
    expect(readFileSync(config.policies.secret_file, 'utf8').length).to.be.at.least(32);
    const profiles = await readdir(running.clients);
    expect(profiles).to.have.members([
      'housing.json',
      'social.json',
      'allowances.json',
      'integrity.json',
      'appeals.json',
      'appeals-ai.json',
      'citizen-window.json',
      'officers-desk.json',
    ]);
    const files = [
      running.config,
      keyFile,
      passwordFile,
      registerKeyFile,
      config.policies.secret_file,
      ...profiles.map((name) => join(running?.clients ?? '', name)),
    ];
    for (const file of files) expect((await stat(file)).mode & 0o777, file).to.equal(0o600);
    const housing = JSON.parse(readFileSync(join(running.clients, 'housing.json'), 'utf8')) as object;
    expect(housing).to.include({
      client_id: 'housing',
      issuer: running.addresses.issuer,
      gateway: 'http://127.0.0.1:4000',
      agency: 'housing',
    });
    expect(housing).to.have.nested.property('private_key_jwk.kid', 'demo-housing');
  });

  it('keeps keys, secrets and data over a restart', async () => {
    await copyCountry(directory);
    running = await startCountry({ directory, ports: 'free' });
    const { access, clients } = running;
    const profile = readFileSync(join(clients, 'social.json'), 'utf8');
    const key = readFileSync(access.population.keyFile, 'utf8');
    await running.stop();
    running = await startCountry({ directory, ports: 'free' });
    expect(readFileSync(running.access.population.keyFile, 'utf8')).to.equal(key);
    expect(running.access.property.password).to.equal(access.property.password);
    expect(running.access.agencies.tokens).to.deep.equal(access.agencies.tokens);
    expect(
      (JSON.parse(readFileSync(join(clients, 'social.json'), 'utf8')) as { private_key_jwk: object }).private_key_jwk,
    ).to.deep.equal((JSON.parse(profile) as { private_key_jwk: object }).private_key_jwk);
  });

  it('names a taken port, and leaves nothing running', async () => {
    await copyCountry(directory);
    const base = await freeBase();
    const holder = await listen(createServer(), '127.0.0.1', base + 2);
    try {
      const error = await refusal(startCountry({ directory, ports: base }));
      expect(error).to.include({ code: 'PORT_TAKEN', port: holder.port });
      expect((error as Error).message)
        .to.include(String(holder.port))
        .and.to.include('--base-port');
    } finally {
      await holder.close();
    }
    running = await startCountry({ directory, ports: 'free' });
    expect((await readPerson(running)).status).to.equal(200);
  });

  it('says that the directory is in use, although the ports are taken too', async () => {
    await copyCountry(directory);
    const base = await freeBase();
    running = await startCountry({ directory, ports: base });
    const first = running;
    expect(await refusal(startCountry({ directory, ports: base }))).to.have.property('code', 'DIRECTORY_IN_USE');
    expect((await readPerson(first)).status).to.equal(200);
  });

  it('listens on loopback only', async () => {
    expect(await refusal(startCountry({ directory, ports: 'free', host: '0.0.0.0' }))).to.be.instanceOf(RangeError);
  });
});
