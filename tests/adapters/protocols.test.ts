import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { anonymousRegistersConfigOf, credentialKeysOf, fileKeysOf, registersConfigOf } from '../../adapters/config.js';
import { openAdapters } from '../../adapters/open-adapters.js';
import type { Adapter } from '../../adapters/port.js';
import { commonSettings, defineProtocol, filePath, readSecret } from '../../adapters/protocol.js';
import { PROTOCOLS } from '../../adapters/protocols.js';
import { readSourceOf, SourceInvalid } from '../../adapters/source-file.js';
import { addressOf } from '../../gateway/cli/register.js';
import { ConfigError } from '../../gateway/config/config-error.js';
import { governedForm } from '../../gateway/config/forms/governed.js';
import { jsonSchemaOf } from '../../gateway/config/json-schema.js';
import { parseConfigAs, readConfigAs } from '../../gateway/config/read-config.js';
import { configSchemaOf } from '../../gateway/config/schema.js';
import { runningClock, seededRandom, silentObserver } from '../doubles.js';
import { LEAST_CONFIG, PRODUCTION_CONFIG } from '../gateway/config/example.js';
import { rejection } from '../rejection.js';
import { createHttpClient } from '../../gateway/compose/http-client.js';
import { someCalls } from '../recorded-calls.js';

const settings = z.strictObject({
  protocol: z.literal('pigeon'),
  loft: z.string().describe('Where the pigeons live.'),
  ring_file: filePath.describe('File with the number of the ring.'),
  tls_ca_file: filePath.optional().describe('File with an authority.'),
  ...commonSettings,
});

/** A protocol that is in no folder: what one more folder would export. */
const pigeon = defineProtocol({
  name: 'pigeon',
  source: z.strictObject({ protocol: z.literal('pigeon'), speed: z.int() }),
  settings,
  credentialKeys: ['ring_file'],
  locationOf: ({ loft, tls_ca_file: caFile }: z.output<typeof settings>) => ({
    address: `loft of ${loft}`,
    hostname: loft,
    isEncrypted: caFile !== undefined,
    encryptedBy: 'tls_ca_file',
  }),
  createAdapter: ({ register, source, settings: { loft, ring_file: file } }): Adapter => ({
    register,
    prepare: () => ({ register }),
    read: async () => ({
      groups: [{ records: [{ loft, speed: source.speed, ring: readSecret(file) }], errors: [] }],
    }),
    close: async () => {
      closed.push(register);
    },
  }),
});

const closed: string[] = [];
const KNOWN = [...PROTOCOLS, pigeon] as const;
const ports = { http: createHttpClient(), clock: runningClock(), random: seededRandom(), observer: silentObserver() };

