import type { Server } from 'node:http';
import { withDeadline } from '../../schemas/with-deadline.js';
import type { InFlight } from './in-flight.js';

export interface DrainOptions {
  readonly server: Server;
  readonly inFlight: InFlight;
  /** How long requests in flight may take, in milliseconds. */
  readonly deadlineMs: number;
}

/** How a drain ended. */
export interface Drained {
  /** Requests that were cut off at the deadline. */
  readonly late: number;
}

/**
 * Closes a server without breaking an answer. It takes no new connection, closes idle ones, refuses
 * requests on open ones with SHUTTING_DOWN and answers those in flight. At the deadline it cuts the rest off.
 */
export async function drain({ server, inFlight, deadlineMs }: DrainOptions): Promise<Drained> {
  inFlight.close();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await withDeadline(inFlight.idle(), deadlineMs, () => undefined);
  const late = inFlight.count;
  // The last answers may still be on their way: connections that are idle now close at once, and the
  // others get a moment before they are cut.
  server.closeIdleConnections();
  if (late === 0) await withDeadline(closed, LAST_BYTES_MS, () => undefined);
  server.closeAllConnections();
  await closed;
  return { late };
}

const LAST_BYTES_MS = 500;
