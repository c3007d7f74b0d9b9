import { readFileSync } from 'node:fs';
import type { GraphQLSchema } from 'graphql';
import { openAdapters, type Adapters } from '../../adapters/open-adapters.js';
import { createLog } from '../../monitoring/log.js';
import { createMetrics, type Metrics } from '../../monitoring/metrics.js';
import { createObserver } from '../../monitoring/observer.js';
import { composeUngoverned } from '../../schemas/catalogue/compose.js';
import type { Catalogue } from '../../schemas/catalogue/governance.js';
import { buildPublicSchema } from '../../schemas/catalogue/public-schema.js';
import { unboundedLists } from '../../schemas/catalogue/unbounded-lists.js';
import { loadRegisters } from '../../schemas/catalogue/register-schema.js';
import { readSupergraph } from '../../schemas/catalogue/supergraph-file.js';
import { loadDocuments, type TrustedDocuments } from '../../schemas/operations/load-documents.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Quality } from '../../schemas/ports/quality.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Gateway, GatewayOverrides } from './app.js';
import { systemClock } from './clock.js';
import { closingOnFailure } from './closing.js';
import { createHttpClient } from './http-client.js';
import { logIgnoredFeatures } from './ignored-features.js';
import { configuredPreparer, plannerProcesses } from './preparer.js';
import type { UngovernedConfig } from '../config/forms/ungoverned.js';
import { limitsConfig } from '../config/parts/limits.js';
import { serverConfig } from '../config/parts/server.js';
import { NO_ADMISSION } from '../admission/admission.js';
import { Slots } from '../admission/slots.js';
import { openExecution } from '../execution/open-execution.js';
import type { Executor } from '../execution/port.js';
import { startServers, type RunningServers } from '../http/servers.js';
import { PIPELINE } from '../pipeline.js';
import { EVERYTHING_BUT_SUBSCRIPTIONS } from '../planning/document/validate.js';
import type { PlannedDocument, Planner } from '../planning/plan.js';
import { planDocuments } from '../planning/plan-documents.js';
import { coerceVariables } from '../planning/variables.js';
import { systemRandom } from './random.js';
import { createPipelineRun } from '../run-pipeline.js';
import { Turns } from '../turns.js';

export interface UngovernedOptions {
  /** File with a Federation 2 supergraph whose services are GraphQL over HTTP. */
  readonly supergraph: string;
  /** Port on loopback; 0: any free one. */
  readonly port: number;
}

const LOOPBACK = '127.0.0.1';
const DOCUMENT_LIMITS = { tokens: 5_000, depth: 30, aliases: 500, root_fields: 100, fields: 5_000, fragments: 200 };
const MAX_IN_FLIGHT = 1_024;
const CALL_MS = 5_000;
const MAX_RESPONSE_BYTES = 20_000_000;
const BREAKER = { volume: 100, failure_percent: 90, window_ms: 10_000, retry_after_ms: 1_000 };

const NO_DOCUMENTS: TrustedDocuments = { all: [], find: () => undefined };
const NO_QUALITY: Quality = { prepare: () => undefined, contractVersion: () => '' };

/**
 * Wires a gateway over any supergraph, with the pipeline's own plan and execute stages, and identity,
 * policy, consent, audit and quality switched off: for conformance and measurement. Listens on
 * loopback only. Rejects with `SupergraphInvalid` or `SeveralProblems` and leaves nothing running.
 */
export async function startUngoverned(
  { supergraph, port }: UngovernedOptions,
  overrides: GatewayOverrides = {},
): Promise<Gateway> {
  const surroundings = surroundingsOf({ timeZone: 'UTC', factDate: undefined, logLevel: 'warn' }, overrides);
  const { catalogue, services } = readSupergraph(readFileSync(supergraph, 'utf8'), supergraph);
  return serve({
    ...surroundings,
    catalogue,
    adapters: openAdapters({
      directory: undefined,
      registers: services.map(({ name }) => name),
      config: Object.fromEntries(services.map(({ name, url }) => [name, serviceAt(url)])),
      maxResponseBytes: MAX_RESPONSE_BYTES,
      http: createHttpClient(),
      ...surroundings,
    }),
    server: serverConfig.parse({
      host: LOOPBACK,
      port,
      public_url: `http://${LOOPBACK}`,
      operations: { host: LOOPBACK, port: 0 },
      limits: { max_in_flight: MAX_IN_FLIGHT, body_bytes: 1_000_000, leave_ms: 0 },
    }),
    limits: limitsConfig.parse({ document: DOCUMENT_LIMITS }),
    documents: NO_DOCUMENTS,
    registerTimeoutMs: () => CALL_MS,
  });
}

