import type { IdentitySealing } from '../../monitoring/identity/identity-sealing.js';
import { openPolicies, type Policies } from '../../policies/open-policies.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { HttpClient, HttpConnections } from '../../schemas/ports/http-client.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Fence, RestrictionCounter } from '../../schemas/ports/restrictions.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { approvedDocuments } from '../approvals/approved-documents.js';
import { createAdmission } from '../admission/admission.js';
import type { CallerRates } from '../admission/rates.js';
import type { Slots } from '../admission/slots.js';
import { createPostgresApprovals } from '../approvals/postgres-approvals.js';
import { acrValuesFor } from '../auth/assurance.js';
import { casePatterns } from '../auth/case-patterns.js';
import { agencyClients } from '../auth/registered-system.js';
import { createAuthenticator, type Authenticator } from '../auth/authenticator.js';
import type { ReplayStore } from '../auth/replay.js';
import type { SeenProofs } from '../auth/seen-proofs.js';
import { configDigest } from '../config/config-digest.js';
import type { Config } from '../config/schema.js';
import { openExecution } from '../execution/open-execution.js';
import { PIPELINE, type StageDependencies } from '../pipeline.js';
import { QUERIES_ONLY } from '../planning/document/validate.js';
import { createCallerViews } from '../planning/document/caller-views.js';
import { coerceVariables } from '../planning/variables.js';
import { readLaws } from '../exports/laws.js';
import { openLogReaders } from '../officers/log-readers.js';
import { openOfficers } from '../officers/open-officers.js';
import { openPages, type PagesState } from '../web/open-pages.js';
import { createPipelineRun } from '../run-pipeline.js';
import type { Turns } from '../turns.js';
import { closingOnFailure, type Opened } from './closing.js';
import { openEntryEvidence } from './entry-evidence.js';
import type { Generation } from './generation.js';
import type { Loaded } from './load.js';
import type { AuditUse } from './standing-audit.js';

/** What outlives a generation. */
export interface Lasting {
  readonly clock: Clock;
  readonly random: Random;
  readonly http: HttpClient;
  readonly observer: Observer;
  readonly sql: Sql;
  /** Connections of officers only. */
  readonly officerSql: Sql;
  readonly audit: AuditUse;
  readonly identities: IdentitySealing;
  readonly slots: Slots;
  readonly turns: Turns;
  readonly rates: CallerRates;
  readonly replay: ReplayStore;
  readonly seenProofs: SeenProofs;
  readonly restrictions: RestrictionCounter;
  /** Sessions of officers in browsers. */
  readonly pages: PagesState;
  /** Keeps restrictions outside the database; undefined if nothing is kept there. */
  readonly fence: Fence | undefined;
  /** Whether the database holds everything that it held, as far as is known outside it. */
  readonly isStateCurrent: () => boolean;
  /** Whether the audit log is unproven outside for longer than is allowed. */
  readonly isAnchorOverdue: () => boolean;
}

/**
 * Opens a generation over its loaded files: its policies, its authenticator, its execution. Rejects,
 * and leaves nothing of it open, the loaded files included, if issuers use demo keys outside a demo or
 * the approvals cannot be read.
 */
