import type { Server } from 'node:http';
import { withDeadline } from '../../schemas/with-deadline.js';
import type { InFlight } from './in-flight.js';

export interface DrainOptions {
  readonly server: Server;
  readonly inFlight: InFlight;
  /** How long requests in flight may take, in milliseconds. */
  readonly deadlineMs: number;
}

/** How a drain went: `late` is the number of requests that were cut off at the deadline. */
export interface Drained {
  readonly late: number;
}

/**
 * Ends a server without breaking an answer: no new connections, idle ones closed, requests on open
 * ones refused with SHUTTING_DOWN, those in flight answered; at the deadline the rest is cut off.
 */
export async function drain({ server, inFlight, deadlineMs }: DrainOptions): Promise<Drained> {
  inFlight.close();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await withDeadline(inFlight.idle(), deadlineMs, () => undefined);
  const late = inFlight.count;
  // An answer that was just written still has to leave: connections that are idle now close at once,
  // and the others get a moment before they are cut.
  server.closeIdleConnections();
  if (late === 0) await withDeadline(closed, LAST_BYTES_MS, () => undefined);
  server.closeAllConnections();
  await closed;
  return { late };
}

const LAST_BYTES_MS = 500;
