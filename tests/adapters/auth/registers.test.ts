import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { registersConfig } from '../../../adapters/config.js';
import { openAdapters, type Adapters } from '../../../adapters/open-adapters.js';
import type { RegisterAnswer, RegisterFailure } from '../../../adapters/port.js';
import { AccessRecord } from '../../../gateway/access/access-record.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { listeningObserver, runningClock, seededRandom } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import { registersOf } from '../../recorded-calls.js';
import { PEOPLE_SOURCE } from '../rest/people-register.js';
import { citizens, entities, leaf } from '../selections.js';
import { SOURCE as SOAP_SOURCE } from '../soap/population.js';
import { rsaPair } from '../soap/signing/keys.js';
import { SOURCE as XROAD_SOURCE } from '../xroad/business.js';
import { openTokenEndpoint, sendJson, type TokenEndpoint } from './token-endpoint.js';

const IIN = '880514391012';
const SECRET = 'hush-hush';

const PROTOCOLS = [
  { protocol: 'rest', source: PEOPLE_SOURCE, settings: {}, field: 'iin' },
  { protocol: 'graphql', source: { protocol: 'graphql' }, settings: {}, field: 'iin' },
  { protocol: 'xroad', source: XROAD_SOURCE, settings: { client: 'KZ/GOV/1/tereze' }, field: 'iin' },
  {
    protocol: 'soap',
    source: SOAP_SOURCE,
    settings: { sender_id: 'me', password_file: 'secret', key_file: 'key.pem', register_key_file: 'public.pem' },
    field: 'lastName',
  },
] as const;

