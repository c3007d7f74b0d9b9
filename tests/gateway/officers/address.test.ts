import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { openApiDocument, OPENAPI_PATH } from '../../../gateway/officers/openapi.js';
import { CITIZEN } from '../auth/party.js';
import { Desk, type Sent, type Told } from './desk.js';
import { GROUNDS, SAMPLES } from './samples.js';

/** The number of the person in other scripts and with separators. */
const WRITTEN_OTHERWISE = [
  CITIZEN,
  [...CITIZEN].map((digit) => String.fromCodePoint(0x660 + Number(digit))).join(''),
  [...CITIZEN].map((digit) => String.fromCodePoint(0x966 + Number(digit))).join(''),
  `${CITIZEN.slice(0, 6)} ${CITIZEN.slice(6)}`,
  `${CITIZEN.slice(0, 6)}-${CITIZEN.slice(6)}`,
];

describe('the officers’ address', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => {
    desk = await Desk.open();
  });
  after(() => desk.close());
  beforeEach(() => desk.reset());

  const LIST = '/audit/v1/entries';
  const search = (body: unknown, officer = 'local'): Promise<Told> =>
    desk.ask(officer, 'POST', '/audit/v1/searches', { body });
  /** What an answer refuses with, after nothing was read for it. */
  const refusalOf = async (asked: () => Promise<Told>): Promise<string> => {
    const before = (await desk.entries()).length;
    const { status, code, reasons, headers } = await asked();
    expect((await desk.entries()).length, 'entries').to.equal(before);
    expect(headers['cache-control']).to.equal('no-store');
    return [status, code, ...reasons].join(' ');
  };

  describe('identity', () => {
    const asked = (sent: Sent, officer = 'local') => desk.ask(officer, 'GET', LIST, sent);
    for (const [what, sent, refused] of [
      ['no token', { headers: { authorization: undefined } }, '401 UNAUTHENTICATED token_missing'],
      ['a token as Bearer', { headers: { authorization: 'Bearer x' } }, '401 UNAUTHENTICATED token_scheme'],
      ['no proof', { headers: { dpop: undefined } }, '401 INVALID_DPOP_PROOF proof_missing'],
      ['a token for callers', { claims: { aud: 'https://tereze.example/graphql' } }, '401 UNAUTHENTICATED token_aud'],
      ['a token that has ended', { claims: { exp: 1 } }, '401 UNAUTHENTICATED token_exp'],
      ['a token of another issuer', { claims: { iss: 'https://other.example' } }, '401 UNAUTHENTICATED token_iss'],
      ['another client', { claims: { client_id: 'housing' } }, '403 OFFICER_NOT_REGISTERED'],
      ['an actor', { claims: { act: { sub: 'x' } } }, '401 UNAUTHENTICATED token_act'],
      ['an unknown officer', { claims: { sub: 'officer-99' } }, '403 OFFICER_NOT_REGISTERED'],
    ] as const)
      it(`refuses ${what}`, async () => {
        expect(await refusalOf(() => asked(sent))).to.equal(refused);
        if (!refused.includes('token_missing')) expect(desk.counted.at(-1)?.code).to.equal(refused.split(' ')[1]);
      });

    it('says without a token where officers sign in (RFC 9728), and how a client reads it', async () => {
      const path = '/.well-known/oauth-protected-resource/audit/v1';
      const { status, body } = await desk.send('GET', path);
      expect([status, body]).to.deep.equal([
        200,
        {
          resource: 'https://audit.tereze.example/audit/v1',
          authorization_servers: ['https://id.example'],
          bearer_methods_supported: [],
          dpop_bound_access_tokens_required: true,
          tereze_cli_client: null,
          tereze_time_zone: 'Asia/Almaty',
        },
      ]);
      expect((await desk.ask('local', 'POST', path, { body: {} })).code).to.equal('METHOD_NOT_ALLOWED');
    });

    it('takes a proof once', async () => {
      const credentials = await desk.credentials('local', 'GET', LIST);
      expect((await desk.send('GET', LIST, credentials)).status).to.equal(200);
      expect(await refusalOf(() => desk.send('GET', LIST, credentials))).to.equal(
        '401 INVALID_DPOP_PROOF proof_replayed',
      );
    });

    it('takes a proof for its method and address only', async () => {
      const credentials = await desk.credentials('local', 'GET', '/audit/v1/verification');
      expect(await refusalOf(() => desk.send('GET', LIST, credentials))).to.equal('401 INVALID_DPOP_PROOF proof_htu');
    });
  });

  describe('what it takes', () => {
    for (const [what, body, reasons] of [
      ['a person without a reason', { person: CITIZEN, case: GROUNDS.case }, 'reason_missing'],
      ['a person without a case', { person: CITIZEN, reason: GROUNDS.reason }, 'case_missing'],
      ['a short reason', { person: CITIZEN, ...GROUNDS, reason: ' too short ' }, 'reason_length'],
      ['a long reason', { person: CITIZEN, ...GROUNDS, reason: 'a'.repeat(501) }, 'reason_length'],
      ['a reason of white space', { person: CITIZEN, ...GROUNDS, reason: ' '.repeat(40) }, 'reason_length'],
      ['a case in no form', { ...GROUNDS, case: { agency: 'housing', number: 'a b' } }, 'case_form'],
      ['an invalid number', { person: '900101390013', ...GROUNDS }, 'body.person'],
      ['a number that is a number', { person: 900101390012, ...GROUNDS }, 'body.person'],
      ['a limit of 0', { limit: 0 }, 'body.limit'],
      ['a limit of 10,001', { limit: 10_001 }, 'body.limit'],
      ['a limit that is none', { limit: 'many' }, 'body.limit'],
      ['a range that is empty', { filters: { since: '2026-03-02T00:00:00Z', until: '2026-03-01T00:00:00Z' } }, 'range'],
      ['a time without its zone', { filters: { since: '2026-03-01T10:00:00' } }, 'body.filters.since'],
      ['a day', { filters: { since: '2026-03-01' } }, 'body.filters.since'],
      ['a year that the database does not know', { filters: { since: '0000-01-01T00:00:00Z' } }, 'body.filters.since'],
      ['a log of another installation', { filters: { log: 'log.example.com/tereze/0' } }, 'unknown_log'],
      ['an unknown log', { filters: { log: 'tereze/99999' } }, 'unknown_log'],
      ['a broken cursor', { after: 'nonsense' }, 'cursor_broken'],
      ['an unknown kind', { filters: { kind: 'everything' } }, 'body.filters.kind'],
      ['an unknown filter', { filters: { persons: 'x' } }, 'body.filters.unknown'],
      ['an unknown member', { persons: CITIZEN }, 'body.unknown'],
      ['a text with an unseen character', { filters: { case: 'a\u200bb' } }, 'body.filters.case'],
      ['a list', [], 'body'],
      ['null', 'null', 'body'],
    ] as const)
      it(`refuses ${what}`, async () => {
        expect(await refusalOf(() => search(body))).to.equal(`400 AUDIT_REQUEST_INVALID ${reasons}`);
      });

    for (const [what, body, reason] of [
      ['a member of a prototype', '{"filters": {"__proto__": {"agency": "x"}}}', 'name'],
      ['a text with a zero byte', { filters: { case: 'a\u0000b' } }, 'control_character'],
      ['half a surrogate', { filters: { case: '\ud800' } }, 'surrogate'],
    ] as const)
      it(`refuses ${what} as JSON`, async () => {
        expect(await refusalOf(() => search(body))).to.equal(`400 INVALID_JSON ${reason}`);
      });

    for (const number of WRITTEN_OTHERWISE)
      it(`refuses a number of a person everywhere but in person (${number})`, async () => {
        const reason = `complaint of ${number}`;
        const asked: readonly [unknown, RegExp][] = [
          [{ person: CITIZEN, ...GROUNDS, reason }, /reason_(?:person|identity_number|form)/],
          [{ filters: {}, reason }, /reason_(?:identity_number|form)/],
          [{ ...GROUNDS, case: { agency: number, number: '1' } }, /case_(?:identity_number|form)/],
          [{ filters: { case: number } }, /body\.filters\.case/],
          [{ filters: { officer: number } }, /body\.filters\.officer/],
        ];
        for (const [body, reasons] of asked) {
          const refused = await refusalOf(() => search(body));
          expect(refused).to.match(reasons).and.not.include(number);
        }
        const query = new URLSearchParams({ case: number }).toString();
        expect(await refusalOf(() => desk.ask('local', 'GET', `${LIST}?${query}`))).to.equal(
          '400 AUDIT_REQUEST_INVALID query.case',
        );
        expect(JSON.stringify([desk.observer.lines, desk.counted])).not.to.include(number);
      });

    for (const [path, refused] of [
      [`${LIST}?person=${CITIZEN}`, '400 AUDIT_REQUEST_INVALID query.unknown'],
      [`${LIST}?limit=0`, '400 AUDIT_REQUEST_INVALID query.limit'],
      [`${LIST}?limit=10001`, '400 AUDIT_REQUEST_INVALID limit'],
      [`${LIST}?limit=1&limit=2`, '400 AUDIT_REQUEST_INVALID query_repeated'],
      [`${LIST}?after=%ff`, '400 AUDIT_REQUEST_INVALID cursor_broken'],
      ['/audit/v1/entries/0/-1', '400 AUDIT_REQUEST_INVALID path.index'],
      ['/audit/v1/entries/0/1e3', '400 AUDIT_REQUEST_INVALID path.index'],
      ['/audit/v1/entries/00/1', '400 AUDIT_REQUEST_INVALID path.log'],
      ['/audit/v1/entries/%30/1', '400 AUDIT_REQUEST_INVALID path.log'],
      ['/audit/v1/requests/x', '400 AUDIT_REQUEST_INVALID path.request'],
      [`/audit/v1/requests/${CITIZEN}`, '400 AUDIT_REQUEST_INVALID path.request'],
      ['/audit/v1/counts', '400 AUDIT_REQUEST_INVALID query.since query.until'],
      ['/audit/v1/counts?since=2026-11-01T00:00:00Z&until=2026-12-03T00:00:00Z', '400 AUDIT_REQUEST_INVALID range'],
      [
        '/audit/v1/counts?since=2026-11-01T00:00:00Z&until=2026-11-02T00:00:00Z&officer=local',
        '400 AUDIT_REQUEST_INVALID query.unknown',
      ],
      ['/audit/v1/nothing', '404 NOT_FOUND'],
      ['/audit/v1/entries/', '404 NOT_FOUND'],
      ['/audit/v1/searches', '405 METHOD_NOT_ALLOWED POST'],
    ] as const)
      it(`refuses ${path.replace(CITIZEN, 'NUMBER')}`, async () => {
        expect(await refusalOf(() => desk.ask('local', 'GET', path))).to.equal(refused);
      });

    it('refuses a cursor of another search', async () => {
      const { body } = await search({ limit: 1 });
      const cursor = body['next'];
      expect(await refusalOf(() => search({ filters: { kind: 'act' }, after: cursor }))).to.equal(
        '400 AUDIT_REQUEST_INVALID cursor_of_other_search',
      );
      expect((await search({ limit: 1, after: cursor })).status).to.equal(200);
    });

    it('takes a case number in the form of its agency, although it looks like a number of a person', async () => {
      const number = `HQ-${CITIZEN}`;
      const answer = await search({ ...GROUNDS, case: { agency: 'housing', number } });
      expect(answer.status).to.equal(200);
    });
  });

  describe('when something cannot be reached', () => {
    afterEach(() => {
      desk.logSql.up();
      desk.sql.up();
    });
    const everyRoute = async (check: (answer: Told, what: string) => void): Promise<void> => {
      for (const [what, { method, path, body, prepare }] of Object.entries(SAMPLES))
        if (prepare === undefined) check(await desk.ask('national', method, path, { body }), what);
    };

    it('shows nothing while the log cannot be written', async () => {
      desk.logSql.down();
      await everyRoute(({ status, code, text }, what) => {
        expect([status, code], what).to.deep.equal([503, 'AUDIT_UNAVAILABLE']);
        expect(text).not.to.include('housing');
      });
    });

    for (const fault of ['not_written', 'reply_lost'] as const)
      it(`shows nothing if the entry of the reading has this fault: ${fault}`, async () => {
        desk.logSql.failNext(fault);
        const { status, code } = await search({ person: CITIZEN, ...GROUNDS });
        expect([status, code]).to.deep.equal([503, 'AUDIT_UNAVAILABLE']);
      });

    it('shows nothing while the log cannot be read, or a search not be counted', async () => {
      desk.sql.down();
      await everyRoute(({ status, code }, what) => {
        // An approval is written with its entry, by the connections of the log.
        const expected = what === 'POST /audit/v1/approvals' ? [201, undefined] : [503, 'AUDIT_UNREADABLE'];
        expect([status, code], what).to.deep.equal(expected);
      });
    });

    it('says nothing of an error of its own, and logs its name', async () => {
      const { sql } = desk;
      const query = sql.query.bind(sql);
      sql.query = () => Promise.reject(new RangeError(`about ${CITIZEN}`));
      const { status, code, text } = await desk.ask('local', 'GET', '/audit/v1/verification');
      sql.query = query;
      expect([status, code]).to.deep.equal([500, 'INTERNAL_SERVER_ERROR']);
      expect(text).not.to.include(CITIZEN);
      const line = desk.observer.lines.find(({ event }) => event === 'officer_request_failed');
      expect(line?.fields['failure']).to.equal('RangeError');
      expect(JSON.stringify(line)).not.to.include(CITIZEN);
    });
  });

  describe('its description', () => {
    interface Described {
      readonly openapi: string;
      readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    }
    interface Operation {
      readonly operationId: string;
      readonly responses: Readonly<
        Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
      >;
    }
    const read = async (): Promise<Described> => (await desk.send('GET', OPENAPI_PATH)).body as unknown as Described;

    it('is served to everyone, and names exactly the routes', async () => {
      const described = await read();
      expect(described).to.deep.equal(JSON.parse(JSON.stringify(openApiDocument(desk.api.routes))));
      expect(described.openapi).to.match(/^3\.1\./);
      const named = Object.entries(described.paths).flatMap(([path, operations]) =>
        Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
      );
      expect(named.sort()).to.deep.equal(Object.keys(SAMPLES).sort());
      const ids = Object.values(described.paths).flatMap((all) => Object.values(all).map((one) => one.operationId));
      expect(new Set(ids).size).to.equal(ids.length);
      const other = await desk.send('POST', OPENAPI_PATH, { authorization: 'DPoP x' }, {});
      expect(other.code).to.equal('METHOD_NOT_ALLOWED');
    });

    it('says what the routes answer', async () => {
      const { paths } = await read();
      const ajv = new Ajv2020({ strict: false });
      for (const [what, sample] of Object.entries(SAMPLES)) {
        const [method = '', path = ''] = what.split(' ');
        const content = paths[path]?.[method.toLowerCase()]?.responses[sample.status]?.content ?? {};
        const officer = path.includes('{approval}') ? 'overseer' : 'national';
        const asked = { path: sample.path, body: sample.body, ...(await sample.prepare?.(desk, officer)) };
        const answer = await desk.ask(officer, sample.method, asked.path, { body: asked.body });
        expect(answer.status, what).to.equal(sample.status);
        const [type = ''] = String(answer.headers['content-type']).split('; charset');
        const schema = Object.entries(content).find(([one]) => one.startsWith(type))?.[1].schema;
        const matches = ajv.compile(schema ?? false);
        expect(
          matches(type === 'application/json' ? answer.body : answer.text),
          `${what}: ${ajv.errorsText(matches.errors)}`,
        ).to.equal(true);
      }
    });
  });
});
