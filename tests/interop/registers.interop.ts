import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { registersConfig } from '../../adapters/config.js';
import { openAdapters, type Adapters } from '../../adapters/open-adapters.js';
import type { RegisterAnswer } from '../../adapters/port.js';
import { createHttpClient } from '../../gateway/compose/http-client.js';
import { systemRandom } from '../../gateway/compose/random.js';
import { packageRoot } from '../../gateway/state/package-root.js';
import { citizens, entities, leaf } from '../adapters/selections.js';
import { runningClock, silentObserver } from '../doubles.js';
import { startPrimary, type PostgresServer } from '../gateway/state/debian-programs.js';
import { issueCertificate, type Issued } from '../ports/issued-certificate.js';
import { someCalls } from '../recorded-calls.js';
import { rejection } from '../rejection.js';

const FIRST = '880514391012';
const SECOND = '910101300121';
const UNKNOWN = '930303300123';
const SECRET = 'hush-hush';
const clock = runningClock();

/** Registers in other stacks than ours, each behind TLS with certificates of both sides. */
describe('a register of another stack', function () {
  this.timeout(120_000);
  const authority = issueCertificate({ name: 'authority' });
  const own = issueCertificate({ name: 'register', hosts: ['127.0.0.1'], by: authority });
  const ours = issueCertificate({ name: 'reader', by: authority });
  const stranger = issueCertificate({ name: 'reader' });
  let folder: string;
  const opened: Adapters[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-interop-'));
    file('ca.pem', authority.certificate);
    file('own.pem', own.certificate);
    file('own.key', own.key);
    file('secret', SECRET);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((adapters) => adapters.close()));
    rmSync(folder, { recursive: true });
  });

  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const tlsWith = (client: Issued | undefined, more: object = {}): object => ({
    ca_file: join(folder, 'ca.pem'),
    ...(client === undefined
      ? {}
      : { cert_file: file('client.pem', client.certificate), key_file: file('client.key', client.key) }),
    ...more,
  });
  const read = (source: string, settings: object, field: string): Promise<RegisterAnswer> => {
    mkdirSync(join(folder, 'people'), { recursive: true });
    writeFileSync(join(folder, 'people', 'source.yaml'), source);
    const adapters = openAdapters({
      directory: folder,
      registers: ['people'],
      config: registersConfig.parse({ people: settings }),
      http: createHttpClient(),
      clock,
      random: systemRandom,
      observer: silentObserver(),
    });
    opened.push(adapters);
    const adapter = adapters.byRegister.get('people')!;
    return adapter.read({
      requestId: 'request-1',
      calls: someCalls(),
      groups: [
        {
          prepared: adapter.prepare(entities('Citizen', [leaf(field)])),
          variables: {},
          keys: citizens(FIRST, UNKNOWN, SECOND),
        },
      ],
      deadline: clock.monotonic() + 10_000,
    });
  };

  describe('in Python', () => {
    const SOURCE = `
protocol: rest
operations:
  people:
    request: { method: POST, path: /people, body: { numbers: "{iin[]}" } }
    batch: { max: 20, answer: unordered, key: [number], absent: omitted }
    answer: { items: [people] }
types:
  Citizen: { key: iin, batch: people, fields: { iin: number, lastName: { at: [name, family] }, birth: { at: born, as: date, format: dd.MM.yyyy } } }
`;
    let register: ChildProcess;
    let url: string;
    beforeEach(async () => {
      const program = join(packageRoot(), 'tests', 'interop', 'people_register.py');
      const files = ['own.pem', 'own.key', 'ca.pem'].map((name) => join(folder, name));
      register = spawn('python3', [program, ...files, SECRET], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(register, 'spawn');
      const [port] = (await once(register.stdout!, 'data')) as [Buffer];
      url = `https://127.0.0.1:${String(port).trim()}/api`;
    });
    afterEach(async () => {
      if (register.pid === undefined) return;
      register.kill();
      await once(register, 'exit');
    });
    const settings = (client: Issued | undefined): object => ({
      protocol: 'rest',
      url,
      auth: { type: 'bearer_file', token_file: join(folder, 'secret') },
      tls: tlsWith(client),
    });

    it('answers a client with a certificate and a token', async () => {
      const { groups } = await read(SOURCE, settings(ours), 'lastName');
      expect(groups[0]?.records).to.deep.equal([{ lastName: 'Тестова' }, null, { lastName: 'Пробный' }]);
    });

    it('has its dates converted', async () => {
      const { groups } = await read(SOURCE, settings(ours), 'birth');
      expect(groups[0]?.records).to.deep.equal([{ birth: '1988-05-14' }, null, { birth: '1991-01-01' }]);
    });

    it('refuses a client without a certificate, and with one of others', async () => {
      for (const client of [undefined, stranger])
        expect(await rejection(read(SOURCE, settings(client), 'lastName'))).to.include({
          reason: 'tls_client_certificate',
        });
    });

    it('refuses a client without the token', async () => {
      file('secret', 'another');
      expect(await rejection(read(SOURCE, settings(ours), 'lastName'))).to.include({ reason: 'credentials_refused' });
    });
  });

  describe('on PostgreSQL', () => {
    const SOURCE = `
protocol: sql
types:
  Citizen: { key: iin, table: people, key_column: { column: iin, type: text }, fields: { iin: iin, lastName: last_name } }
`;
    let server: PostgresServer;
    beforeEach(async () => {
      server = await startPrimary(folder, [
        'ssl = on',
        `ssl_cert_file = '${join(folder, 'own.pem')}'`,
        `ssl_key_file = '${join(folder, 'own.key')}'`,
        `ssl_ca_file = '${join(folder, 'ca.pem')}'`,
      ]);
      await server.ask(`CREATE ROLE reader LOGIN PASSWORD '${SECRET}'`);
      await server.ask('CREATE TABLE people (iin text PRIMARY KEY, last_name text)');
      await server.ask(`INSERT INTO people VALUES ('${FIRST}', 'Тестова'), ('${SECOND}', 'Пробный')`);
      await server.ask('GRANT SELECT ON people TO reader');
      const rules = ['hostssl all reader 127.0.0.1/32 scram-sha-256 clientcert=verify-full'];
      writeFileSync(join(server.data, 'pg_hba.conf'), `${rules.join('\n')}\nhost all postgres 127.0.0.1/32 trust\n`);
      await server.ask('SELECT pg_reload_conf()');
    });
    afterEach(() => server.stop());
    const settings = (tls: object | undefined): object => ({
      protocol: 'sql',
      host: '127.0.0.1',
      port: server.port,
      database: 'postgres',
      user: 'reader',
      password_file: join(folder, 'secret'),
      ...(tls === undefined ? {} : { tls }),
    });

    it('answers a client with a certificate of its role', async () => {
      const { groups } = await read(SOURCE, settings(tlsWith(ours)), 'lastName');
      expect(groups[0]?.records).to.deep.equal([{ lastName: 'Тестова' }, null, { lastName: 'Пробный' }]);
    });

    it('refuses a client without TLS, without a certificate, and with one of another role', async () => {
      const other = issueCertificate({ name: 'writer', by: authority });
      for (const [what, tls] of [
        ['no TLS', undefined],
        ['no certificate', tlsWith(undefined)],
        ['another role', tlsWith(other)],
      ] as const)
        expect(await rejection(read(SOURCE, settings(tls), 'lastName')), what).to.include({
          reason: 'credentials_refused',
        });
    });

    it('is refused with another name, and with a certificate of others', async () => {
      const named = tlsWith(ours, { server_name: 'other.example' });
      expect(await rejection(read(SOURCE, settings(named), 'lastName'))).to.include({ reason: 'tls_name_mismatch' });
      file('ca.pem', stranger.certificate);
      expect(await rejection(read(SOURCE, settings(tlsWith(ours)), 'lastName'))).to.include({
        reason: 'tls_untrusted',
      });
    });
  });
});
