import type { Server } from 'node:http';
import type { Metrics } from '../../monitoring/metrics.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { ServerConfig } from '../config/parts/server.js';
import { drain } from './drain.js';
import { House, type Served } from './generation-server.js';
import { InFlight } from './in-flight.js';
import { operationsApp } from './operations.js';
import { createHttpServer, listen } from './server.js';

export interface ServersOptions {
  readonly config: ServerConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  readonly metrics: Metrics;
  /** What is served first. */
  readonly served: Served;
  /** Whether the next entry could be written to the audit log. */
  readonly isReady: () => Promise<boolean>;
  /** Counts a request that was too malformed to reach any stage; resolves when its entry is committed. */
  readonly countMalformed: (refusal: { readonly code: string; readonly source: string }) => Promise<void>;
}

export interface RunningServers {
  readonly url: string;
  readonly operationsUrl: string;
  /**
   * Serves something else from the next request on: each request is answered by the one or the other,
   * none by both. Rejects and serves what it served before when it cannot.
   */
  replace(served: Served): Promise<Replaced>;
  /** Takes no more, answers what is in flight, closes both addresses. */
  drain(): Promise<void>;
}

export interface Replaced {
  /** Resolves when what was served before has answered what it took, or had its time. */
  readonly left: Promise<void>;
}

const HEALTH_MS = 2_000;

/** Starts both addresses: callers', and operations'. Rejects with `ListenFailure` and leaves neither open. */
export async function startServers(options: ServersOptions): Promise<RunningServers> {
  const { config, clock, random, observer } = options;
  const { limits } = config;
  const inFlight = new InFlight(limits.max_in_flight);
  const health = {
    checks: [
      { name: 'audit_log', check: options.isReady },
      { name: 'taking_requests', check: async () => !inFlight.isClosed },
    ],
    timeoutMs: HEALTH_MS,
  };
  const dependencies = {
    clock,
    random,
    observer,
    inFlight,
    health,
    bodyLimits: { maxBytes: limits.body_bytes, maxDepth: limits.body_depth, timeoutMs: limits.request_ms },
  };
  let house = await House.open(options.served, dependencies);
  const callers = createHttpServer((request, response) => house.handle(request, response), {
    limits,
    onMalformed: options.countMalformed,
  });
  const operations = createHttpServer(
    operationsApp({
      random,
      observer,
      health,
      metrics: { contentType: options.metrics.contentType, read: () => options.metrics.text() },
    }),
    {
      limits,
      onMalformed: async () => undefined,
    },
  );
  const operationsUrl = await listen(operations, config.operations, 'server.operations.port');
  const url = await listen(callers, config, 'server.port or PORT').catch((error: unknown) => {
    operations.close();
    throw error;
  });
  return {
    url,
    operationsUrl,
    replace: async (served) => {
      const next = await House.open(served, dependencies);
      const before = house;
      house = next;
      return { left: before.leave(limits.drain_ms) };
    },
    drain: () =>
      stopAll({ callers, operations, inFlight, deadlineMs: limits.drain_ms, endHouse: () => house.leave(0) }),
  };
}

interface Stopping {
  readonly callers: Server;
  readonly operations: Server;
  readonly inFlight: InFlight;
  readonly deadlineMs: number;
  readonly endHouse: () => Promise<void>;
}

async function stopAll({ callers, operations, inFlight, deadlineMs, endHouse }: Stopping): Promise<void> {
  await drain({ server: callers, inFlight, deadlineMs });
  await endHouse();
  await new Promise<void>((resolve) => {
    operations.close(() => resolve());
    operations.closeAllConnections();
  });
}