describe('a protocol that is one more line of the list', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-protocols-'));
    writeFileSync(join(folder, 'ring'), 'KZ-17\n');
    mkdirSync(join(folder, 'post'));
    writeFileSync(join(folder, 'post', 'source.yaml'), 'protocol: pigeon\nspeed: 80\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  const post = (): { protocol: 'pigeon'; loft: string; ring_file: string } => ({
    protocol: 'pigeon',
    loft: 'Almaty',
    ring_file: join(folder, 'ring'),
  });

  it('is configured with its own settings, and their types are its own', () => {
    const { post: read } = registersConfigOf(KNOWN).parse({ post: post() });
    if (read?.protocol !== 'pigeon') throw new Error('another protocol');
    // Each of these lines is an error of the compiler if the type is lost.
    const loft: string = read.loft;
    // @ts-expect-error no such setting
    expect(read.url).to.equal(undefined);
    expect([loft, read.timeout_ms]).to.deep.equal(['Almaty', 2_000]);
    expect(registersConfigOf(KNOWN).safeParse({ post: { ...post(), feathers: 2 } }).success).to.equal(false);
  });

  it('is named in the message about a protocol that there is not', () => {
    expect(() => registersConfigOf(KNOWN).parse({ post: { protocol: 'telepathy' } })).to.throw(
      'names no protocol: rest, graphql, sql, soap, xroad or pigeon',
    );
    expect(() => registersConfigOf(PROTOCOLS).parse({ post: { protocol: 'telepathy' } })).to.throw(
      'names no protocol: rest, graphql, sql, soap or xroad',
    );
    expect(() => anonymousRegistersConfigOf(KNOWN).parse({ post: post() })).to.throw(
      'names no protocol that needs no credential: rest, graphql, soap or xroad',
    );
  });

  it('has credentials and files that the configuration knows', () => {
    expect(credentialKeysOf(KNOWN)).to.deep.equal([...credentialKeysOf(PROTOCOLS), 'ring_file']);
    expect(fileKeysOf(KNOWN)).to.deep.equal([...fileKeysOf(PROTOCOLS), 'ring_file']);
    expect(credentialKeysOf(PROTOCOLS)).to.have.members([
      'api_key_file',
      'token_file',
      'password_file',
      'key_file',
      'certificate_file',
      'register_key_file',
      'register_ca_file',
      'auth.user',
      'auth.password_file',
      'auth.key_file',
      'auth.token_file',
      'auth.client_id',
      'auth.secret_file',
      'tls.cert_file',
      'tls.key_file',
    ]);
    expect(fileKeysOf(PROTOCOLS)).to.include.members([
      'api_key_file',
      'auth.password_file',
      'auth.key_file',
      'auth.token_file',
      'auth.secret_file',
      'auth.tls.ca_file',
      'auth.tls.cert_file',
      'auth.tls.key_file',
      'tls.ca_file',
      'tls.cert_file',
      'tls.key_file',
    ]);
  });

  it('has a source.yaml of its own', () => {
    expect(readSourceOf(KNOWN, join(folder, 'post', 'source.yaml'))).to.deep.equal({ protocol: 'pigeon', speed: 80 });
    expect(() => readSourceOf(PROTOCOLS, join(folder, 'post', 'source.yaml'))).to.throw(SourceInvalid);
  });

  it('makes the adapter of its registers, and closes it', async () => {
    const adapters = openAdapters({
      directory: folder,
      registers: ['post'],
      config: registersConfigOf(KNOWN).parse({ post: post() }),
      protocols: KNOWN,
      ...ports,
    });
    const answer = await adapters.byRegister.get('post')?.read({
      requestId: 'request-1',
      calls: someCalls(),
      groups: [{ prepared: { register: 'post' }, variables: {} }],
      deadline: ports.clock.monotonic() + 1_000,
    });
    expect(answer?.groups[0]?.records).to.deep.equal([{ loft: 'Almaty', speed: 80, ring: 'KZ-17' }]);
    await adapters.close();
    expect(closed).to.deep.equal(['post']);
  });

  it('is not taken for another protocol', () => {
    const config = registersConfigOf(KNOWN).parse({
      post: { protocol: 'graphql', url: 'http://127.0.0.1:9', token_file: join(folder, 'ring') },
    });
    expect(() => openAdapters({ directory: folder, registers: [], config, protocols: KNOWN, ...ports })).to.throw(
      SourceInvalid,
      'is of protocol pigeon, but the configuration says graphql',
    );
    expect(() => pigeon.locationOf(config['post']!)).to.throw(TypeError);
  });

  it('is where `register list` says', () => {
    const { post: read } = registersConfigOf(KNOWN).parse({ post: post() });
    expect(addressOf(read!, KNOWN)).to.equal('loft of Almaty');
  });

  describe('in a gateway’s configuration', () => {
    const form = governedForm(configSchemaOf(KNOWN), KNOWN);
    const withPost = (config: string, post: string): string =>
      config.replace('registers: {}', `registers: { post: ${post} }`);

    it('is in its JSON Schema', () => {
      const registers = jsonSchemaOf(form.schema).properties?.['registers']?.additionalProperties;
      const forms = typeof registers === 'object' ? (registers.oneOf ?? []) : [];
      const names = forms.map(({ properties }) => properties?.['protocol']?.const);
      expect(names).to.deep.equal(['rest', 'graphql', 'sql', 'soap', 'xroad', 'pigeon']);
      expect(forms.at(-1)?.properties?.['loft']?.description).to.equal('Where the pigeons live.');
    });

    it('has its paths resolved, and its files looked for', async () => {
      const text = withPost(LEAST_CONFIG, '{ protocol: pigeon, loft: 127.0.0.1, ring_file: no-ring }');
      const { registers } = parseConfigAs(form, join(folder, 'tereze.yaml'), text, {});
      expect(registers['post']).to.have.property('ring_file', join(folder, 'no-ring'));
      writeFileSync(join(folder, 'tereze.yaml'), text);
      const refused = await rejection(readConfigAs(form, join(folder, 'tereze.yaml'), {}));
      expect(refused).to.be.instanceOf(ConfigError);
      expect((refused as ConfigError).problems.map(({ key }) => key)).to.include('registers.post.ring_file');
    });

    it('must be encrypted in production, like any other', () => {
      const text = withPost(PRODUCTION_CONFIG, '{ protocol: pigeon, loft: far.example, ring_file: ring }');
      expect(() => parseConfigAs(form, 'tereze.yaml', text, {}))
        .to.throw(ConfigError)
        .with.property('problems')
        .that.satisfies((problems: ConfigError['problems']) =>
          problems.some(({ key }) => key === 'registers.post.tls_ca_file'),
        );
    });
  });
});
