import { buildASTSchema, parse, type GraphQLSchema } from 'graphql';
import type { Adapter } from '../../adapters/port.js';
import { openAdapters } from '../../adapters/open-adapters.js';
import { createLog } from '../../monitoring/log.js';
import { createMetrics, type Metrics } from '../../monitoring/metrics.js';
import { createObserver } from '../../monitoring/observer.js';
import { PostgresLog } from '../../monitoring/audit/postgres-log.js';
import { RefusalWindow } from '../../monitoring/audit/refusal-window.js';
import { createConsentGuard } from '../../policies/consent/guard.js';
import { openPolicies } from '../../policies/open-policies.js';
import { composeCatalogue } from '../../schemas/catalogue/compose.js';
import type { Catalogue } from '../../schemas/catalogue/governance.js';
import { buildPublicSchema } from '../../schemas/catalogue/public-schema.js';
import { loadRegisters } from '../../schemas/catalogue/register-schema.js';
import { loadDocuments } from '../../schemas/operations/load-documents.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { HttpClient } from '../../schemas/ports/http-client.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Quality } from '../../schemas/ports/quality.js';
import type { Random } from '../../schemas/ports/random.js';
import { loadQuality } from '../../schemas/quality/load-quality.js';
import { approvedDocuments } from '../approvals/approved-documents.js';
import { createPostgresApprovals } from '../approvals/postgres-approvals.js';
import { createAuthenticator, type Authenticator } from '../auth/authenticator.js';
import { PostgresReplayStore } from '../auth/postgres-replay.js';
import { systemClock } from './clock.js';
import { createHttpClient } from './http-client.js';
import type { Config } from '../config/schema.js';
import { configuredPreparer, plannerProcesses } from './preparer.js';
import { createExecutor } from '../execution/executor.js';
import { startServers } from '../http/servers.js';
import { migrationFolders } from './migration-folders.js';
import { PIPELINE, type StageDependencies } from '../pipeline.js';
import { QUERIES_ONLY } from '../planning/document/validate.js';
import { footprintDependencies } from '../planning/footprint/footprint.js';
import type { Planner } from '../planning/plan.js';
import type { PlannerProcesses } from '../planning/planner/planner-processes.js';
import { coerceVariables } from '../planning/variables.js';
import { systemRandom } from './random.js';
import { Reloading, type Generation } from './generation.js';
import { openState, type State } from '../state/open.js';
import { createPipelineRun } from '../run-pipeline.js';

/** A running gateway. */
export interface Gateway {
  /** Origin at which callers are answered, as it really listens. */
  readonly url: string;
  /** Origin of health and metrics. */
  readonly operationsUrl: string;
  /** Reads everything anew and replaces what is served, or leaves it as it is and logs why. Absent where it takes a restart. */
  reload?(read: () => Promise<Config>): Promise<void>;
  /** Drains: takes no more, answers what is in flight, closes the log, ends the database that it started. */
  stop(): Promise<void>;
}

/** What tests set; the installation takes the system's. */
export interface GatewayOverrides {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: { write(line: string): void };
  readonly metrics?: Metrics;
}

/**
 * The composition root: the one place where anything is constructed. Starts a gateway by its
 * configuration, or rejects and leaves nothing running.
 */
export async function startGateway(config: Config, overrides: GatewayOverrides = {}): Promise<Gateway> {
  const { time_zone: timeZone, fact_date: factDate } = config.jurisdiction;
  const clock = overrides.clock ?? systemClock({ timeZone, factDate });
  const random = overrides.random ?? systemRandom;
  const metrics = overrides.metrics ?? createMetrics();
  const observer = createObserver(createLog(config.telemetry.log_level, overrides.log), metrics);
  const state = await openState({
    databaseUrl: config.database.url,
    directory: config.database.directory,
    migrations: migrationFolders(),
    clock,
    onSupervised: (event) =>
      observer.log(event === 'failed' ? 'error' : 'warn', 'embedded_database', { outcome: event }),
  });
  return closingOnFailure([() => state.close()], async (closing, close) => {
    const audit = await openAudit({ config, clock, random, observer, state });
    closing.push(() => audit.close());
    const planners = plannerProcesses(observer);
    closing.push(() => planners.close());
    const window = new RefusalWindow({ audit, clock, random, maxSources: MAX_SOURCES, windowMs: WINDOW_MS });
    const lasting = { clock, random, http: createHttpClient(), observer, state, audit, planners, window };
    const first = await openGeneration(config, lasting);
    const servers = await startServers({
      config: config.server,
      clock,
      random,
      observer,
      metrics,
      served: first.served,
      isReady: () => audit.probe(),
      countMalformed: (refusal) => window.count(refusal),
    }).catch(async (error: unknown) => {
      await first.close();
      throw error;
    });
    const reloading = new Reloading({
      config,
      first,
      servers,
      open: (next) => openGeneration(next, lasting),
      observer,
    });
    closing.push(() => reloading.close());
    return {
      url: servers.url,
      operationsUrl: servers.operationsUrl,
      reload: (read) => reloading.reload(read),
      stop: () => servers.drain().finally(close),
    };
  });
}

type Closing = (() => Promise<void>)[];

