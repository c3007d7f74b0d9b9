import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../schemas/ports/clock.js';
import type { ServerConfig } from '../config/parts/server.js';
import { Connections } from './connections/connections.js';
import { operationsApp, type OperationsDependencies } from './operations.js';
import { createHttpServer, listen } from './server.js';

export interface OperationsServerOptions extends OperationsDependencies {
  readonly config: ServerConfig;
  readonly clock: Clock;
}

/** The second address, while it is open. */
export interface OperationsServer {
  readonly url: string;
  /** Whether something has asked for readiness within the last minute. */
  isProbed(): boolean;
  /** Ends its connections and closes it. */
  close(): Promise<void>;
}

const UNPACED = 1_000_000;
const PROBED_WITHIN_MS = 60_000;
const READINESS = /^\/health\/ready(?:\?|$)/;
/** Answers that are on their way get this long when the address closes. */
const LAST_BYTES_MS = 100;

/** Opens the operations address. Rejects with `ListenFailure`. */
export async function openOperations(options: OperationsServerOptions): Promise<OperationsServer> {
  const { config, clock, observer, random } = options;
  const { limits } = config;
  const app = operationsApp(options);
  let probedAt = -Infinity;
  const connections = new Connections({
    // Only operators reach this address. Their probes wait for nothing.
    limits: { ...limits, unauthenticated_requests_per_second: UNPACED },
    proxies: [],
    clock,
    observer,
    // Who reaches this address is an operator: nothing is asked about anyone, so nothing is recorded.
    countRefused: () => undefined,
  });
  const server = createHttpServer(
    (request, response) => {
      if (READINESS.test(request.url ?? '')) probedAt = clock.monotonic();
      app(request, response);
    },
    { limits, connections, random },
  );
  return {
    url: await listen(server, config.operations, 'server.operations.port'),
    isProbed: () => clock.monotonic() - probedAt <= PROBED_WITHIN_MS,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.leave();
      if (connections.size > 0) await sleep(LAST_BYTES_MS);
      connections.destroy();
      await closed;
    },
  };
}
