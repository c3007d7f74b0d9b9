import type { GraphQLSchema } from 'graphql';
import { openAdapters, type Adapters } from '../../adapters/open-adapters.js';
import { readRules, type Rule } from '../../monitoring/detection/read-rules.js';
import { loadPolicies, readPolicyFiles, type LoadedPolicies } from '../../policies/load-policies.js';
import { composeCatalogue } from '../../schemas/catalogue/compose.js';
import type { Catalogue } from '../../schemas/catalogue/governance.js';
import { buildPublicSchema } from '../../schemas/catalogue/public-schema.js';
import { loadRegisters } from '../../schemas/catalogue/register-schema.js';
import { loadDocuments, type TrustedDocuments } from '../../schemas/operations/load-documents.js';
import { readAnchorFiles } from '../../monitoring/anchors/open-anchors.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { HttpClient } from '../../schemas/ports/http-client.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Quality } from '../../schemas/ports/quality.js';
import type { Random } from '../../schemas/ports/random.js';
import { mapAll, Problems } from '../../schemas/problems.js';
import type { ContractReader } from '../../schemas/quality/contracts/read-contracts.js';
import { loadQuality } from '../../schemas/quality/load-quality.js';
import { reachesOf } from '../approvals/approved-documents.js';
import type { DocumentReach } from '../approvals/reach.js';
import type { Config } from '../config/schema.js';
import { footprintDependencies } from '../planning/footprint/footprint.js';
import type { DocumentPreparer } from '../planning/prepare.js';
import type { PlannerProcesses } from '../planning/planner/planner-processes.js';
import { checkCaseSources } from './case-sources.js';
import { checkCeilings } from './ceilings/check-ceilings.js';
import { logIgnoredFeatures } from './ignored-features.js';
import { checkReachableAssurance } from './reachable-assurance.js';
import { configuredPreparer } from './preparer.js';
import { logUnevaluatedRules } from './unevaluated-rules.js';

/** Everything that the files of a configuration bring, checked. */
export interface Loaded {
  readonly catalogue: Catalogue;
  readonly publicSchema: GraphQLSchema;
  readonly quality: Quality;
  readonly adapters: Adapters;
  readonly policies: LoadedPolicies;
  readonly documents: TrustedDocuments;
  /** Rules of detection. */
  readonly detection: readonly Rule[];
  /** What each document reaches, as planned now. */
  readonly reaches: readonly DocumentReach[];
  readonly preparer: DocumentPreparer;
  /** Closes the adapters. Calling it again does nothing. */
  close(): Promise<void>;
}

export interface LoadPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly http: HttpClient;
  readonly observer: Observer;
  readonly planners: PlannerProcesses;
  readonly contracts: ContractReader;
}

/**
 * Loads everything that a configuration names: schemas, contracts, mappings, purposes, rules,
 * documents, secrets and keys. `serve` and `config validate` both do this first. Opens no port, no
 * database and no connection to a register.
 *
 * Rejects after it has tried everything that could be tried, with the only error or with
 * `SeveralProblems`. Rules and plans are checked only if the schemas compose.
 */
export async function load(
  config: Config,
  { clock, random, http, observer, planners, contracts }: LoadPorts,
): Promise<Loaded> {
  const { directory } = config.supergraph;
  const problems = new Problems();
  const registers = problems.attempt(() => loadRegisters(directory));
  const catalogue = registers && problems.attempt(() => composeCatalogue(registers));
  // Contracts are read in a process of their own: the rest is loaded meanwhile.
  const reading = problems.attemptAsync(async () => {
    const read = await loadQuality(directory, clock, contracts);
    logUnevaluatedRules(read, observer);
    return read;
  });
  const adapters = problems.attempt(() =>
    openAdapters({
      directory,
      registers: registers?.map(({ name }) => name) ?? [],
      schemas: registers,
      config: config.registers,
      http,
      clock,
      random,
      observer,
    }),
  );
  const files = problems.attempt(() => readPolicyFiles(config.policies, { clock, http }));
  const policies =
    catalogue &&
    files &&
    problems.attempt(() => loadPolicies(files, { categories: catalogue.governance.categories, observer }));
  if (catalogue) logIgnoredFeatures(catalogue, observer);
  const detection = await readAuditFiles(config.audit, problems);
  const documents = problems.attempt(() => loadDocuments(config.documents.directory));
  const planned =
    catalogue &&
    documents &&
    (await problems.attemptAsync(async () => {
      const publicSchema = buildPublicSchema(catalogue.publicSdl);
      const planner = await planners.planner(catalogue.supergraphSdl);
      const preparer = configuredPreparer(config, { catalogue, publicSchema, planner });
      const dependencies = footprintDependencies(catalogue);
      return { publicSchema, preparer, reaches: await reachesOf(documents.all, { preparer, dependencies }) };
    }));
  const quality = await reading;
  const isWhole =
    catalogue &&
    quality &&
    policies &&
    documents &&
    problems.attempt(() => {
      checkRules(config, { catalogue, quality, policies, documents, registers: registers ?? [] });
      return true;
    });
  if (!isWhole || !adapters || !planned || !detection) throw await unloaded(problems, adapters);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= adapters.close());
  return { catalogue, quality, adapters, policies, documents, detection, ...planned, close };
}

/** Reads what the log needs of files: what proves it outside, and the rules of detection, with which it resolves. */
async function readAuditFiles(
  { anchor, detection }: Config['audit'],
  problems: Problems,
): Promise<readonly Rule[] | undefined> {
  const anchors = problems.attempt(() => readAnchorFiles(anchor));
  const rules = await problems.attemptAsync(() => readRules(detection.rules));
  return anchors && rules;
}

/** Resolves with why a configuration cannot be used, after what was opened of it is closed. */
async function unloaded(problems: Problems, adapters: Adapters | undefined): Promise<Error> {
  await adapters?.close();
  return problems.error();
}

interface RuledParts extends Pick<Loaded, 'catalogue' | 'quality' | 'policies' | 'documents'> {
  readonly registers: readonly { readonly name: string }[];
}

/** Checks what configuration and rules demand of each other. */
function checkRules(config: Config, { catalogue, quality, policies, documents, registers }: RuledParts): void {
  const ruled = { purposes: policies.purposes, policies: policies.engine.policies };
  const ceilings = {
    ...ruled,
    categories: [...catalogue.governance.categories.keys()],
    documents: documents.all.map(({ name }) => name),
    registers: registers.map(({ name }) => ({
      name,
      contract: quality.contractVersion(name),
      ...catalogue.governance.inRegister(name),
    })),
  };
  const checks = [
    () => checkCaseSources(config, ruled),
    () => checkReachableAssurance(config, ruled),
    () => checkCeilings(config, ceilings),
  ];
  mapAll(checks, (check) => check());
}