/** Settings of a GraphQL service that a supergraph names. */
function serviceAt(url: string): UngovernedConfig['registers'][string] {
  return { protocol: 'graphql', url, timeout_ms: CALL_MS, max_in_flight: MAX_IN_FLIGHT, breaker: BREAKER };
}

/** The same over the registers of a configuration of the strict form. Rejects for what `startGateway` would, as far as nothing is governed. */
export async function startUngovernedConfig(
  config: UngovernedConfig,
  overrides: GatewayOverrides = {},
): Promise<Gateway> {
  const { jurisdiction, registers, limits, server } = config;
  const surroundings = surroundingsOf(
    { timeZone: jurisdiction.time_zone, factDate: jurisdiction.fact_date, logLevel: config.telemetry.log_level },
    overrides,
  );
  const { directory } = config.supergraph;
  const schemas = loadRegisters(directory);
  return serve({
    ...surroundings,
    catalogue: composeUngoverned(schemas),
    adapters: openAdapters({
      directory,
      registers: schemas.map(({ name }) => name),
      schemas,
      config: registers,
      maxResponseBytes: MAX_RESPONSE_BYTES,
      http: createHttpClient(),
      ...surroundings,
    }),
    server,
    limits,
    documents: config.documents === undefined ? NO_DOCUMENTS : loadDocuments(config.documents.directory),
    registerTimeoutMs: (register) => registers[register]?.timeout_ms ?? limits.answer_ms,
  });
}

interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: Metrics;
  readonly observer: Observer;
}

function surroundingsOf(
  {
    timeZone,
    factDate,
    logLevel,
  }: Parameters<typeof systemClock>[0] & { readonly logLevel: Parameters<typeof createLog>[0] },
  overrides: GatewayOverrides,
): Surroundings {
  const metrics = overrides.metrics ?? createMetrics();
  return {
    clock: overrides.clock ?? systemClock({ timeZone, factDate }),
    random: overrides.random ?? systemRandom,
    metrics,
    observer: createObserver(createLog(logLevel, overrides.log), metrics),
  };
}

interface UngovernedParts extends Surroundings {
  readonly catalogue: Catalogue;
  readonly adapters: Adapters;
  readonly server: ReturnType<typeof serverConfig.parse>;
  readonly limits: ReturnType<typeof limitsConfig.parse>;
  readonly documents: TrustedDocuments;
  readonly registerTimeoutMs: (register: string) => number;
}

async function serve(parts: UngovernedParts): Promise<Gateway> {
  return closingOnFailure(async (opened) => {
    opened.add(() => parts.adapters.close());
    const planners = plannerProcesses(parts.observer);
    opened.add(() => planners.close());
    const running = await assemble(parts, await planners.planner(parts.catalogue.supergraphSdl));
    const { url, operationsUrl, readiness } = running;
    return { url, operationsUrl, readiness, stop: () => running.drain().finally(opened.close) };
  });
}

async function assemble(parts: UngovernedParts, planner: Planner): Promise<RunningServers> {
  const { catalogue, server, limits, documents, clock, random, observer, metrics } = parts;
  const publicSchema = buildPublicSchema(catalogue.publicSdl);
  logIgnoredFeatures(catalogue, observer);
  const lists = unboundedLists(publicSchema).length;
  if (lists > 0) observer.log('warn', 'schema.lists_without_bound', { lists });
  const preparer = configuredPreparer(parts, {
    catalogue,
    publicSchema,
    planner,
    allowedOperations: EVERYTHING_BUT_SUBSCRIPTIONS,
  });
  await planDocuments(documents.all, preparer);
  const needs = {
    admission: NO_ADMISSION,
    slots: new Slots(server.limits.max_in_flight),
    documents,
    preparer,
    viewOf: undefined,
    coerce: (document: PlannedDocument, variables: Readonly<Record<string, unknown>>) =>
      coerceVariables(publicSchema, document, variables),
    executor: executorOf(parts, publicSchema),
  };
  return startServers({
    config: server,
    clock,
    random,
    observer,
    metrics,
    served: {
      runs: { graphql: createPipelineRun(PIPELINE, 'ungoverned', needs, { turns: new Turns(), clock, observer }) },
      schema: publicSchema,
      introspection: EVERYTHING_BUT_SUBSCRIPTIONS.introspection,
      needsToken: false,
      supergraphSdl: catalogue.supergraphSdl,
      limits,
    },
    readiness: [],
    countMalformed: () => undefined,
  });
}

function executorOf(
  { catalogue, adapters, clock, observer, registerTimeoutMs }: UngovernedParts,
  publicSchema: GraphQLSchema,
): Executor {
  return openExecution({
    catalogue,
    publicSchema,
    adapters: adapters.byRegister,
    quality: NO_QUALITY,
    derivations: new Map(),
    clock,
    observer,
    registerTimeoutMs,
  });
}
