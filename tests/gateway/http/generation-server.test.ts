import { systemClock } from '../../../gateway/compose/clock.js';
import { Connections } from '../../../gateway/http/connections/connections.js';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { buildSchema } from 'graphql';
import { limitsConfig } from '../../../gateway/config/parts/limits.js';
import type { QuestionRun } from '../../../gateway/http/apollo/hosted.js';
import { GenerationServer } from '../../../gateway/http/generation-server.js';
import { createHttpServer, listen } from '../../../gateway/http/server.js';
import { InFlight } from '../../../gateway/http/in-flight.js';
import type { Received, Recorded } from '../../../gateway/request.js';
import { ProofEnd } from '../../../gateway/request-proof.js';
import { ERROR_CATALOGUE } from '../../../schemas/errors.js';
import { Refusal } from '../../../schemas/refusal.js';
import { listeningObserver, seededRandom, standingClock } from '../../doubles.js';
import { BODY_LIMITS, JSON_HEADERS, send, SERVER_LIMITS } from './wire.js';

interface TestRun {
  readonly run: QuestionRun;
  /** The halves that ran, in order. */
  readonly steps: string[];
}

/** A run that plans every body: by id as a trusted document, else as a text; `fail` throws instead. */
function runOf(fail = false): TestRun {
  const steps: string[] = [];
  const recorded = (requestId: string, refusal?: Refusal): Recorded => ({
    requestId,
    proofEnd: ProofEnd.none,
    result:
      refusal === undefined
        ? { data: { a: 1 } }
        : { errors: [{ message: 'refused', extensions: { code: refusal.code, reasons: refusal.reasons } }] },
    receipt: undefined,
    refusal,
    report: undefined,
  });
  const run = {
    prepare: async (received: Received) => {
      steps.push('prepare');
      if (fail) throw new TypeError('secret 900101390012');
      const body = await received.connection.readBody();
      const { documentId } = body as { readonly documentId?: string };
      return {
        ...received,
        work: {
          text: '{ a }',
          variables: {},
          planned: { trusted: documentId === undefined ? undefined : { name: documentId } },
        },
      };
    },
    finish: async ({ requestId }: Received) => {
      steps.push('finish');
      return recorded(requestId);
    },
    refuse: async ({ requestId }: Received, refusal: Refusal) => {
      steps.push(`refuse ${refusal.code}`);
      return recorded(requestId, refusal);
    },
  };
  return { run: run as unknown as QuestionRun, steps };
}

