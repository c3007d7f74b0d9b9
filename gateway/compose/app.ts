import { createLog } from '../../monitoring/log.js';
import { createMetrics, type Metrics } from '../../monitoring/metrics.js';
import { Sinks } from '../../monitoring/sinks/open-sinks.js';
import { createObserver } from '../../monitoring/observer.js';
import { openAnchoring } from '../../monitoring/anchors/open-anchoring.js';
import { PartitionWatch } from '../../monitoring/audit/partitions/partition-watch.js';
import { openSealing } from '../../monitoring/identity/open-sealing.js';
import { Rederivation } from '../../monitoring/audit/rederive/rederivation.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import { createContractReader, type ContractReader } from '../../schemas/quality/contracts/read-contracts.js';
import { CallerRates } from '../admission/rates.js';
import { Slots } from '../admission/slots.js';
import { Turns } from '../turns.js';
import { PostgresReplayStore } from '../auth/postgres-replay.js';
import { SeenProofs } from '../auth/seen-proofs.js';
import type { Config } from '../config/schema.js';
import type { Readiness } from '../http/health.js';
import { startServers } from '../http/servers.js';
import { ApprovalExpiry } from '../officers/approvals/expiry.js';
import { openOfficersServer, type OfficersServer, type OfficersServerOptions } from '../officers/server.js';
import { createRestrictionCounter } from '../state/restrictions.js';
import { createPagesState } from '../web/open-pages.js';
import { openAnchoredState } from './anchored-state.js';
import { systemClock } from './clock.js';
import { closingOnFailure } from './closing.js';
import { Reloading, type Generation } from './generation.js';
import { createHttpClient } from './http-client.js';
import { load } from './load.js';
import { openGeneration } from './open-generation.js';
import { serveLog } from './served-log.js';
import { plannerProcesses } from './preparer.js';
import { systemRandom } from './random.js';
import { startDetection } from './start-detection.js';
import type { AuditUse } from './standing-audit.js';

const HOUR_MS = 3_600_000;

/** A running gateway. */
export interface Gateway {
  /** Origin at which callers are answered, as it really listens. */
  readonly url: string;
  /** Origin of health and metrics. */
  readonly operationsUrl: string;
  /** Origin at which the audit log is served; undefined if it is not. */
  readonly logUrl?: string | undefined;
  /** Origin at which officers are answered; undefined if they are not. */
  readonly auditUrl?: string | undefined;
  /** What was last seen of everything that the gateway needs in order to answer. */
  readiness(): Readiness;
  /**
   * Reloads configuration and files. If any of them is invalid, keeps serving the old ones and logs
   * the reason. Undefined where a change needs a restart.
   */
  reload?(read: () => Promise<Config>): Promise<void>;
  /** Drains: takes no more requests, answers those in flight, closes the log, ends the database that it started. */
  stop(): Promise<void>;
}

/** What tests set; an installation uses the system's. */
export interface GatewayOverrides {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: { write(line: string): void };
  readonly metrics?: Metrics;
  /** Without it, the gateway makes one of its own and keeps it over reloads. */
  readonly contracts?: ContractReader | undefined;
}

/**
 * Starts a gateway: loads the files of its configuration, then opens state, audit log, generation and
 * addresses, in this order. Rejects, and leaves nothing running, if any of these cannot be used.
 */
