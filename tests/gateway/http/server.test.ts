import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import { listen, ListenFailure } from '../../../gateway/http/server.js';
import { bodyOf, openWire, raw, refusedIn, send, type Wire } from './wire.js';

describe('createHttpServer', () => {
  let wire: Wire;
  beforeEach(async () => {
    wire = await openWire({ limits: { header_bytes: 2_048 } });
  });
  afterEach(() => wire.close());

  const garbage: readonly (readonly [string, string])[] = [
    ['what is no HTTP', 'hello\r\n\r\n'],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['a version that there is not', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['a header without name', 'GET / HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n'],
    [
      'two different lengths',
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello',
    ],
    [
      'a length and chunks',
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
  ];
  for (const [what, bytes] of garbage) {
    it(`answers 400 to ${what}, and counts it`, async () => {
      const seen = await raw(wire.port, bytes);
      expect(seen).to.match(/^HTTP\/1\.1 400 /);
      expect(refusedIn(bodyOf(seen))).to.equal('BAD_REQUEST http');
      expect(seen).to.contain('Cache-Control: no-store');
      expect(wire.malformed).to.deep.equal(['BAD_REQUEST']);
    });
  }

  it('answers only when the refusal is recorded, and says so when it cannot be', async () => {
    const down = await openWire({ recordMalformed: () => Promise.reject(new Error('log down')) });
    const seen = await raw(down.port, 'hello\r\n\r\n');
    expect(seen).to.match(/^HTTP\/1\.1 503 /);
    expect(refusedIn(bodyOf(seen))).to.equal('AUDIT_UNAVAILABLE http');
    await down.close();
  });

  it('counts a connection once, however much garbage follows', async () => {
    let recorded: () => void = () => undefined;
    const slow = await openWire({ recordMalformed: () => new Promise((resolve) => (recorded = resolve)) });
    const socket = connect(slow.port, '127.0.0.1');
    let seen = '';
    socket.on('data', (chunk) => (seen += chunk.toString()));
    socket.write('hello\r\n\r\n');
    for (let more = 0; more < 3; more += 1) {
      await new Promise((resolve) => setTimeout(resolve, 30));
      socket.write('more\r\n\r\n');
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
    recorded();
    await new Promise((resolve) => socket.on('close', resolve));
    expect(slow.malformed).to.deep.equal(['BAD_REQUEST']);
    expect(seen.match(/^HTTP/gm)).to.have.lengthOf(1);
    await slow.close();
  });

  it('refuses a request without Host', async () => {
    expect(await raw(wire.port, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).to.match(/^HTTP\/1\.1 400 /);
  });

  it('refuses headers that are too long', async () => {
    const seen = await raw(wire.port, `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(4_000)}\r\n\r\n`);
    expect(seen).to.match(/^HTTP\/1\.1 413 /);
    expect(wire.malformed).to.deep.equal(['PAYLOAD_TOO_LARGE']);
  });

  it('does not wait for a client that dribbles its headers', async () => {
    const seen = await raw(wire.port, 'POST /graphql HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    expect(seen).to.match(/^HTTP\/1\.1 408 /);
    expect(wire.malformed).to.deep.equal(['REQUEST_TIMEOUT']);
  });

  it('goes on after a client that breaks off', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(wire.port, '127.0.0.1', () => {
        socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\n', () => socket.resetAndDestroy());
      });
      socket.on('close', () => resolve());
    });
    expect((await send(`${wire.url}/graphql`, { body: '{}' })).status).to.equal(200);
  });
});

describe('listen', () => {
  it('names a taken port and the setting that chose it', async () => {
    const [first, second] = [createServer(), createServer()];
    const url = await listen(first, { host: '127.0.0.1', port: 0 }, 'server.port');
    const port = Number(new URL(url).port);
    const failure = await listen(second, { host: '127.0.0.1', port }, 'server.port').catch((error: unknown) => error);
    await new Promise((resolve) => first.close(resolve));
    expect(failure).to.be.instanceOf(ListenFailure);
    expect((failure as ListenFailure).code).to.equal('PORT_TAKEN');
    expect((failure as ListenFailure).message).to.equal(
      `port ${port} on 127.0.0.1 is taken by another process; end it or choose another port (server.port)`,
    );
  });

  it('says when the address is not this machine’s', async () => {
    const failure = await listen(createServer(), { host: '192.0.2.1', port: 0 }, 'server.host').catch(
      (error: unknown) => error,
    );
    expect((failure as ListenFailure).code).to.equal('ADDRESS_UNAVAILABLE');
  });

  it('gives the address as a URL', async () => {
    const server = createServer();
    expect(await listen(server, { host: '127.0.0.1', port: 0 }, 'server.port')).to.match(
      /^http:\/\/127\.0\.0\.1:[0-9]+$/,
    );
    await new Promise((resolve) => server.close(resolve));
  });
});