describe('GenerationServer', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

  async function open(tested: TestRun, inFlight = new InFlight(), needsToken = false) {
    const observer = listeningObserver();
    const counted: string[] = [];
    observer.count = (name, labels = {}) => void counted.push(`${name} ${Object.values(labels).join(' ')}`);
    const clock = systemClock({ timeZone: 'UTC' });
    const connections = new Connections({
      limits: SERVER_LIMITS,
      proxies: [],
      clock,
      observer,
      countRefused: ({ code, source }) => void counted.push(`refused ${code} ${source}`),
    });
    const schema = buildSchema('type Query { a: Int }');
    const current = await GenerationServer.open(
      {
        runs: { graphql: tested.run },
        schema,
        introspection: false,
        needsToken,
        supergraphSdl: 'type Query { a: Int }',
        limits: limitsConfig.parse({}),
      },
      {
        clock: standingClock(),
        random: seededRandom(),
        observer,
        inFlight,
        connections,
        bodyLimits: BODY_LIMITS,
      },
    );
    const server = createHttpServer((request, response) => current.handle(request, response), {
      limits: SERVER_LIMITS,
      connections,
      random: seededRandom(),
    });
    const url = await listen(server, { host: '127.0.0.1', port: 0 }, 'server.port');
    closing.push(async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await current.leave(100);
    });
    return { url, current, inFlight, counted, lines: observer.lines };
  }

  for (const path of ['/graphql', '/graphql?x=1', '/GraphQL', '/graphql/']) {
    it(`answers a trusted document and a text alike at ${path}`, async () => {
      const tested = runOf();
      const { url, counted } = await open(tested);
      const byId = await send(`${url}${path}`, { body: '{"documentId":"A"}' });
      const byText = await send(`${url}${path}`, { body: '{"query":"{ a }"}' });
      for (const seen of [byId, byText]) {
        expect(seen.status).to.equal(200);
        expect(JSON.parse(seen.text)).to.nested.include({ 'data.a': 1 });
        expect(JSON.parse(seen.text).extensions.tereze).to.have.property('requestId');
        expect(seen.headers.get('cache-control')).to.equal('no-store');
        expect(seen.headers.get('x-content-type-options')).to.equal('nosniff');
        expect(seen.headers.get('content-type')).to.match(/^application\/json; ?charset=utf-8$/);
      }
      expect(tested.steps).to.deep.equal(['prepare', 'finish', 'prepare', 'finish']);
      expect(counted).to.deep.equal(Array(2).fill('tereze_requests_total graphql answered none'));
    });

    it(`says nothing of a fault at ${path} but that there was one`, async () => {
      const { url, lines } = await open(runOf(true));
      const seen = await send(`${url}${path}`, { body: '{"documentId":"A"}' });
      expect(`${seen.status} ${seen.refused}`).to.equal('500 INTERNAL_SERVER_ERROR');
      expect(seen.text + JSON.stringify(lines)).not.to.match(/secret|900101/);
      expect(lines.map(({ event }) => event)).to.deep.equal(['http_handler_failed']);
    });
  }

  it('plans a text for each caller, also once it was hosted: what one may ask is refused to another', async () => {
    const tested = runOf();
    const planned = { trusted: undefined };
    const run = {
      ...tested.run,
      prepare: async (received: Received) => {
        const prepared = await tested.run.prepare(received);
        if (received.http.language === 'kk') return tested.run.refuse(received, new Refusal('DOCUMENT_ID_REQUIRED'));
        return { ...prepared, work: { text: '{ a }', variables: {}, planned } };
      },
    } as unknown as QuestionRun;
    const { url } = await open({ run, steps: tested.steps });
    const ask = (language: string) =>
      send(`${url}/graphql`, { body: '{"query":"{ a }"}', headers: { ...JSON_HEADERS, 'accept-language': language } });
    const seen = [await ask('en'), await ask('en'), await ask('kk')];
    expect(seen.map(({ refused }) => refused)).to.deep.equal([undefined, undefined, 'DOCUMENT_ID_REQUIRED']);
    expect(tested.steps).to.deep.equal([
      ...['prepare', 'finish', 'prepare', 'finish'],
      ...['prepare', 'refuse DOCUMENT_ID_REQUIRED'],
    ]);
  });

  it('refuses who brings no token with what the head shows, without the pipeline, and counts it', async () => {
    const tested = runOf();
    const { url, counted } = await open(tested, undefined, true);
    const seen = [
      await send(`${url}/graphql`, { body: '{}', headers: { ...JSON_HEADERS, 'accept-language': 'kk' } }),
      await send(`${url}/GraphQL/`, { body: '{}' }),
      await send(`${url}/graphql`, { body: '{}', headers: { 'content-type': 'text/plain' } }),
      await send(`${url}/graphql`, { method: 'GET', headers: {} }),
      await send(`${url}/none`, { body: '{}' }),
    ];
    const codes = ['UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNSUPPORTED_MEDIA_TYPE', 'METHOD_NOT_ALLOWED', 'NOT_FOUND'];
    expect(seen.map(({ status }) => status)).to.deep.equal([401, 401, 415, 405, 404]);
    expect(seen.map(({ refused }) => refused?.split(' ')[0])).to.deep.equal(codes);
    expect(seen[0]?.headers.get('www-authenticate')).to.match(/^DPoP algs=/);
    const { errors, extensions } = JSON.parse(seen[0]?.text ?? '');
    expect(errors[0].message).to.equal(ERROR_CATALOGUE.UNAUTHENTICATED.text.kk);
    expect(errors[0].extensions).to.deep.include({ reasons: ['token_missing'], whoMustAct: 'caller' });
    expect(extensions.tereze).to.deep.equal({ requestId: errors[0].extensions.requestId });
    expect(counted.filter((line) => line.startsWith('refused'))).to.deep.equal(
      codes.map((code) => `refused ${code} 127.0.0.1`),
    );
    expect(counted.filter((line) => line.startsWith('tereze_requests_total'))).to.deep.equal(
      codes.map((code) => `tereze_requests_total graphql refused ${code}`),
    );
    expect(tested.steps).to.deep.equal([]);
    await send(`${url}/graphql`, { body: '{}', headers: { ...JSON_HEADERS, authorization: 'DPoP x' } });
    expect(tested.steps).to.deep.equal(['prepare', 'finish']);
  });

  it('keeps the connection of who brings no token, if the request came whole', async () => {
    const { url } = await open(runOf(), undefined, true);
    const agent = new Agent({ keepAlive: true });
    const connections: (string | undefined)[] = [];
    for (let times = 0; times < 3; times += 1) {
      const asked = request(`${url}/graphql`, { agent, method: 'POST', headers: JSON_HEADERS }).end('{}');
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      connections.push(response.headers.connection);
      response.resume();
      await once(response, 'close');
    }
    agent.destroy();
    expect(connections).to.deep.equal(Array(3).fill('keep-alive'));
  });

  it('records what it refuses to read', async () => {
    const tested = runOf();
    const { url, counted } = await open(tested);
    const seen = [
      await send(`${url}/graphql`, { body: '{}', headers: { 'content-type': 'text/plain' } }),
      await send(`${url}/graphql`, { method: 'PUT', body: '{}', headers: JSON_HEADERS }),
      await send(`${url}/graphql`, { method: 'GET', headers: {} }),
    ];
    expect(seen.map(({ status }) => status)).to.deep.equal([415, 405, 405]);
    expect(seen[2]?.headers.get('allow')).to.equal('POST');
    expect(tested.steps).to.deep.equal([
      'refuse UNSUPPORTED_MEDIA_TYPE',
      'refuse METHOD_NOT_ALLOWED',
      'refuse METHOD_NOT_ALLOWED',
    ]);
    expect(counted.length).to.equal(3);
  });

  it('takes nothing once it is closed, and has nothing in flight when all is answered', async () => {
    const tested = runOf();
    const inFlight = new InFlight();
    inFlight.close();
    const closed = await open(tested, inFlight);
    const refused = await send(`${closed.url}/graphql`, { body: '{"documentId":"A"}' });
    expect(refused.status).to.equal(503);
    expect(refused.headers.get('retry-after')).to.match(/^\d+$/);
    expect(tested.steps).to.deep.equal(['refuse SHUTTING_DOWN']);
    const roomy = await open(runOf());
    await Promise.all([1, 2, 3].map(() => send(`${roomy.url}/graphql`, { body: '{"documentId":"A"}' })));
    await roomy.inFlight.idle();
    expect(roomy.inFlight.count).to.equal(0);
  });

  it('knows no other address of questions', async () => {
    const tested = runOf();
    const { url } = await open(tested);
    for (const path of ['/graphqlx', '/graphql/x', '/', '//graphql']) {
      expect((await send(`${url}${path}`, { body: '{"documentId":"A"}' })).status, path).to.equal(404);
    }
    expect(tested.steps).to.deep.equal(Array(4).fill('refuse NOT_FOUND'));
  });
});
