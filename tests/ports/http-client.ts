import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import {
  HttpFailure,
  type ConnectionSettings,
  type HttpClient,
  type HttpConnections,
  type HttpFailureKind,
  type HttpRequest,
  type HttpResponse,
} from '../../schemas/ports/http-client.js';
import { rejection } from '../rejection.js';
import { CLIENTS } from './client-certificates.js';
import { issueCertificate } from './issued-certificate.js';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from './loopback-certificate.js';

const SECRET = '880514391012';
const MAX_BYTES = 1_000;

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** What every `HttpClient` promises. */
export function describeHttpClient(name: string, createClient: () => HttpClient): void {
  describe(`${name} keeps the contract of HttpClient`, () => {
    let server: Server;
    let origin: string;
    let handle: (request: IncomingMessage, response: ServerResponse) => void;
    let seen: Seen[];
    let sockets: Socket[];
    let carrying: Socket[];
    const opened: HttpConnections[] = [];
    const open = (settings: ConnectionSettings = {}): HttpConnections => {
      const connections = createClient().open(settings);
      opened.push(connections);
      return connections;
    };

    beforeEach(async () => {
      seen = [];
      sockets = [];
      carrying = [];
      handle = (_, response) => void response.end('an answer');
      server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const { method, url, rawHeaders, socket } = request;
          carrying.push(socket);
          seen.push({ method, url, rawHeaders, body: Buffer.concat(chunks).toString() });
          handle(request, response);
        });
      });
      server.on('connection', (socket) => sockets.push(socket));
      origin = await listening(server);
    });
    afterEach(async () => {
      for (const connections of opened.splice(0)) connections.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });

    const send = (changed: Partial<HttpRequest> = {}, connections = open()): Promise<HttpResponse> =>
      connections.send({
        method: 'POST',
        url: new URL('/a/path?with=query', origin),
        headers: ['X-Second', '2', 'X-First', '1'],
        body: `{"iin":"${SECRET}"}`,
        timeoutMs: 5_000,
        maxResponseBytes: MAX_BYTES,
        ...changed,
      });
    const failed = async (sent: Promise<unknown>): Promise<HttpFailureKind> => {
      const error = await rejection(sent);
      expect(error).to.be.instanceOf(HttpFailure);
      const { message, stack, cause, kind } = error as HttpFailure;
      for (const hidden of [SECRET, new URL(origin).port, '/a/path'])
        expect(JSON.stringify([message, cause])).to.not.include(hidden);
      expect(stack).to.not.include(SECRET);
      return kind;
    };
    /** Resolves when every connection that carried a request is closed. */
    const allClosed = async (): Promise<void> => {
      while (carrying.some(({ destroyed }) => !destroyed)) await sleep(5);
    };

    describe('a request', () => {
      it('is sent as it is: method, path and query, headers in their order, body', async () => {
        await send({ body: 'тело' });
        await send({ method: 'GET', body: undefined });
        expect(seen.map(({ method, url, body }) => [method, url, body])).to.deep.equal([
          ['POST', '/a/path?with=query', 'тело'],
          ['GET', '/a/path?with=query', ''],
        ]);
        const names = seen[0]?.rawHeaders.filter((_, position) => position % 2 === 0);
        const own = ['host', 'connection', 'content-length'];
        expect(names?.filter((header) => !own.includes(header.toLowerCase()))).to.deep.equal(['X-Second', 'X-First']);
      });

      it('is sent once, also when it fails', async () => {
        handle = (request) => void request.socket.destroy();
        expect(await failed(send())).to.equal('transport');
        expect(seen).to.have.length(1);
      });
    });

    describe('a response', () => {
      it('has its status, headers by names in lower case, repeated ones as a list, and its bytes', async () => {
        handle = (_, response) => {
          response.setHeader('X-Twice', ['a', 'b']);
          response.writeHead(200, { 'X-Once': 'c' }).end(Buffer.from([0xc8, 0x00]));
        };
        const { status, headers, body } = await send();
        expect([status, headers['x-once'], headers['x-twice']]).to.deep.equal([200, 'c', ['a', 'b']]);
        expect([...body]).to.deep.equal([0xc8, 0x00]);
      });

      for (const status of [204, 302, 404, 429, 500]) {
        it(`with status ${status} is a response, and no redirect is followed`, async () => {
          handle = (_, response) => void response.writeHead(status, { Location: '/elsewhere' }).end();
          expect((await send()).status).to.equal(status);
          expect(seen.map(({ url }) => url)).to.deep.equal(['/a/path?with=query']);
        });
      }

      it('is the final one, after informational ones', async () => {
        handle = (_, response) => {
          response.writeEarlyHints({ link: '</x>; rel=preload' });
          response.end('final');
        };
        const { status, body } = await send();
        expect([status, body.toString()]).to.deep.equal([200, 'final']);
      });

      it('is not decompressed', async () => {
        const bomb = gzipSync('x'.repeat(100_000));
        handle = (_, response) => void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb);
        expect((await send()).body.equals(bomb)).to.equal(true);
      });

      it('may have the greatest size, and not one byte more, announced or not', async () => {
        handle = (_, response) => void response.end('x'.repeat(MAX_BYTES));
        expect((await send()).body).to.have.length(MAX_BYTES);
        handle = (_, response) => void response.end('x'.repeat(MAX_BYTES + 1));
        expect(await failed(send())).to.equal('too_large');
        handle = (_, response) => {
          const more = setInterval(() => response.write('x'.repeat(MAX_BYTES)), 1);
          response.on('close', () => clearInterval(more));
        };
        expect(await failed(send())).to.equal('too_large');
      });

      it('can be refused by its head, before its body; the connection is broken off', async () => {
        handle = (_, response) => void response.writeHead(500, { 'X-Why': 'no' }).write('a body without end');
        const refusal = new Error('refused');
        const heads: unknown[] = [];
        const checkHead: HttpRequest['checkHead'] = ({ status, headers }) => {
          heads.push([status, headers['x-why']]);
          throw refusal;
        };
        expect(await rejection(send({ checkHead }))).to.equal(refusal);
        expect(heads).to.deep.equal([[500, 'no']]);
        await allClosed();
      });
    });

    describe('time', () => {
      it('ends a request without an answer, within a head, and within a body, and nothing is left running', async () => {
        handle = () => undefined;
        expect(await failed(send({ timeoutMs: 50 }))).to.equal('timeout');
        handle = (request) => void request.socket.write('HTTP/1.1 200 OK\r\nX-Half: ');
        expect(await failed(send({ timeoutMs: 50 }))).to.equal('timeout');
        handle = (_, response) => void response.writeHead(200).write('half');
        expect(await failed(send({ timeoutMs: 50 }))).to.equal('timeout');
        expect(seen).to.have.length(3);
        await allClosed();
      });

      it('ends a drip of bytes', async () => {
        handle = (_, response) => {
          const drip = setInterval(() => response.write('.'), 10);
          response.on('close', () => clearInterval(drip));
        };
        expect(await failed(send({ timeoutMs: 100 }))).to.equal('timeout');
      });

      it('sends nothing when none is left', async () => {
        for (const timeoutMs of [0, -1]) expect(await failed(send({ timeoutMs }))).to.equal('timeout');
        expect(seen).to.have.length(0);
      });

      it('that ends before there is a connection says so by a code', async () => {
        const silent = createTcpServer((socket) => void sockets.push(socket.on('error', () => undefined)));
        const url = new URL((await listening(silent)).replace('http:', 'https:'));
        const error = await rejection(send({ url, timeoutMs: 100 }));
        expect(error).to.include({ kind: 'timeout', code: 'ETIMEDOUT' });
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => silent.close(resolve));
        handle = () => undefined;
        expect(await rejection(send({ timeoutMs: 50 }))).to.include({ kind: 'timeout', code: undefined });
      });

      it('counts the wait for a free connection', async () => {
        handle = () => undefined;
        const connections = open({ maxConnections: 1 });
        const first = send({ timeoutMs: 150 }, connections);
        expect(await rejection(send({ timeoutMs: 50 }, connections))).to.include({ kind: 'timeout', code: undefined });
        expect(await failed(first)).to.equal('timeout');
        expect(seen).to.have.length(1);
      });
    });

    describe('an aborted signal', () => {
      it('sends nothing when it was aborted before', async () => {
        expect(await failed(send({ signal: AbortSignal.abort() }))).to.equal('cancelled');
        expect(seen).to.have.length(0);
      });

      it('breaks off what is under way, at once', async () => {
        handle = (_, response) => void response.writeHead(200).write('half');
        const abort = new AbortController();
        const sent = send({ signal: abort.signal });
        while (seen.length === 0) await sleep(5);
        abort.abort();
        expect(await failed(sent)).to.equal('cancelled');
        await allClosed();
      });

      it('takes back what waits for a connection', async () => {
        const answers: (() => void)[] = [];
        handle = (_, response) => answers.push(() => void response.end());
        const connections = open({ maxConnections: 1 });
        const first = send({}, connections);
        const abort = new AbortController();
        const second = send({ signal: abort.signal }, connections);
        while (seen.length === 0) await sleep(5);
        abort.abort();
        expect(await failed(second)).to.equal('cancelled');
        answers[0]?.();
        await first;
        await sleep(20);
        expect(seen).to.have.length(1);
      });
    });

    describe('connections', () => {
      it('are kept for the next request', async () => {
        const connections = open({ maxConnections: 1 });
        for (let time = 0; time < 3; time += 1) await send({}, connections);
        expect(sockets).to.have.length(1);
      });

      it('are no more than the limit, and each has one request at a time', async () => {
        let under = 0;
        let most = 0;
        handle = (_, response) => {
          most = Math.max(most, (under += 1));
          setTimeout(() => {
            under -= 1;
            response.end();
          }, 10);
        };
        const connections = open({ maxConnections: 2 });
        await Promise.all(Array.from({ length: 8 }, () => send({}, connections)));
        expect([most, sockets.length, seen.length]).to.deep.equal([2, 2, 8]);
      });

      it('of two users are not shared', async () => {
        await send({}, open({ maxConnections: 1 }));
        await send({}, open({ maxConnections: 1 }));
        expect(sockets).to.have.length(2);
      });

      it('are broken off by close, and opened again by the next request', async () => {
        handle = () => undefined;
        const connections = open();
        const sent = send({}, connections);
        while (seen.length === 0) await sleep(5);
        connections.close();
        expect(await failed(sent)).to.equal('transport');
        await allClosed();
        handle = (_, response) => void response.end('again');
        expect((await send({}, connections)).body.toString()).to.equal('again');
      });
    });

    describe('a server that', () => {
      it('does not listen is a failure of transport, with the system’s code', async () => {
        const gone = createTcpServer();
        const url = new URL(await listening(gone));
        await new Promise((resolve) => gone.close(resolve));
        const error = await rejection(send({ url }));
        expect(error).to.include({ kind: 'transport', code: 'ECONNREFUSED' });
      });

      it('breaks off within a body is a failure of transport', async () => {
        handle = (request, response) =>
          void response.writeHead(200, { 'Content-Length': '10' }).write('half', () => request.socket.destroy());
        expect(await failed(send())).to.equal('transport');
      });

      it('switches protocols is a failure of transport', async () => {
        handle = (request) =>
          void request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
        expect(await failed(send({ timeoutMs: 1_000 }))).to.equal('transport');
      });

      it('speaks something else is not HTTP, and nothing of it is kept', async () => {
        const talker = createTcpServer((socket) => {
          socket.on('error', () => undefined);
          socket.resume().end(`SSH-2.0 ${SECRET}\r\n\r\n`);
        });
        const url = new URL(await listening(talker));
        expect(await failed(send({ url }))).to.equal('not_http');
        await new Promise((resolve) => talker.close(resolve));
      });
    });

    describe('TLS', () => {
      let secure: Server;
      let url: URL;
      before(async () => {
        secure = createHttpsServer({ key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE }, (_, response) => {
          response.end('over TLS');
        });
        url = new URL((await listening(secure)).replace('http:', 'https:'));
      });
      after(async () => {
        secure.closeAllConnections();
        await new Promise((resolve) => secure.close(resolve));
      });

      it('takes a certificate of the given authority', async () => {
        const { body } = await send({ url }, open({ tlsCa: LOOPBACK_CERTIFICATE }));
        expect(body.toString()).to.equal('over TLS');
      });

      it('shows the certificate of the user, and none without one', async () => {
        const knowing = createHttpsServer(
          {
            key: LOOPBACK_KEY,
            cert: LOOPBACK_CERTIFICATE,
            ca: CLIENTS.first.certificate,
            requestCert: true,
            rejectUnauthorized: true,
          },
          (request, response) => response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN),
        );
        try {
          const knowingUrl = new URL((await listening(knowing)).replace('http:', 'https:'));
          const as = (tlsClient?: ConnectionSettings['tlsClient']): Promise<HttpResponse> =>
            send({ url: knowingUrl }, open({ tlsCa: LOOPBACK_CERTIFICATE, tlsClient }));
          expect((await as(CLIENTS.first)).body.toString()).to.equal('tereze first');
          expect(await failed(as(CLIENTS.second))).to.equal('transport');
          expect(await failed(as())).to.equal('transport');
          expect(await failed(as({ ...CLIENTS.first, key: CLIENTS.second.key }))).to.equal('transport');
        } finally {
          knowing.closeAllConnections();
          await new Promise((resolve) => knowing.close(resolve));
        }
      });

      it('tells that a server refuses its certificate, or wants one, also when it says so after the handshake', async () => {
        const { certificate: ca } = CLIENTS.first;
        for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
          const options = { key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE, ca, requestCert: true, maxVersion };
          const wanting = createHttpsServer(options, (_, response) => response.end());
          const wantingUrl = new URL((await listening(wanting)).replace('http:', 'https:'));
          const error = (await rejection(
            send({ url: wantingUrl }, open({ tlsCa: LOOPBACK_CERTIFICATE })),
          )) as HttpFailure;
          expect(error.code, maxVersion).to.match(/^ERR_SSL_[\w/]+_ALERT_(HANDSHAKE_FAILURE|CERTIFICATE_REQUIRED)$/);
          wanting.closeAllConnections();
          await new Promise((resolve) => wanting.close(resolve));
        }
      });

      it('takes the certificate of the name that it was told, and of no other', async () => {
        const { certificate: cert, key } = issueCertificate({ name: 'register', hosts: ['register.example'] });
        const named = createHttpsServer({ key, cert }, (_, response) => {
          response.end('by name');
        });
        try {
          const namedUrl = new URL((await listening(named)).replace('http:', 'https:'));
          const as = (tlsServerName?: string): Promise<HttpResponse> =>
            send({ url: namedUrl }, open({ tlsCa: cert, tlsServerName }));
          expect((await as('register.example')).body.toString()).to.equal('by name');
          expect(await failed(as('other.example'))).to.equal('transport');
          expect(await failed(as())).to.equal('transport');
        } finally {
          named.closeAllConnections();
          await new Promise((resolve) => named.close(resolve));
        }
      });

      it('takes no certificate of another', async () => {
        expect(await failed(send({ url }))).to.equal('transport');
      });
    });
  });
}

async function listening(server: TcpServer): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
