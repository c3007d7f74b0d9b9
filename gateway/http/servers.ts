import type { Server } from 'node:http';
import type { Metrics } from '../../monitoring/metrics.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { ServerConfig } from '../config/parts/server.js';
import { Connections } from './connections/connections.js';
import { drain } from './drain.js';
import { GenerationServer, type ServedGeneration } from './generation-server.js';
import { readiness, type Readiness, type ReadinessCheck } from './health.js';
import { InFlight } from './in-flight.js';
import { openOperations, type OperationsServer } from './operations-server.js';
import { createHttpServer, listen } from './server.js';

export interface ServersOptions {
  readonly config: ServerConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  readonly metrics: Metrics;
  /** The generation that is served first. */
  readonly served: ServedGeneration;
  /** What the gateway needs in order to answer, beside taking requests. */
  readonly readiness: readonly ReadinessCheck[];
  /** Counts a request that was too malformed to reach a stage. */
  readonly countMalformed: (refusal: { readonly code: string; readonly source: string }) => void;
}

export interface RunningServers {
  readonly url: string;
  readonly operationsUrl: string;
  /** What was last seen of everything that the gateway needs in order to answer. */
  readonly readiness: () => Readiness;
  /**
   * Serves another generation from the next request on. Each request is answered by one generation.
   * If the new one cannot be opened, rejects and goes on serving the old one.
   */
  replace(served: ServedGeneration): Promise<Replaced>;
  /** Says not ready, answers what still comes and closes both addresses, without a reset. */
  drain(): Promise<void>;
}

export interface Replaced {
  /** Resolves when the old generation has answered the requests that it took, or its time is over. */
  readonly left: Promise<void>;
}

/**
 * Opens both addresses, for callers and for operations. If one fails, rejects with `ListenFailure`
 * and leaves neither open.
 */
export async function startServers(options: ServersOptions): Promise<RunningServers> {
  const { config, clock, random, observer } = options;
  const { limits } = config;
  const inFlight = new InFlight();
  const connections = new Connections({
    limits,
    proxies: config.proxies,
    clock,
    observer,
    countRefused: options.countMalformed,
  });
  const checks = [
    ...options.readiness,
    { name: 'taking_requests', lastSeen: () => ({ ok: !connections.isLeaving, ageMs: 0 }) },
  ];
  const dependencies = {
    clock,
    random,
    observer,
    inFlight,
    connections,
    bodyLimits: {
      maxBytes: limits.body_bytes,
      maxDepth: limits.body_depth,
      timeoutMs: limits.request_ms,
      bytesPerSecond: limits.bytes_per_second,
    },
  };
  let current = await GenerationServer.open(options.served, dependencies);
  const callers = createHttpServer((request, response) => current.handle(request, response), {
    limits,
    connections,
    random,
  });
  const operations = await openOperations({
    config,
    clock,
    random,
    observer,
    checks,
    metrics: { contentType: options.metrics.contentType, read: () => options.metrics.text() },
  });
  const url = await listen(callers, config, 'server.port or PORT').catch(async (error: unknown) => {
    await operations.close();
    throw error;
  });
  return {
    url,
    operationsUrl: operations.url,
    readiness: () => readiness(checks),
    replace: async (served) => {
      const next = await GenerationServer.open(served, dependencies);
      const before = current;
      current = next;
      return { left: before.leave(limits.drain_ms) };
    },
    drain: () => stopAll({ callers, operations, connections, inFlight, limits, endGeneration: () => current.leave(0) }),
  };
}

interface Stopping {
  readonly callers: Server;
  readonly operations: OperationsServer;
  readonly connections: Connections;
  readonly inFlight: InFlight;
  readonly limits: ServerConfig['limits'];
  readonly endGeneration: () => Promise<void>;
}

async function stopAll({ callers, operations, connections, inFlight, limits, endGeneration }: Stopping): Promise<void> {
  const { leave_ms: leaveMs, drain_ms: deadlineMs } = limits;
  await drain({ server: callers, connections, inFlight, leaveMs, deadlineMs, isProbed: operations.isProbed() });
  await endGeneration();
  await operations.close();
}
