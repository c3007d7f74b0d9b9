import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { registersConfig } from '../../adapters/config.js';
import { openAdapters, RegisterNotReached, type Adapters } from '../../adapters/open-adapters.js';
import type { Adapter, RegisterFailure } from '../../adapters/port.js';
import { SourceInvalid } from '../../adapters/source-file.js';
import { generateCountry } from '../../demo/country/country.js';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { packageRoot } from '../../gateway/state/package-root.js';
import { served } from '../demo/registers/served.js';
import { CERTIFICATE } from './soap/signing/foreign.js';
import { rsaPair } from './soap/signing/keys.js';
import { listeningObserver, runningClock, seededRandom } from '../doubles.js';
import { rejection } from '../rejection.js';
import { PEOPLE_SOURCE, peopleRegister } from './rest/people-register.js';
import { citizens, entities, leaf } from './selections.js';
import { createHttpClient } from '../../gateway/compose/http-client.js';
import { someCalls } from '../recorded-calls.js';

const SCHEMAS = join(packageRoot(), 'schemas', 'registers');
const { wife } = HOUSING_FAMILY;
const pair = rsaPair('gateway');

describe('the adapters of a configuration', () => {
  const clock = runningClock();
  const observer = listeningObserver();
  let folder: string;
  let secret: string;
  let opened: Adapters[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-adapters-'));
    secret = join(folder, 'secret');
    writeFileSync(secret, 'the key\n'.replace(' ', '-'));
    mkdirSync(join(folder, 'people'));
    writeFileSync(join(folder, 'people', 'source.yaml'), stringify(PEOPLE_SOURCE));
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((adapters) => adapters.close()));
    rmSync(folder, { recursive: true });
  });

  const create = (config: unknown, directory = SCHEMAS): ReadonlyMap<string, Adapter> => {
    const adapters = openAdapters({
      directory,
      registers: [],
      config: registersConfig.parse(config),
      http: createHttpClient(),
      clock,
      random: seededRandom(),
      observer,
    });
    opened.push(adapters);
    return adapters.byRegister;
  };
  const at = (url: string) => ({ protocol: 'rest', url, api_key_file: secret });
  const HTTP = 'http://127.0.0.1:9';
  const soapAt = (url: string) => ({
    protocol: 'soap',
    url,
    sender_id: 'me',
    password_file: secret,
    key_file: keyFile('privateKey'),
    register_key_file: keyFile('publicKey'),
  });
  const keyFile = (kind: 'privateKey' | 'publicKey'): string => {
    const file = join(folder, `${kind}.pem`);
    writeFileSync(file, pair[kind].export({ type: kind === 'publicKey' ? 'spki' : 'pkcs8', format: 'pem' }));
    return file;
  };

  it('are not made with a key that is of another kind, and nothing of it is told', () => {
    expect(() => create({ population: { ...soapAt(HTTP), key_file: keyFile('publicKey') } })).to.throw(
      'publicKey.pem holds no key of the kind',
    );
    writeFileSync(join(folder, 'other.pem'), CERTIFICATE);
    expect(() => create({ population: { ...soapAt(HTTP), certificate_file: join(folder, 'other.pem') } })).to.throw(
      'other.pem holds no certificate (PEM) of the key in key_file',
    );
    expect(() => create({ population: { ...soapAt(HTTP), register_key_file: secret } }))
      .to.throw('secret holds no key of the kind')
      .with.property('message')
      .that.does.not.include('the-key');
  });

  it('are one for each register that is configured, and connect to nothing', () => {
    expect([...create({}).keys()]).to.deep.equal([]);
    const all = create({
      population: soapAt(HTTP),
      address: { protocol: 'graphql', url: HTTP, token_file: secret },
      property: { protocol: 'sql', host: '127.0.0.1', port: 9, database: 'd', user: 'u', password_file: secret },
    });
    expect([...all].map(([name, { register }]) => [name, register])).to.deep.equal([
      ['population', 'population'],
      ['address', 'address'],
      ['property', 'property'],
    ]);
  });

  it('are not made while a register of the catalogue is not reached', () => {
    const config = registersConfig.parse({ tax: at(HTTP) });
    expect(() =>
      openAdapters({
        directory: SCHEMAS,
        registers: ['tax', 'population', 'business'],
        config,
        http: createHttpClient(),
        clock,
        random: seededRandom(),
        observer,
      }),
    ).to.throw(RegisterNotReached, 'population, business');
  });

  it('ask with the secret of the file', async () => {
    const register = await served((meter) => peopleRegister(generateCountry().persons, 'the-key', meter));
    const adapter = create({ people: at(register.url) }, folder).get('people');
    const prepared = adapter?.prepare(entities('Citizen', [leaf('iin')])) ?? { register: '' };
    const answer = await adapter?.read({
      requestId: 'request-1',
      calls: someCalls(),
      groups: [{ prepared, variables: {}, keys: citizens(wife.iin) }],
      deadline: clock.monotonic() + 5_000,
    });
    expect(answer?.groups[0]?.records[0]).to.include({ iin: wife.iin });
    await register.listener.close();
  });

  it('open their breaker for a register that is gone, each its own, and log no number', async () => {
    const adapters = create({ people: at('http://127.0.0.1:1') }, folder);
    const adapter = adapters.get('people');
    const prepared = adapter?.prepare(entities('Citizen', [leaf('iin')])) ?? { register: '' };
    const kinds: unknown[] = [];
    for (let time = 0; time < 12; time += 1) {
      const asked = adapter?.read({
        requestId: 'request-1',
        calls: someCalls(),
        groups: [{ prepared, variables: {}, keys: citizens(wife.iin) }],
        deadline: clock.monotonic() + 5_000,
      });
      kinds.push(((await rejection(asked ?? Promise.resolve())) as RegisterFailure).kind);
    }
    expect(kinds.slice(0, 5)).to.deep.equal(Array.from({ length: 5 }, () => 'transport'));
    expect(kinds.at(-1)).to.equal('unavailable');
    expect(JSON.stringify(observer.lines)).to.include('register_call_failed').and.not.include(wife.iin);
  });

  it('are not made with a secret that is missing, empty or unprintable, and nothing of it is told', () => {
    expect(() =>
      create({ people: { protocol: 'rest', url: HTTP, api_key_file: join(folder, 'none') } }, folder),
    ).to.throw('ENOENT');
    for (const text of ['', ' \n', 'hush\nhush', 'hush\u0007']) {
      writeFileSync(secret, text);
      expect(() => create({ people: at(HTTP) }, folder))
        .to.throw(secret)
        .with.property('message')
        .that.does.not.include('hush');
    }
  });

  it('are not made without a schema that says whether an address identifies a person', () => {
    const operation = (identifier: string): string => `protocol: rest
operations: { one: { request: { path: "/one/{number}" }${identifier} } }
types: { One: { key: number, read: one, fields: { number: number } } }
`;
    const settings = { people: { protocol: 'rest', url: 'http://127.0.0.1:1', auth: { type: 'none' } } };
    const file = join(folder, 'people', 'source.yaml');
    writeFileSync(file, operation(''));
    expect(() => create(settings, folder)).to.throw(SourceInvalid, 'has no schema.graphql');
    writeFileSync(file, operation(', identifier_in_address: { owner: O, agreement: A, until: 2099-01-01 }'));
    expect([...create(settings, folder).keys()]).to.deep.equal(['people']);
  });

  it('are not made with a mapping of another protocol than the configuration’s', () => {
    mkdirSync(join(folder, 'population'));
    writeFileSync(join(folder, 'population', 'source.yaml'), 'protocol: graphql');
    expect(() => create({ population: at(HTTP) }, folder)).to.throw(
      SourceInvalid,
      'protocol graphql, but the configuration says rest',
    );
  });
});