describe('a register that is authenticated to by settings', () => {
  const clock = runningClock();
  const observer = listeningObserver();
  let folder: string;
  let tokens: TokenEndpoint;
  let server: Server;
  let seen: IncomingMessage[];
  let handle: (request: IncomingMessage, response: ServerResponse) => void;
  let record: AccessRecord;
  const opened: Adapters[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-registers-'));
    writeFileSync(join(folder, 'secret'), SECRET);
    const pair = rsaPair('gateway');
    writeFileSync(join(folder, 'key.pem'), pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(join(folder, 'public.pem'), pair.publicKey.export({ type: 'spki', format: 'pem' }));
    tokens = await openTokenEndpoint();
    seen = [];
    handle = (_, response) => void response.writeHead(401).end();
    server = createServer((request, response) => {
      request.resume().on('end', () => {
        seen.push(request);
        handle(request, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    record = new AccessRecord('request-1');
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((adapters) => adapters.close()));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await tokens.close();
    rmSync(folder, { recursive: true });
  });

  const oauth2 = (): object => ({
    type: 'oauth2',
    token_url: tokens.url,
    client_id: 'tereze',
    client_auth: 'client_secret_post',
    secret_file: 'secret',
  });
  /** Returns what reads one person. */
  const open = (
    { protocol, source, settings, field }: (typeof PROTOCOLS)[number],
    auth: object,
  ): (() => Promise<RegisterAnswer>) => {
    mkdirSync(join(folder, 'people'), { recursive: true });
    writeFileSync(join(folder, 'people', 'source.yaml'), stringify(source));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const inFolder = (text: string): string =>
      text.replaceAll(/"(\w+_file)":"([^"]+)"/g, (_, key, file) => `"${key}":"${join(folder, file)}"`);
    const config: unknown = JSON.parse(inFolder(JSON.stringify({ people: { protocol, url, ...settings, auth } })));
    const adapters = openAdapters({
      directory: folder,
      registers: ['people'],
      config: registersConfig.parse(config),
      http: createHttpClient(),
      clock,
      random: seededRandom(),
      observer,
    });
    opened.push(adapters);
    const adapter = adapters.byRegister.get('people')!;
    const prepared = adapter.prepare(entities('Citizen', [leaf(field)]));
    return () =>
      adapter.read({
        requestId: 'request-1',
        calls: record.beginRead('people', 0, { all: [] }),
        groups: [{ prepared, variables: {}, keys: citizens(IIN) }],
        deadline: clock.monotonic() + 2_000,
      });
  };
  const [rest] = PROTOCOLS;
  const answerPeople = (response: ServerResponse): void => sendJson(response, { items: [{ iin: IIN }] });

  for (const protocol of PROTOCOLS) {
    describe(`over ${protocol.protocol}`, () => {
      it('is sent a second message with a new token after a 401, and both are recorded', async () => {
        const failure = (await rejection(open(protocol, oauth2())())) as RegisterFailure;
        expect(failure).to.include({ kind: 'denied', reason: 'credentials_refused' });
        expect(seen.map(({ headers }) => headers.authorization)).to.deep.equal(['Bearer token-1', 'Bearer token-2']);
        const [use] = registersOf(record);
        expect(use?.calls).to.equal(2);
        expect(new Set(use?.callIds).size).to.equal(2);
      });

      it('costs no more than two tokens while it answers every one with 401', async () => {
        const read = open(protocol, oauth2());
        for (let call = 0; call < 4; call += 1)
          expect(await rejection(read())).to.include({ kind: 'denied', reason: 'credentials_refused' });
        expect(tokens.requests).to.have.length(2);
        // The first call had a second try, the others none.
        expect(seen).to.have.length(5);
      });

      it('is sent nothing without a token, and nothing of it is said', async () => {
        tokens.answer = (response) => sendJson(response, { error: 'invalid_client', error_description: SECRET }, 401);
        const failure = (await rejection(open(protocol, oauth2())())) as RegisterFailure;
        expect(failure).to.include({ kind: 'denied', reason: 'token_refused' });
        expect(seen).to.be.empty;
        expect(registersOf(record)[0]?.calls ?? 0).to.equal(0);
        expect(JSON.stringify([failure.message, failure.stack, failure.cause, observer.lines])).to.not.include(SECRET);
      });

      it('is sent one message if the credentials cannot change', async () => {
        const auth = { type: 'basic', user: 'tereze', password_file: 'secret' };
        expect(await rejection(open(protocol, auth)())).to.include({ reason: 'credentials_refused' });
        expect(seen.map(({ headers }) => headers.authorization)).to.deep.equal([
          `Basic ${Buffer.from(`tereze:${SECRET}`).toString('base64')}`,
        ]);
      });

      it('that refuses this access is not asked again', async () => {
        handle = (_, response) => void response.writeHead(403).end();
        expect(await rejection(open(protocol, oauth2())())).to.include({ kind: 'denied', reason: 'access_refused' });
        expect([seen.length, tokens.requests.length]).to.deep.equal([1, 1]);
      });

      it('takes a key in a header or in the query', async () => {
        await rejection(open(protocol, { type: 'api_key', header: 'X-Key', key_file: 'secret' })());
        await rejection(open(protocol, { type: 'api_key', query: 'api key', key_file: 'secret' })());
        expect(seen[0]?.headers['x-key']).to.equal(SECRET);
        expect(seen[0]?.url).to.not.include('?');
        expect(seen[1]?.url).to.match(/\?api%20key=hush-hush$/);
        expect(JSON.stringify(observer.lines)).to.not.include(SECRET);
      });
    });
  }

  it('answers with one token for many reads at once, also when it ends and when it is refused', async () => {
    handle = ({ headers }, response) =>
      headers.authorization === `Bearer token-${tokens.requests.length}`
        ? answerPeople(response)
        : void response.writeHead(401).end();
    const read = open(rest, oauth2());
    const all = async (): Promise<void> => {
      const answers = await Promise.all(Array.from({ length: 50 }, read));
      for (const { groups } of answers) expect(groups[0]?.records).to.deep.equal([{ iin: IIN }]);
    };
    await all();
    expect(tokens.requests).to.have.length(1);
    // The register takes another token from now on.
    const revoked = tokens.requests.length;
    handle = ({ headers }, response) =>
      headers.authorization === `Bearer token-${revoked}` ? void response.writeHead(401).end() : answerPeople(response);
    await all();
    expect(tokens.requests).to.have.length(2);
  });

  it('takes a bearer token of a file, and the next one', async () => {
    writeFileSync(join(folder, 'token'), 'first');
    handle = ({ headers }, response) =>
      headers.authorization === 'Bearer second' ? answerPeople(response) : void response.writeHead(401).end();
    const read = open(rest, { type: 'bearer_file', token_file: 'token' });
    expect(await rejection(read())).to.include({ reason: 'credentials_refused' });
    writeFileSync(join(folder, 'token'), 'second');
    expect((await read()).groups[0]?.records).to.deep.equal([{ iin: IIN }]);
    expect(seen.map(({ headers }) => headers.authorization)).to.deep.equal([
      'Bearer first',
      'Bearer first',
      'Bearer second',
    ]);
  });

  it('that asks for nothing is shown nothing', async () => {
    handle = (_, response) => answerPeople(response);
    await open(rest, { type: 'none' })();
    expect(Object.keys(seen[0]?.headers ?? {})).to.not.include.members(['authorization', 'x-api-key']);
  });

  it('needs the header of an older api_key_file in its mapping', () => {
    const nameless = { ...PEOPLE_SOURCE, api_key_header: undefined };
    mkdirSync(join(folder, 'people'), { recursive: true });
    writeFileSync(join(folder, 'people', 'source.yaml'), stringify(nameless));
    const config = registersConfig.parse({
      people: { protocol: 'rest', url: 'http://127.0.0.1:9', api_key_file: join(folder, 'secret') },
    });
    const open = (): Adapters =>
      openAdapters({
        directory: folder,
        registers: [],
        config,
        http: createHttpClient(),
        clock,
        random: seededRandom(),
        observer,
      });
    expect(open).to.throw('source.yaml of people names no api_key_header: say the header in registers.people.auth');
  });
});
