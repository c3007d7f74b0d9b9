import { expect } from 'chai';
import type { Adapter, OnBehalfOf, RegisterAnswer } from '../../../adapters/port.js';
import { generateCountry } from '../../../demo/country/country.js';
import { HOUSING_FAMILY, OFFICIAL } from '../../../demo/country/people.js';
import { BUSINESS_SERVICE, businessRegister } from '../../../demo/registers/business/register.js';
import type { HttpAnswer, HttpQuestion } from '../../../demo/registers/http-register.js';
import { served, type Served } from '../../demo/registers/served.js';
import { listeningObserver } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import { citizens, entities, leaf, list } from '../selections.js';
import { adapterTo, clock, SOURCE } from './business.js';
import type { HashTolerance } from '../../../adapters/xroad/hash-tolerance.js';
import { xroadSource, type XroadSource } from '../../../adapters/xroad/source.js';
import { mockedHttp, type MockedHttp } from '../../mocked-http.js';
import type { HttpClient } from '../../../schemas/ports/http-client.js';
import { someCalls } from '../../recorded-calls.js';

const { applicant } = HOUSING_FAMILY;
const SERVICE = BUSINESS_SERVICE.join('/');
const SHARES = entities('Citizen', [list('ownerships', 'Ownership', [leaf('share')])]);
const WHO: OnBehalfOf = {
  agency: { id: 'integrity', bin: '000000000000' },
  system: 'integrity',
  officer: 'o-17',
  purpose: 'declaration_check',
  case: { agency: 'integrity', number: 'DC-2026-000501' },
};