export function openGeneration(config: Config, loaded: Loaded, lasting: Lasting): Promise<Generation> {
  return closingOnFailure(async (opened) => {
    opened.add(() => loaded.close());
    const { clock, random, observer, sql, turns, restrictions } = lasting;
    const dependencies = stageDependencies(config, loaded, lasting, opened);
    await refuseDemoKeys(dependencies.authenticator, observer);
    const approvals = createPostgresApprovals({ sql, clock, restrictions });
    const approving = { approvals, audit: lasting.audit.log, clock, random, observer };
    // A database that is refused says nothing about approvals. The generation over it answers no question.
    const isOverCurrent = lasting.isStateCurrent();
    const documents = isOverCurrent
      ? await approvedDocuments(loaded.documents, loaded.reaches, approving)
      : loaded.documents;
    if (isOverCurrent) await dependencies.keepBaseline();
    const isStateCurrent = (): boolean => isOverCurrent && lasting.isStateCurrent();
    const needs = { ...dependencies, documents, isStateCurrent, isAnchorOverdue: lasting.isAnchorOverdue };
    const running = { turns, clock, observer };
    const { issuerConnections, needsCase } = dependencies;
    const reading = {
      ...{ clock, random, replay: lasting.replay, seenProofs: lasting.seenProofs },
      ...{ sql: lasting.officerSql, log: lasting.audit.log, issuerConnections },
    };
    const officers = openOfficers(config, { ...reading, tokens: dependencies.pseudonyms });
    const evidence = openEntryEvidence(config, { sql: lasting.officerSql, clock });
    const showing = { clock, random, observer, state: lasting.pages, lawOf: readLaws(config), evidence };
    return {
      officers: officers && { ...officers, pages: openPages(config, officers, showing) },
      logReaders: openLogReaders(config, { ...reading, needsCase }),
      served: {
        runs: {
          graphql: createPipelineRun(PIPELINE, 'graphql', needs, running),
          handles: createPipelineRun(PIPELINE, 'handles', needs, running),
          consents: createPipelineRun(PIPELINE, 'consents', needs, running),
        },
        schema: loaded.publicSchema,
        introspection: QUERIES_ONLY.introspection,
        needsToken: true,
        supergraphSdl: loaded.catalogue.supergraphSdl,
        limits: config.limits,
      },
      catalogue: loaded.catalogue.hash,
      isOverCurrent,
      close: opened.close,
    };
  });
}

/** Fetches the issuers' keys. An issuer that cannot be reached may come back; demo keys outside a demo end the start. */
async function refuseDemoKeys(authenticator: Authenticator, observer: Observer): Promise<void> {
  for (const unusable of await authenticator.warmUp()) {
    if (unusable.reason === 'issuer_demo_keys') throw unusable;
    observer.log('warn', 'issuer_keys_unavailable', { reason: unusable.reason });
  }
}

type OpenedDependencies = Omit<StageDependencies, 'isStateCurrent' | 'isAnchorOverdue'> &
  Pick<Policies, 'keepBaseline' | 'pseudonyms' | 'needsCase'> & { readonly issuerConnections: HttpConnections };

function stageDependencies(
  config: Config,
  { catalogue, publicSchema, quality, adapters, policies: files, preparer, documents }: Loaded,
  {
    clock,
    random,
    http,
    observer,
    sql,
    audit,
    identities,
    replay,
    seenProofs,
    slots,
    rates,
    restrictions,
    fence,
  }: Lasting,
  opened: Opened,
): OpenedDependencies {
  const { close, ...policies } = openPolicies(config, files, {
    sql,
    http,
    clock,
    random,
    observer,
    restrictions,
    categories: catalogue.governance.categories,
    fieldsOf: (category) => catalogue.governance.fieldsOf(category),
    agencies: config.authentication.agencies.map(({ id }) => id),
    clients: agencyClients(config.authentication),
  });
  opened.add(close);
  const issuerConnections = http.open({});
  opened.add(async () => issuerConnections.close());
  return {
    ...policies,
    issuerConnections,
    clock,
    random,
    observer,
    audit: audit.log,
    identities,
    replay,
    slots,
    admission: createAdmission(config.authentication.systems, rates),
    fence,
    policySet: policies.engine.digest,
    catalogue: catalogue.hash,
    configuration: configDigest(config),
    authenticator: createAuthenticator({
      config,
      clock,
      issuerConnections,
      replay,
      seen: seenProofs,
      needsCase: policies.needsCase,
    }),
    acrValuesFor: (least, issuer) => acrValuesFor(least, issuer, config.authentication.issuers),
    documents,
    preparer,
    casePatterns: casePatterns(config.authentication.agencies),
    viewOf: createCallerViews({ catalogue, isInView: policies.isInView }),
    coerce: (planned, variables) => coerceVariables(publicSchema, planned, variables),
    onDenied: config.authorization.on_denied,
    executor: openExecution({
      catalogue,
      publicSchema,
      adapters: adapters.byRegister,
      quality,
      derivations: policies.derivations,
      clock,
      observer,
      registerTimeoutMs: (register) => config.registers[register]?.timeout_ms ?? config.limits.answer_ms,
    }),
    contractVersion: (register) => quality.contractVersion(register),
    countRefusal: (refusal) => audit.countRefusal(refusal),
  };
}
