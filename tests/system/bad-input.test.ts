import { expect } from 'chai';
import { request as httpRequest } from 'node:http';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import * as oidc from 'openid-client';
import { accessWith, discover, tokenOf } from '../../gateway/cli/client/access.js';
import { readProfile } from '../../gateway/cli/client/profile.js';
import { startSystem, type Answer, type RunningSystem, answerOf } from './running-system.js';

const { applicant, caseNumber } = HOUSING_FAMILY;
const JSON_TYPE = { 'content-type': 'application/json' };
const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** Refused before anyone is known: counted in the log, one entry a second, code and source. */
const BEFORE_AUTHENTICATION: Readonly<
  Record<
    string,
    {
      readonly method?: string;
      readonly path?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Buffer;
      readonly status: number;
      readonly code: string;
    }
  >
> = {
  'no token': { body: '{}', status: 401, code: 'UNAUTHENTICATED' },
  'a token that is none': {
    body: '{}',
    headers: { authorization: 'DPoP nonsense' },
    status: 401,
    code: 'UNAUTHENTICATED',
  },
  'a bearer token, without a proof': {
    body: '{}',
    headers: { authorization: 'Bearer a.b.c' },
    status: 401,
    code: 'UNAUTHENTICATED',
  },
  GET: { method: 'GET', status: 405, code: 'METHOD_NOT_ALLOWED' },
  PUT: { method: 'PUT', body: '{}', status: 405, code: 'METHOD_NOT_ALLOWED' },
  'an unknown address': { path: '/graphq1', body: '{}', status: 404, code: 'NOT_FOUND' },
  'another charset': {
    body: '{}',
    headers: { 'content-type': 'application/json; charset=windows-1251' },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  'a form': {
    body: 'query=x',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  'far too large': { body: `{"query":"${' '.repeat(900_000)}"}`, status: 413, code: 'PAYLOAD_TOO_LARGE' },
};

/** Bodies that are none. Without a token they are not read; with one, each refusal is an entry with a receipt. */
const BODIES: Readonly<Record<string, { readonly body: string | Buffer; readonly code: string }>> = {
  'an empty body': { body: '', code: 'INVALID_JSON' },
  'half a body': { body: '{"documentId": "Hous', code: 'INVALID_JSON' },
  'a key given twice': { body: '{"documentId":"A","documentId":"B"}', code: 'INVALID_JSON' },
  'bytes that are no UTF-8': { body: Buffer.from('7b2261223a22ff227d', 'hex'), code: 'INVALID_JSON' },
  'a batch': { body: '[{},{}]', code: 'BATCH_NOT_SUPPORTED' },
  'a number': { body: '7', code: 'BAD_REQUEST' },
  'NUL in a text': {
    body: '{"documentId":"HousingQueue","variables":{"iin":"88051439101\\u0000"}}',
    code: 'INVALID_JSON',
  },
  'a key that JavaScript objects have': {
    body: '{"documentId":"HousingQueue","variables":{"__proto__":{"iin":"880514391012"}}}',
    code: 'INVALID_JSON',
  },
  'far too deep': { body: `{"variables":${deep(5_000)}}`, code: 'INVALID_JSON' },
};

/** Refused once the caller is known: an entry of its own, and a receipt. */
const AFTER_AUTHENTICATION: Readonly<
  Record<string, { readonly body: Readonly<Record<string, unknown>>; readonly code: string }>
> = {
  'neither document nor text': { body: {}, code: 'BAD_REQUEST' },
  both: { body: { documentId: 'HousingQueue', query: '{ __typename }' }, code: 'DOCUMENT_ID_AND_TEXT' },
  'an unknown document': { body: { documentId: 'HousingQueues' }, code: 'DOCUMENT_NOT_FOUND' },
  'an unknown hash': { body: { documentId: `sha256:${'0'.repeat(64)}` }, code: 'DOCUMENT_NOT_FOUND' },
  'a look-alike in the name (Cyrillic Н)': { body: { documentId: '\u041dousingQueue' }, code: 'DOCUMENT_NOT_FOUND' },
  'no number': { body: { documentId: 'HousingQueue', variables: {} }, code: 'BAD_USER_INPUT' },
  'a number with another check digit': {
    body: { documentId: 'HousingQueue', variables: { iin: '880514391013' } },
    code: 'BAD_USER_INPUT',
  },
  'a number as a number': {
    body: { documentId: 'HousingQueue', variables: { iin: 880514391012 } },
    code: 'BAD_USER_INPUT',
  },
  'Arabic-Indic digits': {
    body: {
      documentId: 'HousingQueue',
      variables: { iin: '\u0668\u0668\u0660\u0665\u0661\u0664\u0663\u0669\u0661\u0660\u0661\u0662' },
    },
    code: 'BAD_USER_INPUT',
  },
  'variables that are a list': { body: { documentId: 'HousingQueue', variables: [] }, code: 'BAD_REQUEST' },
  'no GraphQL': { body: { query: '{ citizen(' }, code: 'GRAPHQL_PARSE_FAILED' },
  'an unknown field': { body: { query: '{ citizens { iin } }' }, code: 'GRAPHQL_VALIDATION_FAILED' },
  'a number in the text': {
    body: { query: `{ citizen(iin: "${applicant.iin}") { sex } }` },
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  'a mutation': { body: { query: 'mutation { a }' }, code: 'GRAPHQL_VALIDATION_FAILED' },
  'a subscription': { body: { query: 'subscription { a }' }, code: 'GRAPHQL_VALIDATION_FAILED' },
  'another operation': {
    body: { query: 'query A { __typename }', operationName: 'B' },
    code: 'OPERATION_RESOLUTION_FAILURE',
  },
  'far too many tokens': { body: { query: `{ ${'__typename '.repeat(3_000)} }` }, code: 'QUERY_TOO_COMPLEX' },
  'far too deep': {
    body: {
      query: `query Q($i: Iin!) { citizen(iin: $i) ${'{ spouse '.repeat(60)} { sex }${' }'.repeat(60)} }`,
      variables: { i: applicant.iin },
    },
    code: 'QUERY_TOO_COMPLEX',
  },
  'fragments in a circle': {
    body: { query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }' },
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
};

const sentWith = (code: string): number =>
  Object.values(BEFORE_AUTHENTICATION).filter((one) => one.code === code).length;

describe('bad input over HTTP', function () {
  this.timeout(60_000);
  let system: RunningSystem;
  /** Sent at once, so that few entries count them. */
  let unauthenticated: ReadonlyMap<string, Answer>;

  before(async () => {
    system = await startSystem();
    const countedInAll = async (): Promise<number> => {
      const entries = await system.reading((reader) => reader.list({ kind: 'refusals', limit: 100 }));
      return entries.reduce((sum, { body }) => sum + (body.kind === 'refusals' ? body.count : 0), 0);
    };
    const sent = Object.entries(BEFORE_AUTHENTICATION).map(
      async ([what, { method = 'POST', path = '/graphql', headers = {}, body }]) => {
        return [
          what,
          await send(new URL(path, system.gateway.url), method, { ...JSON_TYPE, ...headers }, body),
        ] as const;
      },
    );
    unauthenticated = new Map(await Promise.all(sent));
    // Refusals are gathered for a moment before they become entries.
    while ((await countedInAll()) < sent.length) await new Promise((resolve) => setTimeout(resolve, 50));
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  for (const [what, { status, code }] of Object.entries(BEFORE_AUTHENTICATION)) {
    it(`${what}: ${code}, answered at once and counted in the log`, async () => {
      const answer = unauthenticated.get(what) ?? expect.fail('not sent');
      expect(answer.status).to.equal(status);
      expectClear(answer, code);
      expect(answer.data).to.equal(null);
      const entries = await system.reading((reader) => reader.list({ kind: 'refusals', code, limit: 100 }));
      const counts = entries.map(({ body }) =>
        body.kind === 'refusals' && body.source === '127.0.0.1' ? body.count : 0,
      );
      expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(sentWith(code));
    });
  }

  for (const [what, { body, code }] of Object.entries(BODIES)) {
    it(`${what}: ${code} for a known caller, UNAUTHENTICATED for anyone else`, async () => {
      const anyone = await send(new URL('/graphql', system.gateway.url), 'POST', JSON_TYPE, body);
      expectClear(anyone, 'UNAUTHENTICATED');
      const access = await system.as('housing', 'housing_queue', caseNumber);
      // The types of `fetch` know only texts; it sends bytes as they are.
      const request = { method: 'POST', headers: new Headers(JSON_TYPE), body: body as string };
      const response = await access.fetch('/graphql', request);
      const answer = answerOf({ status: response.status, text: await response.text() });
      expect(answer.status).to.equal(400);
      expectClear(answer, code);
      const [entry, ...more] = await system.entries(answer.tereze.requestId);
      expect(entry).to.include({ kind: 'refusal', code });
      expect(more).to.deep.equal([]);
      expect(JSON.stringify(entry)).to.not.include(applicant.iin);
    });
  }

  for (const [what, { body, code }] of Object.entries(AFTER_AUTHENTICATION)) {
    it(`${what}: ${code}, with an entry and a receipt, and no call`, async () => {
      const before = system.calls();
      const answer = await system.ask(await system.as('housing', 'housing_queue', caseNumber), body);
      expectClear(answer, code);
      expect(answer.data).to.equal(null);
      expect(answer.tereze['receipt']).to.have.all.keys('log', 'index', 'leafHash', 'salt');
      const [entry, ...more] = await system.entries(answer.tereze.requestId);
      expect(entry).to.include({ kind: 'refusal', code });
      expect(more).to.deep.equal([]);
      expect(JSON.stringify(entry)).to.not.include(applicant.iin);
      expect(system.calls()).to.equal(before);
    });
  }

  it('a token without purpose and case is refused, with an entry', async () => {
    const profile = await readProfile('housing', system.country.clients);
    const configuration = await discover(profile);
    const proof = oidc.getDPoPHandle(configuration, await oidc.randomDPoPKeyPair('ES256'));
    const token = await tokenOf(
      oidc.clientCredentialsGrant(configuration, { resource: profile.audience }, { DPoP: proof }),
    );
    const answer = await system.ask(accessWith(configuration, profile, token, proof), {
      documentId: 'HousingQueue',
      variables: { iin: applicant.iin },
    });
    expect(answer.status).to.equal(403);
    expectClear(answer, 'PURPOSE_REQUIRED');
  });

  /** A code, whose turn it is, an id to ask with; and nothing of what was sent. */
  function expectClear(answer: Answer, code: string): void {
    expect(answer.errors.map(({ extensions }) => extensions.code)).to.deep.equal([code]);
    const [error] = answer.errors;
    expect(error?.extensions).to.include({ whoMustAct: 'caller', docs: `docs/errors.md#${code.toLowerCase()}` });
    expect(error?.message).to.match(/^[A-Z].*\.$/);
    expect(answer.text).to.not.include(applicant.iin);
  }
});

function send(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve(answerOf({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() })),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}