/** Opens something in steps; what a step opened is closed when a later one fails, or by `close`, last first. */
async function closingOnFailure<T>(
  closing: Closing,
  open: (closing: Closing, close: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const close = async (): Promise<void> => {
    for (const step of closing.reverse()) await step();
  };
  try {
    return await open(closing, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** What stays as long as the gateway runs. */
interface Lasting {
  readonly clock: Clock;
  readonly random: Random;
  readonly http: HttpClient;
  readonly observer: Observer;
  readonly state: State;
  readonly audit: PostgresLog;
  readonly planners: PlannerProcesses;
  readonly window: RefusalWindow;
}

/** Everything that a configuration and its files bring, ready to be served. */
function openGeneration(config: Config, lasting: Lasting): Promise<Generation> {
  return closingOnFailure([], (closing, close) => assemble({ ...lasting, config, closing }, close));
}

interface Parts extends Lasting {
  readonly config: Config;
  /** What must be closed at the end, last first. */
  readonly closing: Closing;
}

async function assemble(parts: Parts, close: () => Promise<void>): Promise<Generation> {
  const { config, clock, random, http, observer, planners, closing } = parts;
  const registers = loadRegisters(config.supergraph.directory);
  const catalogue = composeCatalogue(registers);
  const publicSchema = buildPublicSchema(catalogue.publicSdl);
  const quality = loadQuality(config.supergraph.directory, clock);
  const adapters = openAdapters({
    directory: config.supergraph.directory,
    registers: registers.map(({ name }) => name),
    config: config.registers,
    http,
    clock,
    random,
    observer,
  });
  closing.push(() => adapters.close());
  const planner = await planners.planner(catalogue.supergraphSdl);
  const dependencies = stageDependencies({
    ...parts,
    catalogue,
    publicSchema,
    planner,
    quality,
    adapters: adapters.byRegister,
  });
  await refuseDemoKeys(dependencies.authenticator, observer);
  const approvals = createPostgresApprovals({ sql: parts.state.sql, clock });
  const documents = await approvedDocuments(dependencies.documents, approvals, {
    preparer: dependencies.preparer,
    dependencies: footprintDependencies(catalogue),
    observer,
  });
  const needs = { ...dependencies, documents };
  const runs = {
    graphql: createPipelineRun(PIPELINE, 'graphql', needs, { clock, observer }),
    handles: createPipelineRun(PIPELINE, 'handles', needs, { clock, observer }),
    consents: createPipelineRun(PIPELINE, 'consents', needs, { clock, observer }),
  };
  const served = {
    runs,
    schema: publicSchema,
    introspection: QUERIES_ONLY.introspection,
    supergraphSdl: catalogue.supergraphSdl,
    limits: config.limits,
  };
  return { served, catalogue: catalogue.hash, close };
}

/** Fetches the issuers' keys. One that cannot be reached may come back; demo keys outside a demo never may. */
async function refuseDemoKeys(authenticator: Authenticator, observer: Observer): Promise<void> {
  for (const unusable of await authenticator.warmUp()) {
    if (unusable.reason === 'issuer_demo_keys') throw unusable;
    observer.log('warn', 'issuer_keys_unavailable', { reason: unusable.reason });
  }
}

/** The log of this process; commands that write an entry open one of their own beside it. */
export function openAudit(
  { config, clock, random, observer, state }: Pick<Parts, 'config' | 'clock' | 'random' | 'observer' | 'state'>,
  ownHolder = config.database.url === undefined ? 'embedded' : random.uuid(),
): Promise<PostgresLog> {
  const { audit } = config;
  return PostgresLog.open({
    sql: state.sql,
    clock,
    observer,
    // One process at a time holds an embedded database, so its log is always the one that it had.
    lease: { holder: ownHolder, name: 'tereze', poolSize: audit.logs, leaseMs: audit.lease_ms },
    commitMs: audit.commit_ms,
    maxWaiting: audit.queue,
    maxBatch: audit.batch,
    guard: createConsentGuard(clock),
  });
}

interface Assembled extends Parts {
  readonly catalogue: Catalogue;
  readonly publicSchema: GraphQLSchema;
  readonly planner: Planner;
  readonly quality: Quality;
  readonly adapters: ReadonlyMap<string, Adapter>;
}

const WINDOW_MS = 1_000;
const MAX_SOURCES = 1_000;

function stageDependencies(assembled: Assembled): StageDependencies {
  const { config, clock, random, http, observer, state, audit, catalogue, publicSchema, quality } = assembled;
  const { limits } = config;
  const { close, ...policies } = openPolicies(config, {
    sql: state.sql,
    http,
    clock,
    random,
    observer,
    categories: catalogue.governance.categories,
    hasAgency: (id) => config.authentication.agencies.some((agency) => agency.id === id),
  });
  assembled.closing.push(close);
  const issuerConnections = http.open({});
  assembled.closing.push(async () => issuerConnections.close());

  return {
    ...policies,
    clock,
    random,
    observer,
    audit,
    policySet: policies.engine.digest,
    catalogue: catalogue.hash,
    authenticator: createAuthenticator({
      config,
      clock,
      issuerConnections,
      replay: new PostgresReplayStore({ sql: state.sql, clock, observer }),
      needsCase: policies.needsCase,
    }),
    documents: loadDocuments(config.documents.directory),
    preparer: configuredPreparer(config, assembled),
    coerce: (planned, variables) => coerceVariables(publicSchema, planned, variables),
    onDenied: config.authorization.on_denied,
    executor: createExecutor({
      publicSchema,
      supergraphSchema: buildASTSchema(parse(catalogue.supergraphSdl), { assumeValid: true, assumeValidSDL: true }),
      governance: catalogue.governance,
      adapters: assembled.adapters,
      quality,
      derivations: policies.derivations,
      clock,
      observer,
      registerTimeoutMs: (register) => config.registers[register]?.timeout_ms ?? limits.answer_ms,
    }),
    contractVersion: (register) => quality.contractVersion(register),
    countUnauthenticated: (refusal) => assembled.window.count(refusal),
  };
}
