import { Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connections } from './connections/connections.js';
import type { InFlight } from './in-flight.js';

export interface DrainOptions {
  readonly server: Server;
  readonly connections: Connections;
  readonly inFlight: InFlight;
  /** How long requests are still taken from new connections, in milliseconds. */
  readonly leaveMs: number;
  /** Whether something asks for readiness, and so must first see that the gateway leaves. */
  readonly isProbed: boolean;
  /** After that, how long requests in flight may take, in milliseconds. */
  readonly deadlineMs: number;
}

/** How a drain ended. */
export interface Drained {
  /** Requests that were cut off at the deadline. */
  readonly late: number;
}

/** How often it looks whether connections are left. */
const LOOK_MS = 25;

/**
 * Closes a server without losing a request. Its steps:
 *
 * 1. Every answer ends its connection. Requests are still taken, also from new connections, so that
 *    a client can turn to another replica.
 * 2. It listens no longer, and ends idle connections. What is open is still answered.
 * 3. In the second half of the deadline further requests are refused with SHUTTING_DOWN. Then it cuts
 *    the rest off.
 */
export async function drain(options: DrainOptions): Promise<Drained> {
  const { server, connections, inFlight, leaveMs, isProbed, deadlineMs } = options;
  connections.leave();
  await untilEmpty(connections, leaveMs, isProbed);
  await afterAccepting();
  // Not the method of the HTTP server: that one destroys idle connections, also those with a request on its way.
  const closed = new Promise<void>((resolve) => Server.prototype.close.call(server, () => resolve()));
  connections.endIdle();
  await untilEmpty(connections, deadlineMs / 2, false);
  inFlight.close();
  await untilEmpty(connections, deadlineMs / 2, false);
  const late = inFlight.count;
  connections.destroy();
  await closed;
  return { late };
}

/** Resolves when no connection is open, or after this time; `isWhole`: only then. */
async function untilEmpty(connections: Connections, ms: number, isWhole: boolean): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until && (isWhole || connections.size > 0)) await sleep(LOOK_MS);
}

/**
 * Resolves at a moment at which the kernel hardly holds a connection that is not accepted: a listener
 * that closes resets those. That is right after a turn of the event loop, which accepts all, if the
 * turn was short.
 */
async function afterAccepting(): Promise<void> {
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    const startedAt = performance.now();
    await new Promise((resolve) => setImmediate(resolve));
    if (performance.now() - startedAt < SHORT_TURN_MS) return;
  }
}

const MAX_TURNS = 2_000;
const SHORT_TURN_MS = 0.05;
