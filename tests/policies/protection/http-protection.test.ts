import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import {
  createHttpProtection,
  type HttpProtection,
  type HttpProtectionOptions,
} from '../../../policies/protection/http-protection.js';
import { ProtectionUnavailable } from '../../../policies/protection/protection-unavailable.js';
import { standingClock } from '../../doubles.js';
import { ADULT, CHILD, STRANGER } from '../people.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { setImmediate as nextTurn } from 'node:timers/promises';

const DEADLINE = 10_000;
const PEOPLE = [ADULT, CHILD, STRANGER];
const ASKED = { subjects: PEOPLE, dwellings: [] };

describe('http-protection', () => {
  let server: Server;
  let answer: (response: ServerResponse, request: IncomingMessage) => void;
  let seen: unknown[];

  beforeEach(async () => {
    seen = [];
    answer = (response) => response.end('{"protected":[]}');
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        seen.push({
          method: request.method,
          url: request.url,
          authorization: request.headers.authorization,
          body: JSON.parse(text) as unknown,
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
  const list = (changed: Partial<HttpProtectionOptions> = {}): HttpProtection =>
    createHttpProtection({
      url: address(),
      token: 'secret-token',
      http: createHttpClient(),
      clock: standingClock(),
      timeoutMs: 30_000,
      maxResponseBytes: 10_000,
      ...changed,
    });
  const failure = async (asked: Promise<unknown>): Promise<string> => {
    const error: unknown = await asked.then(
      () => expect.fail('answered'),
      (rejected: unknown) => rejected,
    );
    expect(error).to.be.instanceOf(ProtectionUnavailable);
    expect(String(error)).to.not.match(/\d{12}/);
    return (error as ProtectionUnavailable).kind;
  };

  it('asks about all people in one call, numbers in the body only', async () => {
    answer = (response) => response.end('{"protected":[2,0]}');
    expect([...(await list().amongThem(ASKED, DEADLINE)).subjects].sort()).to.deep.equal([ADULT, STRANGER].sort());
    expect(seen).to.deep.equal([
      {
        method: 'POST',
        url: '/api/v1/protected-people/among',
        authorization: 'Bearer secret-token',
        body: { subjects: PEOPLE },
      },
    ]);
  });

  it('asks about people and dwellings in one call, and takes no answer without dwellings', async () => {
    const asked = { subjects: PEOPLE, dwellings: ['D-1', 'D-2'] };
    answer = (response) => response.end('{"protected":[0],"protectedDwellings":[1]}');
    const found = await list().amongThem(asked, DEADLINE);
    expect([[...found.subjects], [...found.dwellings]]).to.deep.equal([[ADULT], ['D-2']]);
    expect(seen).to.have.length(1).and.to.have.nested.property('[0].body').that.deep.equals(asked);
    for (const text of ['{"protected":[0]}', '{"protected":[0],"protectedDwellings":[2]}']) {
      answer = (response) => response.end(text);
      expect(await failure(list().amongThem(asked, DEADLINE))).to.equal('malformed');
    }
  });

  it('asks no one about no one', async () => {
    expect((await list().amongThem({ subjects: [], dwellings: [] }, DEADLINE)).subjects.size).to.equal(0);
    expect(seen).to.deep.equal([]);
  });

  it('keeps its connection until it is closed', async () => {
    let connections = 0;
    server.on('connection', () => (connections += 1));
    const kept = list();
    await kept.amongThem(ASKED, DEADLINE);
    // A connection is free for the next call after one turn of the event loop.
    await nextTurn();
    await kept.amongThem(ASKED, DEADLINE);
    kept.close();
    await kept.amongThem(ASKED, DEADLINE);
    expect(connections).to.equal(2);
  });

  for (const status of [201, 204, 302, 401, 404, 500, 503]) {
    it(`rejects status ${status}`, async () => {
      answer = (response) => response.writeHead(status, { location: '/elsewhere' }).end('{"protected":[]}');
      expect(await failure(list().amongThem(ASKED, DEADLINE))).to.equal('failed');
      expect(seen).to.have.length(1);
    });
  }

  it('rejects an answer that is no answer, misplaces someone, or is too long', async () => {
    for (const text of ['<html>', '{"protected":[3]}', '{}', `{"protected":[]${' '.repeat(20_000)}}`]) {
      answer = (response) => response.end(text);
      expect(await failure(list().amongThem(ASKED, DEADLINE))).to.equal('malformed');
    }
  });

  it('rejects when no answer comes in time, and asks no one once the deadline has passed', async () => {
    answer = () => undefined;
    expect(await failure(list({ timeoutMs: 50 }).amongThem(ASKED, DEADLINE))).to.equal('timeout');
    expect(await failure(list().amongThem(ASKED, 0))).to.equal('timeout');
    expect(seen).to.have.length(1);
  });

  it('rejects when the connection breaks, or no one listens', async () => {
    answer = (_response, request) => request.socket.destroy();
    expect(await failure(list().amongThem(ASKED, DEADLINE))).to.equal('transport');
    expect(await failure(list({ url: 'http://127.0.0.1:1' }).amongThem(ASKED, DEADLINE))).to.equal('transport');
  });
});
