import { connect } from 'node:net';
import type pg from 'pg';
import { withDeadline } from '../../../schemas/with-deadline.js';

/** The address of the server. A host that begins with `/` is the folder of a Unix socket. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

const CANCEL_REQUEST = 80_877_102;
const LENGTH = 16;
const GIVE_UP_MS = 1_000;

/** How long it waits for the statement to end after each request, in milliseconds. A request that came too early does nothing. */
const WAITS_MS = [50, 250, 1_000] as const;

/**
 * Asks the server to end the statement of a connection (PostgreSQL manual, section 54.2.8), and again while it has not
 * ended: a request that overtakes the statement does nothing. Closing a connection alone does not end its statement.
 * Resolves when the statement has ended or every request was made; never rejects. No caller waits for it: if all
 * requests are lost, `statement_timeout` ends the statement. The connection must not be used again. A request goes
 * without TLS even to a server with TLS, because it holds nothing but the ids of the connection.
 *
 * @param answer settles when the statement has ended.
 */
export async function cancelStatement(
  client: pg.PoolClient,
  server: ServerAddress,
  answer: Promise<unknown>,
): Promise<void> {
  const key = cancelKey(client);
  if (key === undefined) return;
  const ended = answer.then(
    () => true,
    () => true,
  );
  for (const waitMs of WAITS_MS) {
    requestCancel(key, server);
    if (await withDeadline(ended, waitMs, () => false)) return;
  }
}

function requestCancel({ processID, secretKey }: CancelKey, { host, port }: ServerAddress): void {
  const request = Buffer.alloc(LENGTH);
  request.writeInt32BE(LENGTH, 0);
  request.writeInt32BE(CANCEL_REQUEST, 4);
  request.writeInt32BE(processID, 8);
  request.writeInt32BE(secretKey, 12);
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  socket.unref().setTimeout(GIVE_UP_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', () => undefined);
  socket.end(request);
}

interface CancelKey {
  readonly processID: number;
  readonly secretKey: number;
}

/** The ids that the server gave to the connection. The driver keeps them, but its types do not show them. */
function cancelKey(client: pg.PoolClient): CancelKey | undefined {
  const { processID, secretKey } = client as unknown as { readonly processID?: unknown; readonly secretKey?: unknown };
  return typeof processID === 'number' && typeof secretKey === 'number' ? { processID, secretKey } : undefined;
}
