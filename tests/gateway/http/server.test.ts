import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import { listen, ListenFailure } from '../../../gateway/http/server.js';
import { bodyOf, IMPATIENT, openWire, raw, refusedIn, send, type Wire } from './wire.js';

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

  it('counts a connection once, however much garbage follows', async () => {
    const seen = await raw(wire.port, `hello\r\n\r\n${'more\r\n\r\n'.repeat(3)}`);
    expect(wire.malformed).to.deep.equal(['BAD_REQUEST']);
    expect(seen.match(/^HTTP/gm)).to.have.lengthOf(1);
  });

  /** What Node would answer by itself, in another form and uncounted. */
  const answeredByNode: Readonly<
    Record<string, { readonly head: string; readonly status: number; readonly refused: string }>
  > = {
    'no Host': { head: 'GET /graphql HTTP/1.1\r\n', status: 400, refused: 'BAD_REQUEST host' },
    'two Hosts': { head: 'GET /graphql HTTP/1.1\r\nHost: x\r\nHost: y\r\n', status: 400, refused: 'BAD_REQUEST host' },
    'an expectation that there is not': {
      head: 'POST /graphql HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nContent-Length: 2\r\n',
      status: 400,
      refused: 'BAD_REQUEST expect',
    },
    CONNECT: {
      head: 'CONNECT register:443 HTTP/1.1\r\nHost: register:443\r\n',
      status: 405,
      refused: 'METHOD_NOT_ALLOWED http',
    },
    'HTTP/2': { head: 'PRI * HTTP/2.0\r\n\r\nSM\r\n', status: 400, refused: 'BAD_REQUEST http' },
  };
  for (const [what, { head, status, refused }] of Object.entries(answeredByNode)) {
    it(`answers ${what} in the usual form, and counts it`, async () => {
      const seen = await raw(wire.port, `${head}\r\n`, { halfClose: true });
      expect(seen).to.match(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(refusedIn(bodyOf(seen))).to.equal(refused);
      expect(seen).to.contain('Cache-Control: no-store');
      expect(wire.malformed).to.deep.equal([refused.split(' ')[0]]);
    });
  }

  it('takes a request that asks for another protocol as what it is', async () => {
    const upgrade = 'GET /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n';
    expect(await raw(wire.port, upgrade)).to.match(/^HTTP\/1\.1 404 /);
  });

  it('tells a client to go on only when its body is wanted', async () => {
    const expecting = (path: string): string =>
      `POST ${path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n`;
    expect(await raw(wire.port, `${expecting('/graphql')}{}`)).to.match(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /,
    );
    expect(await raw(wire.port, expecting('/nowhere'))).to.match(/^HTTP\/1\.1 404 /);
  });

  it('answers a client that closes its own side after a whole request', async () => {
    const body = '{"a":1}';
    const head = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
    const seen = await raw(wire.port, `${head}\r\n\r\n${body}`, { halfClose: true });
    expect(seen).to.match(/^HTTP\/1\.1 200 OK\r\n/);
    expect(bodyOf(seen)).to.equal('{"echo":{"a":1}}');
  });

  it('refuses half a body of a client that closes its own side', async () => {
    const head = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9';
    const seen = await raw(wire.port, `${head}\r\n\r\n{"a"`, { halfClose: true });
    expect(refusedIn(bodyOf(seen))).to.equal('BAD_REQUEST body_broken_off');
  });

  it('answers a request before the garbage that follows it', async () => {
    const seen = await raw(wire.port, 'GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\nhello\r\n\r\n');
    expect(seen.match(/HTTP\/1\.1 [0-9]+/g)).to.deep.equal(['HTTP/1.1 404', 'HTTP/1.1 400']);
    expect(wire.malformed).to.deep.equal(['BAD_REQUEST']);
  });

  it('refuses headers that are too long', async () => {
    const seen = await raw(wire.port, `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(4_000)}\r\n\r\n`);
    expect(seen).to.match(/^HTTP\/1\.1 413 /);
    expect(wire.malformed).to.deep.equal(['PAYLOAD_TOO_LARGE']);
  });

  it('does not wait for a client that dribbles its headers', async () => {
    await wire.close();
    wire = await openWire({ limits: IMPATIENT });
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
