import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { registersConfig } from '../../adapters/config.js';
import { createAdapters, RegisterNotReached } from '../../adapters/create-adapters.js';
import type { Adapter, RegisterFailure } from '../../adapters/port.js';
import { SourceInvalid } from '../../adapters/source/source-file.js';
import { generateCountry } from '../../demo/country/country.js';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { populationRegister } from '../../demo/registers/population/register.js';
import { packageRoot } from '../../gateway/state/package-root.js';
import { served } from '../demo/registers/served.js';
import { listeningObserver, runningClock } from '../doubles.js';
import { rejection } from '../rejection.js';
import { citizens, entities, leaf } from './selections.js';

const SCHEMAS = join(packageRoot(), 'schemas', 'registers');
const { wife } = HOUSING_FAMILY;

describe('the adapters of a configuration', () => {
  const clock = runningClock();
  const observer = listeningObserver();
  let folder: string;
  let secret: string;
  let opened: Adapter[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-adapters-'));
    secret = join(folder, 'secret');
    writeFileSync(secret, 'the key\n'.replace(' ', '-'));
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((adapter) => adapter.close()));
    rmSync(folder, { recursive: true });
  });

  const create = (config: unknown, directory = SCHEMAS): ReadonlyMap<string, Adapter> => {
    const adapters = createAdapters({ directory, registers: [], config: registersConfig.parse(config), clock, observer });
    opened.push(...adapters.values());
    return adapters;
  };
  const at = (url: string) => ({ protocol: 'rest', url, api_key_file: secret });
  const HTTP = 'http://127.0.0.1:9';

  it('are one for each register that is configured, and connect to nothing', () => {
    expect([...create({}).keys()]).to.deep.equal([]);
    const all = create({ population: at(HTTP), address: { protocol: 'graphql', url: HTTP, token_file: secret }, property: { protocol: 'sql', host: '127.0.0.1', port: 9, database: 'd', user: 'u', password_file: secret } });
    expect([...all].map(([name, { register }]) => [name, register])).to.deep.equal([['population', 'population'], ['address', 'address'], ['property', 'property']]);
  });

  it('are not made while a register of the catalogue is not reached', () => {
    const config = registersConfig.parse({ population: at(HTTP) });
    expect(() => createAdapters({ directory: SCHEMAS, registers: ['population', 'tax', 'business'], config, clock, observer })).to.throw(RegisterNotReached, 'tax, business');
  });

  it('ask with the secret of the file', async () => {
    const register = await served((meter) => populationRegister(generateCountry().persons, 'the-key', meter));
    const adapter = create({ population: at(register.url) }).get('population');
    const prepared = adapter?.prepare(entities('Citizen', [leaf('iin')])) ?? { register: '' };
    const answer = await adapter?.read({ requestId: 'request-1', groups: [{ prepared, variables: {}, keys: citizens(wife.iin) }], deadline: clock.monotonic() + 5_000 });
    expect(answer?.groups[0]?.records[0]).to.include({ iin: wife.iin });
    await register.listener.close();
  });

  it('open their breaker for a register that is gone, each its own, and log no number', async () => {
    const adapters = create({ population: at('http://127.0.0.1:1') });
    const adapter = adapters.get('population');
    const prepared = adapter?.prepare(entities('Citizen', [leaf('iin')])) ?? { register: '' };
    const kinds: unknown[] = [];
    for (let time = 0; time < 12; time += 1) {
      const asked = adapter?.read({ requestId: 'request-1', groups: [{ prepared, variables: {}, keys: citizens(wife.iin) }], deadline: clock.monotonic() + 5_000 });
      kinds.push(((await rejection(asked ?? Promise.resolve())) as RegisterFailure).kind);
    }
    expect(kinds.slice(0, 10)).to.deep.equal(Array.from({ length: 10 }, () => 'transport'));
    expect(kinds.at(-1)).to.equal('unavailable');
    expect(JSON.stringify(observer.lines)).to.include('register_call_failed').and.not.include(wife.iin);
  });

  it('are not made with a secret that is missing, empty or unprintable, and nothing of it is told', () => {
    expect(() => create({ population: { protocol: 'rest', url: HTTP, api_key_file: join(folder, 'none') } })).to.throw('ENOENT');
    for (const text of ['', ' \n', 'hush\nhush', 'hush\u0007']) {
      writeFileSync(secret, text);
      expect(() => create({ population: at(HTTP) })).to.throw(secret).with.property('message').that.does.not.include('hush');
    }
  });

  it('are not made with a mapping of another protocol than the configuration’s', () => {
    mkdirSync(join(folder, 'population'));
    writeFileSync(join(folder, 'population', 'source.yaml'), 'protocol: graphql');
    expect(() => create({ population: at(HTTP) }, folder)).to.throw(SourceInvalid, 'protocol graphql, but the configuration says rest');
  });
});
