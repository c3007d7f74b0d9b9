import { readFileSync } from 'node:fs';
import { buildASTSchema, buildSchema, parse } from 'graphql';
import { createServiceAdapters } from '../adapters/service-adapters.js';
import { createLog } from '../monitoring/log.js';
import { createMetrics } from '../monitoring/metrics.js';
import { createObserver } from '../monitoring/observer.js';
import { readSupergraph } from '../schemas/catalogue/supergraph-file.js';
import type { TrustedDocuments } from '../schemas/operations/load-documents.js';
import type { Quality } from '../schemas/ports/quality.js';
import type { Gateway, GatewayOverrides } from './app.js';
import { systemClock } from './clock.js';
import { limitsConfig } from './config/parts/limits.js';
import { serverConfig } from './config/parts/server.js';
import { createExecutor } from './execution/executor.js';
import { readGraphqlBody } from './http/graphql-body.js';
import { startServers } from './http/servers.js';
import { createUngovernedSurface } from './pipeline.js';
import { EVERYTHING_BUT_SUBSCRIPTIONS } from './planning/answered.js';
import { createPlanner } from './planning/planner.js';
import { createDocumentPreparer } from './planning/prepare.js';
import { coerceVariables } from './planning/variables.js';
import { systemRandom } from './random.js';
import { createExecuteQuestion } from './stages/execute/graphql.js';
import { createPlanQuestion } from './stages/plan/graphql.js';
import { UNGOVERNED_STAGES } from './stages/ungoverned.js';
import { Walk } from './walk.js';

export interface UngovernedOptions {
  /** File with a Federation 2 supergraph whose services are GraphQL over HTTP. */
  readonly supergraph: string;
  /** Port on loopback; 0: any free one. */
  readonly port: number;
}

const LOOPBACK = '127.0.0.1';
const DOCUMENT_LIMITS = { tokens: 5_000, depth: 30, aliases: 500, root_fields: 100, fields: 5_000, fragments: 200 };
const MAX_IN_FLIGHT = 1_024;
const MAX_PLANNING = 2;
const PLAN_DEADLINE_MS = 2_000;
const CALL_MS = 5_000;
const MAX_RESPONSE_BYTES = 20_000_000;
const BREAKER = { volume: 100, failurePercent: 90, windowMs: 10_000, retryAfterMs: 1_000 };

const NO_DOCUMENTS: TrustedDocuments = { all: [], find: () => undefined };
const NO_QUALITY: Quality = { prepare: () => undefined, contractVersion: () => '' };

/**
 * Wires a gateway over any supergraph, with the pipeline's own plan and execute stages, and identity,
 * policy, consent, audit and quality switched off: for conformance and measurement. Listens on
 * loopback only. Rejects with `SupergraphInvalid` and leaves nothing running.
 */
export async function startUngoverned({ supergraph, port }: UngovernedOptions, overrides: GatewayOverrides = {}): Promise<Gateway> {
  const clock = overrides.clock ?? systemClock({ timeZone: 'UTC', factDate: undefined });
  const random = overrides.random ?? systemRandom;
  const metrics = createMetrics();
  const observer = createObserver(createLog('warn', overrides.log), metrics);
  const { catalogue, services } = readSupergraph(readFileSync(supergraph, 'utf8'), supergraph);
  const server = serverConfig.parse({ host: LOOPBACK, port, public_url: `http://${LOOPBACK}`, operations: { host: LOOPBACK, port: 0 }, limits: { max_in_flight: MAX_IN_FLIGHT, body_bytes: 1_000_000 } });
  const limits = limitsConfig.parse({ document: DOCUMENT_LIMITS });
  const publicSchema = buildSchema(catalogue.publicSdl, { assumeValidSDL: true });
  const resilience = { timeoutMs: CALL_MS, maxInFlight: MAX_IN_FLIGHT, maxWaiting: MAX_IN_FLIGHT, breaker: BREAKER };
  const adapters = createServiceAdapters({ services, resilience, maxResponseBytes: MAX_RESPONSE_BYTES, clock, observer });
  const planned = createPlanQuestion({
    documents: NO_DOCUMENTS,
    preparer: createDocumentPreparer({
      catalogue,
      publicSchema,
      planner: createPlanner(catalogue.supergraphSdl, { deadlineMs: PLAN_DEADLINE_MS }),
      limits: { maxBytes: server.limits.body_bytes, maxTokens: DOCUMENT_LIMITS.tokens, maxDepth: DOCUMENT_LIMITS.depth, maxAliases: DOCUMENT_LIMITS.aliases, maxRootFields: DOCUMENT_LIMITS.root_fields, maxFields: DOCUMENT_LIMITS.fields, maxFragments: DOCUMENT_LIMITS.fragments },
      maxDocuments: limits.remembered_plans,
      maxPlanning: MAX_PLANNING,
      answered: EVERYTHING_BUT_SUBSCRIPTIONS,
    }),
    readBody: readGraphqlBody,
    coerce: (document, variables) => coerceVariables(publicSchema, document, variables),
  });
  const executor = createExecutor({
    publicSchema,
    supergraphSchema: buildASTSchema(parse(catalogue.supergraphSdl), { assumeValid: true, assumeValidSDL: true }),
    governance: catalogue.governance,
    adapters,
    quality: NO_QUALITY,
    derivations: new Map(),
    clock,
    observer,
    registerTimeoutMs: () => CALL_MS,
  });
  const surface = createUngovernedSurface({ ...UNGOVERNED_STAGES, plan: planned, execute: createExecuteQuestion({ executor }) });
  const running = await startServers({
    config: { server, limits },
    clock,
    random,
    observer,
    metrics,
    walks: { graphql: new Walk(surface, { clock, observer }) },
    schema: publicSchema,
    introspection: EVERYTHING_BUT_SUBSCRIPTIONS.introspection,
    supergraphSdl: catalogue.supergraphSdl,
    isReady: async () => true,
    countMalformed: async () => undefined,
  });
  return {
    url: running.url,
    operationsUrl: running.operationsUrl,
    stop: async () => {
      await running.drain();
      await Promise.all([...adapters.values()].map((adapter) => adapter.close()));
    },
  };
}
