import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { HttpsTarget } from '../../../monitoring/sinks/https-target.js';
import { rejection } from '../../rejection.js';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../../ports/loopback-certificate.js';
import { eventsOf } from './events.js';

describe('an address as a sink', () => {
  const received: { readonly head: IncomingMessage; readonly body: unknown }[] = [];
  let answer: (response: ServerResponse) => void;
  let server: Server;
  let folder: string;
  let target: HttpsTarget;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-sink-'));
    server = createServer({ cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY }, (request, response) => {
      void text(request).then((body) => {
        received.push({ head: request, body: JSON.parse(body) });
        answer(response);
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  after(() => {
    rmSync(folder, { recursive: true });
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    received.length = 0;
    answer = (response) => response.writeHead(204).end();
  });
  afterEach(() => target.close());

  const url = (): string => `https://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  const open = (changes: Partial<ConstructorParameters<typeof HttpsTarget>[0]> = {}): HttpsTarget =>
    (target = new HttpsTarget({
      http: createHttpClient(),
      url: url(),
      tokenFile: undefined,
      tls: { tlsCa: LOOPBACK_CERTIFICATE },
      timeoutMs: 60_000,
      ...changes,
    }));

  it('gets a list of events by POST', async () => {
    await open().deliver(eventsOf(0, 3));
    expect(received.map(({ head }) => [head.method, head.url, head.headers['content-type']])).to.deep.equal([
      ['POST', '/events', 'application/json'],
    ]);
    expect(received[0]?.body).to.deep.equal(eventsOf(0, 3));
  });

  it('gets the token of a file, as the file is now', async () => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'first\n');
    const opened = open({ tokenFile });
    await opened.deliver(eventsOf(0, 1));
    writeFileSync(tokenFile, 'second');
    await opened.deliver(eventsOf(1, 2));
    expect(received.map(({ head }) => head.headers.authorization)).to.deep.equal(['Bearer first', 'Bearer second']);
    for (const broken of ['', 'two\nlines', 'wörd']) {
      writeFileSync(tokenFile, broken);
      expect(await rejection(opened.deliver(eventsOf(2, 3)))).to.include({ fault: 'file' });
    }
    expect(received).to.have.length(2);
  });

  for (const status of [301, 302, 307, 308, 400, 401, 413, 429, 500, 503])
    it(`has not taken them if it answers ${status}, and is not asked elsewhere`, async () => {
      answer = (response) => response.writeHead(status, { location: '/elsewhere' }).end();
      expect(await rejection(open().deliver(eventsOf(0, 1)))).to.include({ fault: 'refused' });
      expect(received.map(({ head }) => head.url)).to.deep.equal(['/events']);
    });

  it('has not taken them if it is silent, breaks off, or cannot be trusted', async () => {
    answer = () => undefined;
    expect(await rejection(open({ timeoutMs: 100 }).deliver(eventsOf(0, 1)))).to.include({ fault: 'timeout' });
    await target.close();
    answer = (response) => void response.destroy();
    expect(await rejection(open().deliver(eventsOf(0, 1)))).to.include({ fault: 'unreachable' });
    await target.close();
    received.length = 0;
    expect(await rejection(open({ tls: {} }).deliver(eventsOf(0, 1)))).to.include({ fault: 'unreachable' });
    expect(received).to.deep.equal([]);
  });
});
