import type { Server } from 'node:http';
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
  await within(deadlineMs, inFlight.idle());
  const late = inFlight.count;
  // An answer that was just written still has to leave: connections that are idle now close at once,
  // and the others get a moment before they are cut.
  server.closeIdleConnections();
  if (late === 0) await within(LAST_BYTES_MS, closed);
  server.closeAllConnections();
  await closed;
  return { late };
}

const LAST_BYTES_MS = 500;

/** Waits until it is done, or for so many milliseconds. */
export function within(milliseconds: number, done: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    void done.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
