import { connect } from 'node:net';
import type pg from 'pg';

/** The address of the server. A host that begins with `/` is the folder of a Unix socket. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

const CANCEL_REQUEST = 80_877_102;
const LENGTH = 16;
const GIVE_UP_MS = 1_000;

/**
 * Asks the server to end the statement of a connection (PostgreSQL manual, section 54.2.8). Closing a connection alone
 * does not end its statement. This is best effort and no caller waits for it: if the request is lost,
 * `statement_timeout` ends the statement. The connection must not be used again. The request goes without TLS even to a
 * server with TLS, because it holds nothing but the ids of the connection.
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

/** The ids that the server gave to the connection. The driver keeps them, but its types do not show them. */
function cancelKey(client: pg.PoolClient): { readonly processID: number; readonly secretKey: number } | undefined {
  const { processID, secretKey } = client as unknown as { readonly processID?: unknown; readonly secretKey?: unknown };
  return typeof processID === 'number' && typeof secretKey === 'number' ? { processID, secretKey } : undefined;
}
