import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type DetailedPeerCertificate } from 'node:tls';

/** A certificate of a server, without its key. */
export interface ShownCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601. */
  readonly validFrom: string;
  readonly validTo: string;
}

export interface TlsServer {
  readonly host: string;
  readonly port: number;
  /** The name that the server’s certificate should carry, if it is not the host. */
  readonly serverName?: string | undefined;
  /** PostgreSQL begins TLS after a message of its own. */
  readonly isPostgres: boolean;
}

/** `SSLRequest` (PostgreSQL manual, 53.7). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const MAX_CERTIFICATES = 10;

/**
 * Reads the certificates that a server shows, its own first, for a person who looks for a fault in them. So the chain is
 * read also where it is not trusted: the connection carries nothing, shows no certificate of ours and is closed at once.
 * Calls of registers always verify. Resolves with none if the server shows none in time.
 */
export async function readCertificates(server: TlsServer, milliseconds: number): Promise<readonly ShownCertificate[]> {
  const socket = connectTcp(server.port, server.host);
  const timer = setTimeout(() => socket.destroy(new Error('timeout')), milliseconds);
  try {
    await once(socket, 'connect');
    if (server.isPostgres) await requestTls(socket);
    return await certificatesOn(socket, server);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

async function requestTls(socket: Socket): Promise<void> {
  socket.write(SSL_REQUEST);
  const [answer] = await once(socket, 'data');
  if (String(answer) !== 'S') throw new Error('no TLS');
}

async function certificatesOn(socket: Socket, { host, serverName }: TlsServer): Promise<readonly ShownCertificate[]> {
  const name = serverName ?? (isIP(host) === 0 ? host : undefined);
  const tls = connectTls({ socket, rejectUnauthorized: false, ...(name === undefined ? {} : { servername: name }) });
  // After the handshake a server may refuse that we show no certificate.
  tls.on('error', () => undefined);
  await once(tls, 'secureConnect');
  const shown: ShownCertificate[] = [];
  let next: DetailedPeerCertificate | undefined = tls.getPeerCertificate(true);
  const seen = new Set<string>();
  while (next?.fingerprint256 !== undefined && !seen.has(next.fingerprint256) && shown.length < MAX_CERTIFICATES) {
    seen.add(next.fingerprint256);
    shown.push(shownCertificate(next));
    next = next.issuerCertificate as DetailedPeerCertificate | undefined;
  }
  tls.destroy();
  return shown;
}

function shownCertificate({
  subject,
  issuer,
  valid_from: from,
  valid_to: to,
}: DetailedPeerCertificate): ShownCertificate {
  return {
    subject: nameOf(subject),
    issuer: nameOf(issuer),
    validFrom: new Date(from).toISOString(),
    validTo: new Date(to).toISOString(),
  };
}

function nameOf(name: object): string {
  return Object.entries(name)
    .map(([attribute, value]) => `${attribute}=${String(value)}`)
    .join(', ');
}

/** Resolves with what the event carries; rejects when the socket fails or closes before. */
function once(socket: Socket, event: string): Promise<readonly unknown[]> {
  return new Promise((resolve, reject) => {
    socket.once(event, (...carried: readonly unknown[]) => resolve(carried));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
  });
}
