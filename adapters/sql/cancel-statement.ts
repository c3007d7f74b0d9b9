import { connect } from 'node:net';
import type pg from 'pg';

/** Where the server listens; a host that begins with `/` is the folder of a Unix socket. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

const CANCEL_REQUEST = 80_877_102;
const LENGTH = 16;
const GIVE_UP_MS = 1_000;

/**
 * Asks the server to end what a connection runs (PostgreSQL manual, section 54.2.8), for closing a
 * connection alone does not end its statement. Best effort, nobody waits for it; where it is lost,
 * `statement_timeout` ends the statement. The connection must not be used again. The request goes
 * without TLS even to a server with it: it holds nothing but the name of that connection.
 */
export function cancelStatement(client: pg.PoolClient, { host, port }: ServerAddress): void {
  const key = cancelKey(client);
  if (key === undefined) return;
  const request = Buffer.alloc(LENGTH);
  request.writeInt32BE(LENGTH, 0);
  request.writeInt32BE(CANCEL_REQUEST, 4);
  request.writeInt32BE(key.processID, 8);
  request.writeInt32BE(key.secretKey, 12);
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  socket.unref().setTimeout(GIVE_UP_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', () => undefined);
  socket.end(request);
}

/** What the server gave the connection to name it by; the driver keeps it and its types do not tell. */
function cancelKey(client: pg.PoolClient): { readonly processID: number; readonly secretKey: number } | undefined {
  const { processID, secretKey } = client as unknown as { readonly processID?: unknown; readonly secretKey?: unknown };
  return typeof processID === 'number' && typeof secretKey === 'number' ? { processID, secretKey } : undefined;
}
