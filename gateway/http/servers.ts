import type { Server } from 'node:http';
import { expressMiddleware } from '@as-integrations/express5';
import type { GraphQLSchema } from 'graphql';
import type { Metrics } from '../../monitoring/metrics.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Config } from '../config/schema.js';
import type { Hosted } from './apollo/hosted.js';
import { createApolloServer } from './apollo/server.js';
import { drain } from './drain.js';
import { createHttpServer } from './http-server.js';
import { InFlight } from './in-flight.js';
import { listen } from './listen.js';
import { operationsApp } from './operations.js';
import { createRoutes, type Walks } from './routes.js';

export interface ServersOptions {
  readonly config: Pick<Config, 'server' | 'limits'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  readonly metrics: Metrics;
  readonly walks: Walks;
  readonly schema: GraphQLSchema;
  /** Whether callers may ask about the schema. */
  readonly introspection: boolean;
  readonly supergraphSdl: string;
  /** Whether the next entry could be written to the audit log. */
  readonly isReady: () => Promise<boolean>;
  /** Counts a request that was too malformed to reach any stage; resolves when its entry is committed. */
  readonly countMalformed: (refusal: { readonly code: string; readonly source: string }) => Promise<void>;
}

export interface RunningServers {
  readonly url: string;
  readonly operationsUrl: string;
  /** Takes no more, answers what is in flight, closes both addresses. */
  drain(): Promise<void>;
}

const HEALTH_MS = 2_000;

/** Starts both addresses: callers', and operations'. Rejects with `ListenFailure` and leaves neither open. */
export async function startServers(options: ServersOptions): Promise<RunningServers> {
  const { config, clock, random, observer, walks, schema, supergraphSdl } = options;
  const { limits } = config.server;
  const inFlight = new InFlight(limits.max_in_flight);
  const health = { checks: [{ name: 'audit_log', check: options.isReady }, { name: 'taking_requests', check: async () => !inFlight.isClosed }], timeoutMs: HEALTH_MS };
  const apollo = createApolloServer({ schema, supergraphSdl, walk: walks.graphql, observer, introspection: options.introspection, maxTokens: config.limits.document.tokens + 1 });
  await apollo.start();
  const routes = createRoutes({
    clock,
    random,
    observer,
    walks,
    inFlight,
    health,
    answerMs: config.limits.answer_ms,
    bodyLimits: { maxBytes: limits.body_bytes, maxDepth: limits.body_depth, timeoutMs: limits.request_ms },
    apollo: expressMiddleware(apollo, { context: async ({ res }) => ({ hosted: res.locals['hosted'] as Hosted }) }),
  });
  const callers = createHttpServer(routes, { limits, onMalformed: options.countMalformed });
  const operations = createHttpServer(operationsApp({ random, observer, health, metrics: { contentType: options.metrics.contentType, read: () => options.metrics.text() } }), {
    limits,
    onMalformed: async () => undefined,
  });
  const operationsUrl = await listen(operations, config.server.operations, 'server.operations.port');
  const url = await listen(callers, config.server, 'server.port or PORT').catch((error: unknown) => {
    operations.close();
    throw error;
  });
  return { url, operationsUrl, drain: () => stopAll({ callers, operations, inFlight, deadlineMs: limits.drain_ms, endApollo: () => apollo.stop() }) };
}

interface Stopping {
  readonly callers: Server;
  readonly operations: Server;
  readonly inFlight: InFlight;
  readonly deadlineMs: number;
  readonly endApollo: () => Promise<void>;
}

async function stopAll({ callers, operations, inFlight, deadlineMs, endApollo }: Stopping): Promise<void> {
  await drain({ server: callers, inFlight, deadlineMs });
  await endApollo();
  await new Promise<void>((resolve) => {
    operations.close(() => resolve());
    operations.closeAllConnections();
  });
}
