import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { expect } from 'chai';
import type { RegisterFailure } from '../../../adapters/port.js';
import { connectionReason } from '../../../schemas/failures/connection-reason.js';
import { createTextClient } from '../../../adapters/http/post-text.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import type { ConnectionSettings } from '../../../schemas/ports/http-client.js';
import { runningClock } from '../../doubles.js';
import { OpensslAuthority, type OpensslCertificate, type OpensslIssuing } from '../../ports/openssl-authority.js';
import { OpensslServer } from '../../ports/openssl-server.js';
import { someCalls } from '../../recorded-calls.js';

const SECRET = '880514391012';

describe('why a connection failed', () => {
  const clock = runningClock();
  const made = new OpensslAuthority();
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  let ca: OpensslCertificate;
  let good: OpensslCertificate;

  before(() => {
    ca = made.issue({ name: 'Authority', isAuthority: true });
    good = made.issue({ name: 'register', hosts: 'IP:127.0.0.1' }, ca);
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });
  after(() => made.close());

  const listen = async (server: Server): Promise<string> => {
    servers.push(server);
    server.on('connection', (socket: Socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok';
  const serving = (options: TlsOptions): Promise<string> =>
    listen(
      createTlsServer(options, (socket) => {
        socket.on('error', () => undefined);
        socket.on('data', () => void socket.end(ANSWER));
      }).on('tlsClientError', () => undefined),
    );

  const ask = async (
    address: string,
    settings: ConnectionSettings = { tlsCa: ca.certificate },
    milliseconds = 5_000,
  ): Promise<RegisterFailure | 'answered'> => {
    const client = createTextClient({
      register: 'people',
      connections: createHttpClient().open(settings),
      headers: {},
      clock,
      maxResponseBytes: 100_000,
      content: { mediaTypes: /./ },
    });
    try {
      await client.post({
        url: new URL(address.includes('://') ? address : `https://${address}`),
        text: SECRET,
        requestId: 'request-1',
        message: someCalls().next({ carriesId: true }),
        deadline: clock.monotonic() + milliseconds,
      });
      return 'answered';
    } catch (error) {
      const failure = error as RegisterFailure;
      expect(JSON.stringify([failure.message, failure.cause, failure.stack])).to.not.include(SECRET);
      return failure;
    } finally {
      client.close();
    }
  };
  const reasonOf = async (asked: Promise<RegisterFailure | 'answered'>): Promise<string | undefined> => {
    const got = await asked;
    return got === 'answered' ? got : got.reason;
  };
  const servedWith = async (issuing: OpensslIssuing, by?: OpensslCertificate): Promise<string> => {
    const { certificate: cert, key } = made.issue(issuing, by);
    return serving({ cert, key });
  };

  describe('of TLS', () => {
    it('is none where the certificate is right, with its chain', async () => {
      expect(await ask(await serving({ cert: good.certificate, key: good.key }))).to.equal('answered');
      const between = made.issue({ name: 'Between', isAuthority: true }, ca);
      const leaf = made.issue({ name: 'register', hosts: 'IP:127.0.0.1' }, between);
      const cert = leaf.certificate + between.certificate;
      expect(await ask(await serving({ cert, key: leaf.key }))).to.equal('answered');
    });

    it('is tls_untrusted for an authority that is not ours', async () => {
      expect(await reasonOf(ask(await serving({ cert: good.certificate, key: good.key }), {}))).to.equal(
        'tls_untrusted',
      );
    });

    it('is tls_untrusted for a certificate that signs itself', async () => {
      expect(await reasonOf(ask(await servedWith({ name: 'register', hosts: 'IP:127.0.0.1' })))).to.equal(
        'tls_untrusted',
      );
    });

    it('is tls_untrusted for a chain that is not complete', async () => {
      const between = made.issue({ name: 'Between', isAuthority: true }, ca);
      const address = await servedWith({ name: 'register', hosts: 'IP:127.0.0.1' }, between);
      expect(await reasonOf(ask(address))).to.equal('tls_untrusted');
    });

    it('is tls_expired for a certificate whose time is over, or has not come', async () => {
      for (const time of [{ to: '20210101000000Z' }, { from: '20980101000000Z' }]) {
        const address = await servedWith({ name: 'register', hosts: 'IP:127.0.0.1', ...time }, ca);
        expect(await reasonOf(ask(address)), JSON.stringify(time)).to.equal('tls_expired');
      }
    });

    it('is tls_name_mismatch for a certificate of another name', async () => {
      const address = await servedWith({ name: 'register', hosts: 'DNS:other.example' }, ca);
      expect(await reasonOf(ask(address))).to.equal('tls_name_mismatch');
    });

    for (const version of ['-tls1_2', '-tls1_3']) {
      it(`is tls_client_certificate for a client without one, and with one that is refused (openssl, ${version})`, async () => {
        const server = await OpensslServer.start(made.folder, { own: good, ca: ca.certificate, version });
        try {
          const trust = { tlsCa: ca.certificate };
          const stranger = made.issue({ name: 'Stranger', isAuthority: true });
          expect(await reasonOf(ask(server.address, trust)), 'none').to.equal('tls_client_certificate');
          for (const [what, client] of [
            ['of a stranger', made.issue({ name: 'gateway' }, stranger)],
            ['expired', made.issue({ name: 'gateway', to: '20210101000000Z' }, ca)],
          ] as const)
            expect(await reasonOf(ask(server.address, { ...trust, tlsClient: client })), what).to.equal(
              'tls_client_certificate',
            );
          const known = made.issue({ name: 'gateway' }, ca);
          // The server answers no POST. Without an answer, the connection itself was made.
          expect(await reasonOf(ask(server.address, { ...trust, tlsClient: known }, 500)), 'a known one').to.equal(
            'deadline',
          );
        } finally {
          await server.close();
        }
      });
    }

    it('is tls_client_certificate where the server closes without a word (Node)', async () => {
      const options = { cert: good.certificate, key: good.key, ca: ca.certificate };
      const address = await serving({ ...options, requestCert: true, rejectUnauthorized: true });
      expect(await reasonOf(ask(address))).to.equal('tls_client_certificate');
    });

    it('is connection_cut where the server does not speak TLS, or an old one only', async () => {
      const plain = createTcpServer((socket) => {
        socket.on('error', () => undefined);
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      });
      expect(await reasonOf(ask(await listen(plain)))).to.equal('connection_cut');
      const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
      expect(await reasonOf(ask(await serving({ cert: good.certificate, key: good.key, ...old })))).to.equal(
        'connection_cut',
      );
    });
  });

  it('is connect_refused where nothing listens', async () => {
    const server = createTcpServer();
    const address = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    servers.splice(0);
    expect(await ask(address)).to.include({ reason: 'connect_refused', cause: 'ECONNREFUSED' });
  });

  it('is connect_timeout where no connection is made in time, and deadline where no answer comes', async () => {
    const silent = createTcpServer(() => undefined);
    const address = await listen(silent);
    // TCP connects, and the TLS handshake never ends.
    expect(await ask(address, undefined, 200)).to.include({ reason: 'connect_timeout', kind: 'timeout' });
    expect(await ask(`http://${address}`, undefined, 200)).to.include({ reason: 'deadline', kind: 'timeout' });
  });

  it('is connection_cut where the other side breaks off', async () => {
    const cutting = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.destroy());
    });
    const address = await listen(cutting);
    for (const url of [`https://${address}`, `http://${address}`])
      expect(await reasonOf(ask(url)), url).to.equal('connection_cut');
  });

  it('follows from the code of the system', () => {
    for (const [code, reason] of [
      ['ENOTFOUND', 'dns_failed'],
      ['EAI_AGAIN', 'dns_failed'],
      ['EHOSTUNREACH', 'connect_refused'],
      ['ETIMEDOUT', 'connect_timeout'],
      ['UND_ERR_CONNECT_TIMEOUT', 'connect_timeout'],
      ['ECONNRESET', 'connection_cut'],
      ['SELF_SIGNED_CERT_IN_CHAIN', 'tls_untrusted'],
      ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tls_client_certificate'],
      ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'tls_client_certificate'],
      ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'connection_cut'],
      ['constructor', 'connection_cut'],
      [undefined, 'connection_cut'],
    ] as const)
      expect(connectionReason(code), code).to.equal(reason);
  });
});