export async function startGateway(config: Config, overrides: GatewayOverrides = {}): Promise<Gateway> {
  const { time_zone: timeZone, fact_date: factDate } = config.jurisdiction;
  const clock = overrides.clock ?? systemClock({ timeZone, factDate });
  const random = overrides.random ?? systemRandom;
  const metrics = overrides.metrics ?? createMetrics();
  const observer = createObserver(createLog(config.telemetry.log_level, overrides.log), metrics);
  return closingOnFailure(async (opened) => {
    const planners = plannerProcesses(observer);
    opened.add(() => planners.close());
    const http = createHttpClient();
    const contracts = overrides.contracts ?? createContractReader();
    const loading = { clock, random, http, observer, planners, contracts };
    const loaded = await load(config, loading);
    opened.add(() => loaded.close());
    const state = await openAnchoredState(config, loaded.policies.secret, loading, opened);
    const { audit } = state;
    const replay = new PostgresReplayStore({ sql: state.sqlOfAnyStanding, clock, random, observer });
    opened.add(() => replay.close());
    await replay.watch();
    const rederivation = new Rederivation({
      sql: state.sql,
      clock,
      observer,
      holder: random.uuid(),
      everyMs: config.audit.compare_every_h * HOUR_MS,
    });
    opened.add(() => rederivation.close());
    rederivation.start();
    const partitions = new PartitionWatch({ sql: state.sql, clock, observer });
    opened.add(() => partitions.close());
    partitions.start();
    const { sql, officerSql, fence, isStateCurrent } = state;
    const anchoring = await openAnchoring(config.audit, { ...loading, sql, isStateCurrent });
    opened.add(anchoring.close);
    const { sinks, origin } = config.audit;
    const feeding = { sql: state.sql, log: audit.log, clock, random, observer, http, holder: random.uuid() };
    const sending = new Sinks({ ...feeding, sinks, origin });
    opened.add(() => sending.close());
    sending.start();
    startDetection(config, loaded.detection, state, loading, opened);
    const slots = new Slots(config.server.limits.max_in_flight);
    const rates = new CallerRates(clock);
    const restrictions = createRestrictionCounter(clock);
    const identities = openSealing(config.audit, { sql: state.sqlOfAnyStanding, clock, random, isStateCurrent });
    const lasting = {
      clock,
      random,
      http,
      observer,
      sql,
      officerSql,
      audit,
      identities,
      replay,
      seenProofs: new SeenProofs(),
      slots,
      turns: new Turns(),
      rates,
      restrictions,
      pages: createPagesState({ clock, random }),
      fence,
      isStateCurrent,
      isAnchorOverdue: anchoring.isOverdue,
    };
    const log = await serveLog(config, { sql, clock, random, observer, isStateCurrent }, opened);
    const first = await openGeneration(config, loaded, lasting);
    log?.replace(first.logReaders);
    if (config.server.audit !== undefined) {
      const expiry = new ApprovalExpiry({ sql: officerSql, log: audit.log, clock, observer });
      opened.add(() => expiry.close());
      expiry.start();
    }
    const countRefused: AuditUse['countRefusal'] = (refusal) => audit.countRefusal(refusal);
    const officers = await openOfficersAddress(config, first, { clock, random, observer, countRefused }).catch(
      async (error: unknown) => {
        await first.close();
        throw error;
      },
    );
    const servers = await startServers({
      config: config.server,
      clock,
      random,
      observer,
      metrics,
      served: first.served,
      readiness: [
        { name: 'audit_log', lastSeen: () => audit.log.lastSeen() },
        { name: 'replay_store', lastSeen: () => replay.lastSeen() },
        ...state.readiness,
      ],
      countMalformed: countRefused,
    }).catch(async (error: unknown) => {
      await officers?.drain();
      await first.close();
      throw error;
    });
    void loaded.adapters.reportDrift();
    const reloading = new Reloading({
      config,
      first,
      servers,
      open: async (next) => {
        const reloaded = await load(next, loading);
        void reloaded.adapters.reportDrift();
        return openGeneration(next, reloaded, lasting);
      },
      onServed: (next) => {
        if (next.officers !== undefined) officers?.replace(next.officers);
        log?.replace(next.logReaders);
      },
      observer,
    });
    opened.add(() => reloading.close());
    state.onCurrent(() => void reloading.untilOverCurrent());
    if (!first.isOverCurrent && isStateCurrent()) void reloading.untilOverCurrent();
    return {
      url: servers.url,
      operationsUrl: servers.operationsUrl,
      logUrl: log?.url,
      auditUrl: officers?.url,
      readiness: servers.readiness,
      reload: (read) => reloading.reload(read),
      stop: () =>
        Promise.all([servers.drain(), officers?.drain()])
          .then(() => undefined)
          .finally(opened.close),
    };
  });
}

/** Opens the officers' address if the configuration has one. */
async function openOfficersAddress(
  { server }: Config,
  { officers: api }: Generation,
  ports: Omit<OfficersServerOptions, 'config' | 'address' | 'api'>,
): Promise<OfficersServer | undefined> {
  if (server.audit === undefined || api === undefined) return undefined;
  return openOfficersServer({ ...ports, config: server, address: server.audit, api });
}
