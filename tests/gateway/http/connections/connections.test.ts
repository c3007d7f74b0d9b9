import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { systemClock } from '../../../../gateway/compose/clock.js';
import type { Clock } from '../../../../schemas/ports/clock.js';
import { bodyOf, IMPATIENT, openWire, raw, refusedIn, send, type Wire } from '../wire.js';

const HEAD = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const WHOLE = `${HEAD}Content-Length: 2\r\n\r\n{}`;

describe('Connections', () => {
  let wire: Wire;
  let sockets: Socket[];
  beforeEach(() => {
    sockets = [];
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await wire.close();
  });

  /** A client's connection: what came, and how it ended. */
  function client(bytes = '', from = '127.0.0.1') {
    const seen = { text: '', ended: 'open' };
    const socket = connect({ port: wire.port, host: '127.0.0.1', localAddress: from }, () => socket.write(bytes));
    sockets.push(socket);
    socket.on('data', (chunk) => (seen.text += chunk.toString()));
    socket.on('error', () => (seen.ended = 'reset'));
    socket.on('end', () => (seen.ended = 'ended'));
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    return { socket, seen, closed };
  }
  /** A clock that goes on by a few milliseconds at each look of `until`, however long the machine takes for it. */
  let now = 0;
  const steppingClock: Clock = { ...systemClock({ timeZone: 'UTC' }), monotonic: () => now };
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) {
      await sleep(5);
      now += 5;
    }
  };

  it('lets the connections of a source that has too many give way, the longest waiting first, and no other', async () => {
    wire = await openWire({
      limits: { headers_ms: 60_000, unauthenticated_connections_per_source: 5, unauthenticated_connections: 100 },
    });
    const honest = client('POST /graphql HTTP/1.1\r\n', '127.0.0.2');
    await until(() => wire.connections.size === 1);
    const crowd: ReturnType<typeof client>[] = [];
    for (let count = 0; count < 10; count += 1) {
      crowd.push(client(HEAD));
      await until(() => wire.connections.size === count + 2);
    }
    const gone = (): readonly boolean[] => crowd.map(({ seen }) => seen.ended !== 'open');
    await until(() => gone().filter(Boolean).length === 5);
    expect(gone()).to.deep.equal([...Array(5).fill(true), ...Array(5).fill(false)]);
    expect(crowd.slice(0, 5).map(({ seen }) => refusedIn(bodyOf(seen.text)))).to.deep.equal(
      Array(5).fill('OVERLOADED connections'),
    );
    honest.socket.write(WHOLE.slice('POST /graphql HTTP/1.1\r\n'.length));
    await until(() => honest.seen.text.includes('echo'));
    expect(wire.malformed).to.deep.equal(Array(5).fill('OVERLOADED'));
  });

  it('lets the longest waiting of all give way when there are too many sources, never a new one', async () => {
    wire = await openWire({
      limits: { headers_ms: 60_000, unauthenticated_connections_per_source: 5, unauthenticated_connections: 8 },
    });
    const crowd: ReturnType<typeof client>[] = [];
    for (let count = 0; count < 30; count += 1) crowd.push(client('P', `127.1.0.${count + 1}`));
    await until(() => crowd.filter(({ seen }) => seen.ended === 'open').length === 8);
    expect((await send(`${wire.url}/graphql`, { body: '{}' })).status).to.equal(200);
  });

  it('makes room among those that wait when no more may be open', async () => {
    wire = await openWire({ limits: { headers_ms: 60_000, connections: 5 } });
    const crowd: ReturnType<typeof client>[] = [];
    for (let count = 0; count < 5; count += 1) {
      crowd.push(client());
      await until(() => wire.connections.size === count + 1);
    }
    expect((await send(`${wire.url}/graphql`, { body: '{}' })).status).to.equal(200);
    await until(() => crowd[0]?.seen.ended !== 'open');
    expect(crowd.slice(1).map(({ seen }) => seen.ended)).to.deep.equal(Array(4).fill('open'));
  });

  it('leaves alone those on which a token was verified, however many of one source', async () => {
    wire = await openWire({
      limits: { unauthenticated_connections_per_source: 1, unauthenticated_connections: 1, keep_alive_ms: 60_000 },
      routes: (app) =>
        app.get('/known', (request, response) => {
          wire.connections.known(request);
          response.json({});
        }),
    });
    const known = Array.from({ length: 50 }, () => client('GET /known HTTP/1.1\r\nHost: x\r\n\r\n'));
    await until(() => known.every(({ seen }) => seen.text.includes('200 OK')));
    await sleep(500);
    expect(new Set(known.map(({ seen }) => seen.ended))).to.deep.equal(new Set(['open']));
  });

  it('counts the body of an unknown caller behind a proxy against its own source', async () => {
    wire = await openWire({
      proxies: ['127.0.0.1'],
      limits: { headers_ms: 60_000, request_ms: 60_000, unauthenticated_connections_per_source: 2 },
      routes: (app) => app.post('/waits', () => undefined),
    });
    const slow = (source: string): string =>
      `POST /waits HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${source}\r\nContent-Length: 9\r\n\r\n{`;
    const other = client(slow('203.0.113.1'));
    await until(() => wire.connections.size === 1);
    const crowd = Array.from({ length: 6 }, () => client(slow('203.0.113.9')));
    await until(() => crowd.filter(({ seen }) => seen.ended === 'open').length === 2);
    const idle = Array.from({ length: 10 }, () => client());
    await sleep(500);
    expect([other, ...idle].map(({ seen }) => seen.ended)).to.deep.equal(Array(11).fill('open'));
  });

  it('ends headers that come too slowly, although each byte comes in time', async () => {
    wire = await openWire({ limits: { headers_ms: 60_000, bytes_per_second: 100 } });
    const slow = client('POST /graphql HTTP/1.1\r\nX-Slow: ');
    const dribble = setInterval(() => slow.socket.writable && slow.socket.write('x'), 100);
    await slow.closed;
    clearInterval(dribble);
    expect(refusedIn(bodyOf(slow.seen.text))).to.equal('REQUEST_TIMEOUT http');
  });

  it('ends a connection on which nothing ever comes, without a word', async () => {
    wire = await openWire({ limits: IMPATIENT });
    const silent = client();
    await silent.closed;
    expect(silent.seen).to.deep.equal({ text: '', ended: 'ended' });
    expect(wire.malformed).to.deep.equal([]);
  });

  it('ends an idle connection a second after the time that its client was told', async () => {
    wire = await openWire({ limits: { keep_alive_ms: 1_000 } });
    // Counted from before the answer: a busy machine notices the answer late, and the end then comes sooner after it.
    const askedAt = performance.now();
    const idle = client(WHOLE);
    await until(() => idle.seen.text.includes('echo'));
    expect(idle.seen.text).to.include('Keep-Alive: timeout=1');
    await idle.closed;
    expect(performance.now() - askedAt).to.be.greaterThan(1_900);
    expect(idle.seen.ended).to.equal('ended');
  });

  it('ends the connection of a request that was answered before its body had come, and lets the answer arrive', async () => {
    wire = await openWire({
      routes: (app) => app.post('/refused', (_request, response) => response.json({ no: true })),
    });
    const sending = client('POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{');
    await until(() => sending.seen.text.includes('no'));
    for (let count = 0; count < 5; count += 1) sending.socket.write('x'.repeat(10_000));
    await sending.closed;
    expect(sending.seen.ended).to.equal('ended');
  });

  it('handles no request that comes after the end was said', async () => {
    let handled = 0;
    wire = await openWire({
      routes: (app) =>
        app.get('/counted', (_request, response) => {
          handled += 1;
          response.set('Connection', 'close').json({});
        }),
    });
    const request = 'GET /counted HTTP/1.1\r\nHost: x\r\n\r\n';
    const two = client(request);
    await until(() => two.seen.text.includes('200'));
    two.socket.write(request);
    await two.closed;
    expect(handled).to.equal(1);
  });

  it('notices that a client is gone that only seemed to close its own side', async () => {
    let gone = false;
    let arrived = false;
    wire = await openWire({
      routes: (app) =>
        app.post('/held', (request, response) => {
          request.resume();
          arrived = true;
          response.once('close', () => (gone = true));
        }),
    });
    const leaving = client('POST /held HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}');
    await until(() => arrived);
    leaving.socket.destroy();
    await until(() => gone);
    expect(wire.connections.size).to.equal(0);
  });

  it('gives a client that waits with its own side closed exactly its answer, however late', async () => {
    wire = await openWire({
      routes: (app) =>
        app.post('/late', async (request, response) => {
          request.resume();
          await sleep(700);
          response.json({ late: true });
        }),
    });
    const seen = await raw(wire.port, 'POST /late HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}', {
      halfClose: true,
    });
    expect(seen).to.match(/^HTTP\/1\.1 200 OK\r\n/);
    expect(bodyOf(seen)).to.equal('{"late":true}');
  });

  it('goes on after a broken body of a request whose handler reads none', async () => {
    wire = await openWire({
      routes: (app) =>
        app.post('/soon', async (request, response) => {
          await sleep(20);
          request.resume();
          await sleep(20);
          response.json({ soon: true });
        }),
    });
    const seen = await raw(wire.port, 'POST /soon HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n');
    expect(bodyOf(seen)).to.equal('{"soon":true}');
    expect((await send(`${wire.url}/graphql`, { body: '{}' })).status).to.equal(200);
  });

  it('answers in the usual form, or ends, however it is sent and in which pieces, and goes on', async () => {
    wire = await openWire({
      limits: { headers_ms: 200, request_ms: 200, keep_alive_ms: 100, header_bytes: 1_024 },
      routes: (app) => {
        app.all('/unread', (_request, response) => response.json({ unread: true }));
        app.all('/soon', async (request, response) => {
          await sleep(5);
          request.resume();
          response.json({ soon: true });
        });
      },
    });
    const piece = fc.oneof(
      fc.constantFrom(
        ...['GET', 'POST', 'CONNECT', 'OPTIONS'].flatMap((method) =>
          ['/graphql', '/unread', '/soon', '*', 'x:1'].map((target) => `${method} ${target} HTTP/1.1\r\nHost: x\r\n`),
        ),
        ...[
          'Content-Length: 2',
          'Content-Length: 90',
          'Transfer-Encoding: chunked',
          'Expect: 100-continue',
          'Expect: x',
        ],
        ...['Connection: close', 'Connection: Upgrade\r\nUpgrade: h2c', 'Host: y', 'Content-Type: application/json'],
        ...['\r\n', '\r\n\r\n', '{}', '2\r\n{}\r\n0\r\n\r\n', 'zz\r\n', 'PRI * HTTP/2.0\r\n\r\n', 'x'.repeat(2_000)],
      ),
      fc.string({ maxLength: 5 }),
    );
    const ending = fc.constantFrom('end', 'destroy', 'reset', 'wait');
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), ending, fc.boolean(), async (pieces, end, isSlow) => {
        const { socket, seen, closed } = client();
        for (const bytes of isSlow ? pieces : [pieces.join('')]) {
          if (socket.writable) socket.write(bytes);
          if (isSlow) await sleep(1);
        }
        if (end === 'end') socket.end();
        if (end === 'destroy') socket.destroy();
        if (end === 'reset') socket.resetAndDestroy();
        if (end === 'wait') await sleep(10);
        else await closed;
        const [first, ...rest] = seen.text.split('HTTP/1.1 ');
        expect(first).to.equal('');
        for (const answer of rest) expect(answer).to.match(/^(100 Continue|[245][0-9]{2} [\w ]+)\r\n/);
      }),
      { numRuns: 200 },
    );
    expect((await send(`${wire.url}/graphql`, { body: '{}' })).status).to.equal(200);
    await until(() => wire.connections.size === 0);
  });

  it('refuses unknown clients in turns, and lets no caller wait for them, not even on a new connection', async () => {
    const asked: string[] = [];
    wire = await openWire({
      limits: { unauthenticated_requests_per_second: 20, unauthenticated_connections_per_source: 1_000 },
      clock: steppingClock,
      routes: (app) => {
        app.get('/known', (request, response) => {
          wire.connections.known(request);
          response.json({});
        });
        app.get('/ask/:name', (request, response) => {
          const { name } = request.params;
          const answer = (): void => {
            asked.push(name);
            response.json({});
          };
          if (name === 'crowd') wire.connections.answerInTurn(request, answer);
          else answer();
        });
      },
    });
    const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
    const known = client(get('/known'), '127.0.0.2');
    await until(() => known.seen.text.includes('200 OK'));
    // Each asks again as soon as it is answered.
    for (let count = 0; count < 40; count += 1) {
      const { socket } = client(get('/ask/crowd'));
      socket.on('data', () => socket.write(get('/ask/crowd')));
    }
    await until(() => wire.connections.size === 41);
    const begun = asked.length;
    const beginsAt = now;
    for (let count = 1; count <= 50; count += 1) {
      known.socket.write(get('/ask/known'));
      await until(() => asked.filter((name) => name === 'known').length === count);
    }
    for (const from of ['127.0.0.1', '127.0.0.3']) {
      const newcomer = client(get('/ask/newcomer'), from);
      await until(() => newcomer.seen.text.includes('200 OK'));
    }
    const seconds = (now - beginsAt) / 1_000;
    const ofCrowd = asked.slice(begun).filter((name) => name === 'crowd').length;
    expect(ofCrowd, 'of 40 that ask without end').to.be.at.most(5 + seconds * 20);
    const before = asked.slice(asked.lastIndexOf('known'));
    expect(before.length, 'a newcomer does not wait behind the crowd').to.be.below(12);
  });

  it('reads the next request of a caller beyond its rate in turn, and the one after it at once', async () => {
    let standing = 0;
    wire = await openWire({
      limits: { unauthenticated_requests_per_second: 10, keep_alive_ms: 60_000 },
      clock: { ...steppingClock, monotonic: () => standing },
      routes: (app) =>
        app.get('/known', (request, response) => {
          wire.connections.known(request);
          if (request.query['slow'] !== undefined) wire.connections.slowDown(request);
          response.json({});
        }),
    });
    const { socket, seen } = client();
    let answered = 0;
    socket.on('data', (chunk: Buffer) => (answered += chunk.toString().split('200 OK').length - 1));
    const send = (path: string): void => void socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    // Four turns are given at once. While the clock stands still no further one is.
    for (let count = 1; count <= 5; count += 1) {
      send('/known?slow');
      await until(() => answered === count);
    }
    send('/known');
    await sleep(50);
    expect(answered, 'before its turn').to.equal(5);
    standing += 100;
    for (let count = 6; count <= 16; count += 1) {
      await until(() => answered === count);
      send('/known');
    }
    expect(seen.ended).to.equal('open');
  });

  it('makes strangers wait for their turn behind a named proxy, each source for itself, and no caller', async () => {
    const answered: string[] = [];
    wire = await openWire({
      proxies: ['127.0.0.1'],
      limits: { unauthenticated_requests_per_second: 20 },
      clock: steppingClock,
      routes: (app) =>
        app.get('/ask', (request, response) => {
          const { name } = wire.connections.sourceOf(request);
          const answer = (): void => {
            answered.push(name);
            response.json({});
          };
          if (name === '203.0.113.1') answer();
          else wire.connections.answerInTurn(request, answer);
        }),
    });
    const from = (source: string): ReturnType<typeof client> =>
      client(`GET /ask HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${source}\r\n\r\n`);
    for (let count = 0; count < 20; count += 1) from('203.0.113.9');
    await until(() => wire.connections.size === 20);
    const other = from('203.0.113.8');
    const caller = from('203.0.113.1');
    await until(() => other.seen.text.includes('200 OK') && caller.seen.text.includes('200 OK'));
    expect(answered.filter((name) => name === '203.0.113.9').length).to.be.below(15);
    await until(() => answered.length === 22);
  });

  it('answers what one connection of an unknown client sends at once, up to a number, and ends it', async () => {
    wire = await openWire();
    const seen = await raw(wire.port, 'GET /none HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1_000));
    expect(seen.split('HTTP/1.1 404').length - 1).to.equal(16);
    expect(refusedIn(seen.slice(seen.lastIndexOf('\r\n\r\n') + 4))).to.equal('OVERLOADED pipelined');
    expect(wire.malformed).to.deep.equal(['OVERLOADED']);
    expect((await send(`${wire.url}/graphql`, { body: '{}' })).status).to.equal(200);
  });

  it('knows the source of a request', async () => {
    wire = await openWire({
      proxies: ['127.0.0.1'],
      routes: (app) => app.get('/source', (request, response) => response.json(wire.connections.sourceOf(request))),
    });
    const seen = await new Promise<string>((resolve) => {
      httpRequest(`${wire.url}/source`, { headers: { 'X-Forwarded-For': '203.0.113.9' } }, (response) =>
        response.on('data', (chunk: Buffer) => resolve(chunk.toString())),
      ).end();
    });
    expect(JSON.parse(seen)).to.deep.equal({ name: '203.0.113.9', hasLimit: true });
  });
});
