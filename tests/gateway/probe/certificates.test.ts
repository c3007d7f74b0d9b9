import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { readCertificates } from '../../../gateway/probe/certificates.js';
import { issueCertificate } from '../../ports/issued-certificate.js';

describe('the certificates that a probe shows', () => {
  const own = issueCertificate({ name: 'register.example', hosts: ['register.example'] });
  let server: Server;
  let sockets: Socket[];
  let heard: Buffer[];

  const listen = async (onConnection: (socket: Socket) => void): Promise<number> => {
    sockets = [];
    heard = [];
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      onConnection(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const speakTls = (socket: Socket): void => {
    const tls = new TLSSocket(socket, { isServer: true, cert: own.certificate, key: own.key });
    tls.on('error', () => undefined);
    tls.on('data', (chunk: Buffer) => heard.push(chunk));
  };

  it('are read of a server that no one trusts, and nothing is sent to it', async () => {
    const port = await listen(speakTls);
    const shown = await readCertificates({ host: '127.0.0.1', port, isPostgres: false }, 2_000);
    expect(shown).to.deep.equal([
      {
        subject: 'CN=register.example',
        issuer: 'CN=register.example',
        validFrom: '2020-01-01T00:00:00.000Z',
        validTo: '2120-01-01T00:00:00.000Z',
      },
    ]);
    expect(heard).to.deep.equal([]);
  });

  it('are asked for in the way of PostgreSQL', async () => {
    const port = await listen((socket) =>
      socket.once('data', (asked: Buffer) => {
        expect(asked.toString('hex')).to.equal('0000000804d2162f');
        socket.write('S', () => speakTls(socket));
      }),
    );
    const shown = await readCertificates({ host: '127.0.0.1', port, isPostgres: true }, 2_000);
    expect(shown.map(({ subject }) => subject)).to.deep.equal(['CN=register.example']);
  });

  it('are none of a server that speaks no TLS, says nothing or is not there', async () => {
    const refusing = await listen((socket) => socket.once('data', () => socket.write('N')));
    expect(await readCertificates({ host: '127.0.0.1', port: refusing, isPostgres: true }, 2_000)).to.deep.equal([]);
    expect(await readCertificates({ host: '127.0.0.1', port: refusing, isPostgres: false }, 200)).to.deep.equal([]);
    expect(await readCertificates({ host: '127.0.0.1', port: 1, isPostgres: false }, 2_000)).to.deep.equal([]);
  });
});
