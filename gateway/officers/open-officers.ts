import type { AuditLog } from '../../monitoring/audit/port.js';
import { createAuditReader } from '../../monitoring/audit/reader.js';
import { AuditSearch } from '../../monitoring/audit/search/search.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { HttpConnections } from '../../schemas/ports/http-client.js';
import type { IndexTokens } from '../../schemas/ports/pseudonyms.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { casePatterns } from '../auth/case-patterns.js';
import type { ReplayStore } from '../auth/replay.js';
import type { SeenProofs } from '../auth/seen-proofs.js';
import { createTokenProver } from '../auth/token-prover.js';
import type { Config } from '../config/schema.js';
import { readLaws } from '../exports/laws.js';
import type { OfficersApi } from './answering.js';
import { createOfficerApprovals } from './approvals/approvals.js';
import { createExporting } from './exporting.js';
import { createOfficers, type Officers } from './officer.js';
import { createPersonBudget } from './person-budget.js';
import { resourceMetadata } from './resource-metadata.js';
import { approvalRoutes } from './routes/approvals.js';
import { entryRoutes } from './routes/entries.js';
import { exportRoutes } from './routes/exports.js';
import { searchRoutes } from './routes/searches.js';
import { statusRoutes } from './routes/status.js';
import type { OfficerRoute } from './routes/route.js';
import { createSearching } from './searching.js';
import { createOfficerSignIn } from './sign-in.js';

export interface OfficersPorts {
  /** Connections for officers only. */
  readonly sql: Sql;
  readonly log: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly replay: ReplayStore;
  readonly seenProofs: SeenProofs;
  readonly issuerConnections: HttpConnections;
  readonly tokens: Pick<IndexTokens, 'indexTokens'>;
}

/** The interface of officers, and who they are. */
export interface OpenedOfficers extends OfficersApi {
  readonly officers: Officers;
}

/** Opens what one reading of the configuration serves to officers; undefined if it has no address or audience for them. */
export function openOfficers(
  config: Pick<
    Config,
    'environment' | 'authentication' | 'server' | 'officers' | 'audit' | 'jurisdiction' | 'policies'
  >,
  ports: OfficersPorts,
): OpenedOfficers | undefined {
  const { server, officers: settings } = config;
  if (server.audit === undefined || settings.audience === undefined) return undefined;
  const { clock, issuerConnections, replay, seenProofs: seen } = ports;
  const prover = createTokenProver({
    config,
    audience: settings.audience,
    personClaim: settings.number_claim,
    publicUrl: server.audit.public_url,
    seen,
    clock,
    issuerConnections,
  });
  const officers = createOfficers(settings);
  return {
    signIn: createOfficerSignIn({ prover, officers, replay, needsNumber: settings.number_claim !== undefined }),
    officers,
    routes: officerRoutes(config, officers, ports),
    metadata: resourceMetadata(settings.audience, config),
  };
}

/** Every address of the officers' interface. */
function officerRoutes(
  {
    audit,
    officers: { person_searches_per_day: perDay },
    jurisdiction,
    authentication,
    policies,
  }: Pick<Config, 'audit' | 'officers' | 'jurisdiction' | 'authentication' | 'policies'>,
  officers: Officers,
  { sql, log, clock, random, tokens }: OfficersPorts,
): readonly OfficerRoute[] {
  const recording = { log, clock, random };
  const lawOf = readLaws({ policies });
  const checking = { tokens, patterns: casePatterns(authentication.agencies), origin: audit.origin };
  const approvals = createOfficerApprovals({ ...recording, sql, officers });
  const budget = createPersonBudget({ sql, clock, timeZone: jurisdiction.time_zone, perDay });
  const search = createSearching({
    search: new AuditSearch({ sql, log, clock, random, limitMs: audit.search_ms }),
    budget,
    approvals,
    ...checking,
  });
  const exporting = createExporting({
    ...{ sql, ...recording, config: { policies, audit }, budget, approvals },
    ...checking,
  });
  return [
    ...searchRoutes({ search, lawOf }),
    ...entryRoutes({ ...recording, reader: createAuditReader(sql), lawOf }),
    ...statusRoutes({ ...recording, sql }),
    ...exportRoutes(exporting),
    ...approvalRoutes({ approvals, recording, ...checking }),
  ];
}