describe('the X-Road adapter', () => {
  const country = generateCountry();
  let register: Served;
  let seen: HttpQuestion[];
  /** What the security server does to an answer before it leaves. */
  let spoil: (answer: HttpAnswer) => HttpAnswer;
  /** What happens to a question on its way to the security server. */
  let alter: (question: HttpQuestion) => HttpQuestion;
  let adapter: Adapter | undefined;

  beforeEach(async () => {
    seen = [];
    spoil = (answer) => answer;
    alter = (question) => question;
    register = await served((meter) => {
      const honest = businessRegister(country.business, meter);
      return async (question) => {
        seen.push(question);
        return spoil(await honest(alter(question)));
      };
    });
  });
  afterEach(async () => {
    await adapter?.close();
    await register.listener.close();
  });

  const ask = (
    changed: {
      readonly client?: readonly string[];
      readonly observer?: ReturnType<typeof listeningObserver>;
      readonly onBehalfOf?: OnBehalfOf;
      readonly http?: HttpClient;
      readonly hashTolerance?: HashTolerance;
      readonly source?: XroadSource;
    } = {},
    url = register.url,
  ): Promise<RegisterAnswer> => {
    adapter = adapterTo(url, changed);
    const prepared = adapter.prepare(SHARES);
    return adapter.read({
      requestId: 'request-1',
      calls: someCalls(),
      groups: [{ prepared, variables: {}, keys: citizens(OFFICIAL.iin) }],
      deadline: clock.monotonic() + 2_000,
      onBehalfOf: changed.onBehalfOf ?? WHO,
    });
  };
  const withHeaders =
    (changed: Readonly<Record<string, string>>) =>
    (answer: HttpAnswer): HttpAnswer => ({ ...answer, headers: { ...answer.headers, ...changed } });

  it('says who asks, for which case, and nothing of the person in the path', async () => {
    const answer = await ask();
    expect(answer.groups[0]?.records).to.deep.equal([{ ownerships: [{ share: '1/2' }] }]);
    const [{ path, headers }] = seen as [HttpQuestion];
    expect(path).to.equal('/r1/KZ/GOV/990140090002/business/persons/v1/batch');
    expect(headers).to.include({
      'x-road-client': 'KZ/GOV/000740000728/tereze',
      'x-road-userid': 'KZo-17',
      'x-road-issue': 'DC-2026-000501',
    });
    expect(headers['x-road-id'], 'the id of the call').to.equal('request-1-1');
    expect(JSON.stringify([path, headers])).to.not.include(OFFICIAL.iin);
  });

  it('leaves out who is not there', async () => {
    await ask({ onBehalfOf: { system: 'citizen-window', purpose: 'own_data' } });
    expect(
      Object.keys(seen[0]?.headers ?? {})
        .filter((name) => name.startsWith('x-road-'))
        .sort(),
    ).to.deep.equal(['x-road-client', 'x-road-id']);
  });

  for (const [what, how] of Object.entries({
    'another request’s hash': withHeaders({ 'X-Road-Request-Hash': 'AAAA' }),
    'another id': withHeaders({ 'X-Road-Id': '6f1c0f4e-0000-4000-8000-000000000000' }),
    'another client': withHeaders({ 'X-Road-Client': 'KZ/GOV/000740000728/other' }),
    'another service': withHeaders({ 'X-Road-Service': 'KZ/GOV/990140090002/business/secrets' }),
    'a request id that is none': withHeaders({ 'X-Road-Request-Id': 'none' }),
    'no headers of X-Road': (answer: HttpAnswer): HttpAnswer => ({ status: answer.status, body: answer.body }),
  })) {
    it(`takes no reply with ${what}`, async () => {
      spoil = how;
      expect(await rejection(ask())).to.include({ kind: 'malformed' });
    });
  }

  for (const [what, how] of Object.entries({
    'another body': (question: HttpQuestion): HttpQuestion => ({ ...question, body: `${question.body} ` }),
    'another case': (question: HttpQuestion): HttpQuestion => ({
      ...question,
      rawHeaders: question.rawHeaders.map((text) => (text === 'DC-2026-000501' ? 'DC-2026-000502' : text)),
    }),
    'one header less': (question: HttpQuestion): HttpQuestion => ({
      ...question,
      rawHeaders: question.rawHeaders.filter((_, place, all) => all[place - (place % 2)] !== 'X-Road-UserId'),
    }),
  })) {
    it(`takes no reply to a question that reached the security server with ${what}`, async () => {
      alter = how;
      expect(await rejection(ask())).to.include({ kind: 'malformed' });
    });
  }

  it('takes another hash until the day that is agreed, says so in provenance and log, and not after it', async () => {
    spoil = withHeaders({ 'X-Road-Request-Hash': 'AAAA' });
    const observer = listeningObserver();
    const tolerance = { action: 'warn', reason: 'a proxy renames headers' } as const;
    const answer = await ask({ observer, hashTolerance: { ...tolerance, until: '9999-12-31' } });
    expect(answer.groups[0]).to.deep.include({
      records: [{ ownerships: [{ share: '1/2' }] }],
      errors: [],
      converted: ['request hash: not verified'],
    });
    expect(observer.lines.map(({ event }) => event)).to.include('xroad_hash_mismatch');
    await adapter?.close();
    const late = ask({ hashTolerance: { ...tolerance, until: '2000-01-01' } });
    expect(await rejection(late)).to.include({ reason: 'hash_mismatch' });
    spoil = withHeaders({ 'X-Road-Request-Hash': 'AAAA', 'X-Road-Service': `${SERVICE}s` });
    await adapter?.close();
    const other = ask({ hashTolerance: { ...tolerance, until: '9999-12-31' } });
    expect(await rejection(other)).to.include({ reason: 'xroad_header' });
  });

  it('says nothing of a hash that is right', async () => {
    const tolerance = { action: 'warn', reason: 'a proxy', until: '9999-12-31' } as const;
    expect((await ask({ hashTolerance: tolerance })).groups[0]).to.not.have.property('converted');
  });

  it('reads by GET and PUT, with path and query, below the version of the service', async () => {
    const request = (changed: object) =>
      xroadSource.parse({
        protocol: 'xroad',
        service: { ...SOURCE.service, version: 'v2' },
        operations: {
          batch: {
            request: { path: '/batch', ...changed },
            batch: { max: 5, answer: 'ordered' },
            answer: { items: ['items'] },
          },
        },
        types: {
          Citizen: { key: 'iin', batch: 'batch', fields: { iin: 'iin', ownerships: { type: 'Ownership' } } },
          Ownership: { fields: { share: 'share' } },
        },
      });
    const body = { iins: '{iin[]}' };
    for (const [method, changed, path] of [
      ['PUT', { method: 'PUT', body }, '/batch'],
      ['GET', { method: 'GET', query: { of: 'people' }, headers: { Part: '{request_id}' } }, '/batch?of=people'],
    ] as const) {
      // The register of the demo knows one question only.
      alter = (question) => ({ ...question, path: question.path.replace(/v2\/batch.*/, 'v1/batch'), method: 'POST' });
      await ask({ source: request(changed) }).catch(() => undefined);
      expect([seen.at(-1)?.method, seen.at(-1)?.path]).to.deep.equal([
        method,
        `/r1/KZ/GOV/990140090002/business/persons/v2${path}`,
      ]);
      await adapter?.close();
    }
  });

  it('takes no reply that says one thing twice, though everything else is right', async () => {
    spoil = (answer) => ({
      ...answer,
      headers: { ...answer.headers, 'X-Road-Service': [SERVICE, SERVICE] } as unknown as Record<string, string>,
    });
    expect(await rejection(ask())).to.include({ kind: 'malformed' });
    spoil = (answer) => ({
      ...answer,
      headers: { ...answer.headers, 'X-Road-Service': [SERVICE] } as unknown as Record<string, string>,
    });
    expect((await ask()).groups).to.have.length(1);
  });

  for (const [header, kind, fault] of [
    ['Client.BadRequest', 'failed', 'client'],
    ['Server.ClientProxy.NetworkError', 'failed', 'client_proxy'],
    ['Server.ServerProxy.AccessDenied', 'denied', 'server_proxy'],
    ['Server.ServerProxy.ServiceFailed.InternalError', 'failed', 'server_proxy'],
    ['Something.Else', 'malformed', 'unknown'],
  ] as const) {
    it(`knows whose fault ${header} is, and tells no one its text`, async () => {
      const observer = listeningObserver();
      spoil = () => ({
        status: 500,
        body: '{"type":"x","message":"secret of the provider","detail":"d"}',
        headers: { 'X-Road-Error': header },
      });
      const error = await rejection(ask({ observer }));
      expect(error).to.include({ kind });
      expect(observer.lines.find(({ event }) => event === 'xroad_error')?.fields).to.include({
        fault,
        requestId: 'request-1',
        register: 'business',
      });
      expect(JSON.stringify([String(error), observer.lines])).to.not.include('secret of the provider');
    });
  }

  it('is refused as a client that no one registered', async () => {
    expect(await rejection(ask({ client: ['KZ', 'COM', '1', 'spy'] }))).to.include({ kind: 'denied' });
    expect(register.meter.stats().calls).to.equal(0);
  });

  it('notes the ids of the exchange for the log, and no number', async () => {
    const observer = listeningObserver();
    await ask({ observer });
    const line = observer.lines.find(({ event }) => event === 'xroad_exchange');
    expect(line?.fields)
      .to.include({ requestId: 'request-1', register: 'business' })
      .and.have.property('xroadRequestId')
      .that.matches(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(observer.lines)).to.not.include(OFFICIAL.iin).and.not.include(applicant.iin);
  });

  describe('before a security server that is not ours', () => {
    const HOST = 'http://ss.example';
    let mocked: MockedHttp;
    beforeEach(() => {
      mocked = mockedHttp();
    });
    afterEach(() => mocked.close());

    it('follows no redirect', async () => {
      const elsewhere = mocked.post('http://elsewhere.example', /.*/).reply(200, { items: [] });
      const asked = mocked.post(HOST, /^\/r1\//).reply(302, '', { Location: 'http://elsewhere.example/' });
      expect(await rejection(ask({ http: mocked.client }, HOST))).to.include({ kind: 'malformed' });
      expect([asked.isDone(), elsewhere.isDone()]).to.deep.equal([true, false]);
    });
  });
});
