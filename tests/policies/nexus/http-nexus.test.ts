import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createHttpNexus, type HttpNexus, type HttpNexusOptions } from '../../../policies/nexus/http-nexus.js';
import { NexusUnavailable, type NexusFailureKind } from '../../../policies/nexus/nexus-unavailable.js';
import type { NexusQuestion } from '../../../policies/nexus/port.js';
import { standingClock } from '../../doubles.js';
import { ADULT, CHILD, STRANGER } from '../people.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { setImmediate as nextTurn } from 'node:timers/promises';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

describe('http-nexus', () => {
  let server: Server;
  let answer: (response: ServerResponse, request: IncomingMessage) => void;
  let seen: Seen[];

  beforeEach(async () => {
    seen = [];
    answer = (response) => response.end(JSON.stringify({ case: { status: 'open' }, facts: [] }));
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        seen.push({
          method: request.method,
          url: request.url,
          authorization: request.headers.authorization,
          body: JSON.parse(text),
        });
        answer(response, request);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const nexus = (changed: Partial<HttpNexusOptions> = {}): HttpNexus =>
    createHttpNexus({
      sources: new Map([['housing', { url: address(), token: 'secret-token' }]]),
      http: createHttpClient(),
      clock: standingClock(),
      timeoutMs: 30_000,
      maxResponseBytes: 10_000,
      ...changed,
    });
  const question = (changed: Partial<NexusQuestion> = {}): NexusQuestion => ({
    case: { agency: 'housing', number: 'HQ-2026-000101' },
    purpose: 'housing_queue',
    subjects: [ADULT, CHILD, STRANGER],
    deadline: 10_000,
    ...changed,
  });
  const failure = async (asked: Promise<unknown>): Promise<NexusFailureKind> => {
    const error: unknown = await asked.then(
      () => expect.fail('answered'),
      (rejected: unknown) => rejected,
    );
    expect(error).to.be.instanceOf(NexusUnavailable);
    expect(String(error)).to.not.match(/\d{12}/);
    return (error as NexusUnavailable).kind;
  };

  it('keeps its connection for the next question, until it is closed', async () => {
    let connections = 0;
    server.on('connection', () => (connections += 1));
    const kept = nexus();
    await kept.facts(question());
    // A connection is free for the next call after one turn of the event loop.
    await nextTurn();
    await kept.facts(question());
    expect(connections).to.equal(1);
    kept.close();
    await kept.facts(question());
    expect(connections).to.equal(2);
  });

  it('asks for all subjects in one call, numbers in the body only', async () => {
    answer = (response) =>
      response.end(
        JSON.stringify({
          case: { status: 'open' },
          facts: [
            { subject: 1, kind: 'list', reference: 'L-1' },
            { subject: 0, kind: 'application', reference: 'A-1' },
            { subject: 0, kind: 'list', reference: 'L-2' },
          ],
        }),
      );
    const { status, facts } = await nexus().facts(question());
    expect(status).to.equal('open');
    expect([...facts]).to.have.deep.members([
      [CHILD, [{ kind: 'list', reference: 'L-1' }]],
      [
        ADULT,
        [
          { kind: 'application', reference: 'A-1' },
          { kind: 'list', reference: 'L-2' },
        ],
      ],
    ]);
    expect(seen).to.deep.equal([
      {
        method: 'POST',
        url: '/api/v1/cases/facts',
        authorization: 'Bearer secret-token',
        body: {
          agency: 'housing',
          case: 'HQ-2026-000101',
          purpose: 'housing_queue',
          subjects: [ADULT, CHILD, STRANGER],
        },
      },
    ]);
  });

  it('knows no case of an agency without a source, and asks no one', async () => {
    const { status, facts } = await nexus().facts(question({ case: { agency: 'tax', number: 'T-1' } }));
    expect([status, facts.size]).to.deep.equal(['unknown', 0]);
    expect(seen).to.deep.equal([]);
  });

  it('asks about a case alone', async () => {
    const { status, facts } = await nexus().facts(question({ subjects: [] }));
    expect([status, facts.size]).to.deep.equal(['open', 0]);
    expect(seen.map(({ body }) => body)).to.deep.equal([
      { agency: 'housing', case: 'HQ-2026-000101', purpose: 'housing_queue', subjects: [] },
    ]);
  });

  it('keeps no answer: a case that was closed in between is closed', async () => {
    const kept = nexus();
    const statuses = [];
    for (const status of ['open', 'closed', 'open']) {
      answer = (response) => response.end(JSON.stringify({ case: { status }, facts: [] }));
      statuses.push((await kept.facts(question())).status);
    }
    expect(statuses).to.deep.equal(['open', 'closed', 'open']);
  });

  const malformed: Record<string, unknown> = {
    'a subject beyond the question': { facts: [{ subject: 3, kind: 'list', reference: 'x' }] },
    'a subject before it': { facts: [{ subject: -1, kind: 'list', reference: 'x' }] },
    'half a subject': { facts: [{ subject: 0.5, kind: 'list', reference: 'x' }] },
    'a kind that only registers prove': { facts: [{ subject: 0, kind: 'relation', reference: 'x' }] },
    'an unknown kind': { facts: [{ subject: 0, kind: 'acquaintance', reference: 'x' }] },
    'a good fact beside a bad one': {
      facts: [
        { subject: 0, kind: 'list', reference: 'x' },
        { subject: 9, kind: 'list', reference: 'x' },
      ],
    },
    'no reference': { facts: [{ subject: 0, kind: 'list' }] },
    'no facts': {},
    'another shape': [],
    nothing: null,
  };
  for (const [name, body] of Object.entries(malformed)) {
    it(`rejects an answer with ${name}`, async () => {
      answer = (response) => response.end(JSON.stringify(body));
      expect(await failure(nexus().facts(question()))).to.equal('malformed');
    });
  }

  it('rejects an answer that is not JSON', async () => {
    answer = (response) => response.end('<html>');
    expect(await failure(nexus().facts(question()))).to.equal('malformed');
  });

  it('rejects an answer over the limit, without reading on', async () => {
    answer = (response) =>
      response.end(JSON.stringify({ case: { status: 'open' }, facts: [], filler: 'x'.repeat(20_000) }));
    expect(await failure(nexus().facts(question()))).to.equal('malformed');
  });

  for (const status of [201, 302, 401, 404, 500, 503]) {
    it(`rejects status ${status}`, async () => {
      answer = (response) =>
        response
          .writeHead(status, { location: '/elsewhere' })
          .end(JSON.stringify({ case: { status: 'open' }, facts: [] }));
      expect(await failure(nexus().facts(question()))).to.equal('failed');
      expect(seen).to.have.length(1);
    });
  }

  it('rejects when no answer comes in time', async () => {
    answer = () => undefined;
    expect(await failure(nexus({ timeoutMs: 50 }).facts(question()))).to.equal('timeout');
  });

  it('rejects when the answer stops half-way in time', async () => {
    answer = (response) => void response.write('{"facts":');
    expect(await failure(nexus({ timeoutMs: 50 }).facts(question()))).to.equal('timeout');
  });

  it('asks no one once the deadline has passed', async () => {
    expect(await failure(nexus().facts(question({ deadline: 0 })))).to.equal('timeout');
    expect(seen).to.deep.equal([]);
  });

  it('rejects when the connection breaks before, or in the middle of, the answer', async () => {
    answer = (_response, request) => request.socket.destroy();
    expect(await failure(nexus().facts(question()))).to.equal('transport');
    answer = (response, request) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"facts":[]}', () => request.socket.destroy());
    };
    expect(await failure(nexus().facts(question()))).to.equal('transport');
  });

  it('rejects when no one listens', async () => {
    const dead = new Map([['housing', { url: 'http://127.0.0.1:1', token: 't' }]]);
    expect(await failure(nexus({ sources: dead }).facts(question()))).to.equal('transport');
  });
});
