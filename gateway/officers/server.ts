import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import { Slots } from '../admission/slots.js';
import type { ServerConfig } from '../config/parts/server.js';
import { Connections } from '../http/connections/connections.js';
import { drain } from '../http/drain.js';
import { InFlight } from '../http/in-flight.js';
import { createHttpServer, listen } from '../http/server.js';
import { createAnswering, type AnsweringDependencies, type OfficersApi } from './answering.js';

export interface OfficersServerOptions extends Pick<AnsweringDependencies, 'countRefused'> {
  readonly config: Pick<ServerConfig, 'limits' | 'proxies'>;
  /** The officers' address. */
  readonly address: NonNullable<ServerConfig['audit']>;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  /** What is served first. */
  readonly api: OfficersApi;
}

/** The officers' address, while it is open. */
export interface OfficersServer {
  /** Origin, as it really listens. */
  readonly url: string;
  /** Serves another reading of the configuration from the next request on. */
  replace(api: OfficersApi): void;
  /** Answers what is in flight and closes the address. */
  drain(): Promise<void>;
}

/**
 * Opens the officers' address. Its connections, budgets and places are its own, so that officers take nothing of callers.
 * Rejects with `ListenFailure`.
 */
export async function openOfficersServer(options: OfficersServerOptions): Promise<OfficersServer> {
  const { config, address, clock, random, observer, countRefused } = options;
  const { limits, proxies } = config;
  const connections = new Connections({ limits, proxies, clock, observer, countRefused });
  const inFlight = new InFlight();
  const dependencies = {
    connections,
    inFlight,
    slots: new Slots(address.connections),
    bodyLimits: {
      maxBytes: limits.body_bytes,
      maxDepth: limits.body_depth,
      timeoutMs: limits.request_ms,
      bytesPerSecond: limits.bytes_per_second,
    },
    random,
    observer,
    countRefused,
  };
  let answer = createAnswering(options.api, dependencies);
  const server = createHttpServer((request, response) => answer(request, response), { limits, connections, random });
  return {
    url: await listen(server, address, 'server.audit.port'),
    replace: (api) => {
      answer = createAnswering(api, dependencies);
    },
    drain: async () => {
      await drain({ server, connections, inFlight, leaveMs: 0, deadlineMs: limits.drain_ms, isProbed: false });
    },
  };
}
