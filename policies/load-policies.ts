import { readFileSync } from 'node:fs';
import type { Clock } from '../schemas/ports/clock.js';
import type { HttpClient } from '../schemas/ports/http-client.js';
import type { Observer } from '../schemas/ports/observer.js';
import { Problems } from '../schemas/problems.js';
import type { PoliciesConfig } from './config.js';
import { createCedarEngine, type CedarEngine } from './decision/cedar-engine.js';
import type { CategorySensitivities } from './decision/cedar-request.js';
import { parsePurposes, type Purposes } from './decision/purposes.js';
import { readRuleFiles, type RuleFiles } from './decision/rule-files.js';
import type { NexusSource } from './nexus/http-nexus.js';
import { readNexusSources } from './nexus/nexus-sources.js';
import type { HttpProtection } from './protection/http-protection.js';
import { openProtection } from './protection/open-protection.js';
import { readIndexSecrets, readSecret } from './secret.js';

/** The files of this room, each checked by itself. */
export interface PolicyFiles {
  readonly secret: Buffer;
  /** Secrets of the live keys of index tokens, newest first. */
  readonly indexSecrets: readonly Buffer[];
  readonly purposes: Purposes;
  readonly rules: RuleFiles;
  readonly nexusSources: ReadonlyMap<string, NexusSource>;
  readonly protection: HttpProtection;
}

/** The files of this room, and the engine that the rules make over the categories of the catalogue. */
export interface LoadedPolicies extends PolicyFiles {
  readonly engine: CedarEngine;
}

/**
 * Reads the secrets, the purposes, the rules and the tokens of the sources. Connects to nothing. Throws
 * after it has tried all of them: `PolicyFileInvalid` for purposes and rules, else an `Error` that
 * names the file; `SeveralProblems` if more than one cannot be used.
 */
export function readPolicyFiles(
  config: PoliciesConfig,
  ports: { readonly clock: Clock; readonly http: HttpClient },
): PolicyFiles {
  const problems = new Problems();
  const secret = problems.attempt(() => readSecret(config.secret_file));
  const indexSecrets = problems.attempt(() => readIndexSecrets(config));
  const purposes = problems.attempt(() => parsePurposes(config.purposes, readFileSync(config.purposes, 'utf8')));
  const rules = problems.attempt(() => readRuleFiles(config.rules));
  const nexusSources = problems.attempt(() => readNexusSources(config.nexus));
  const protection = problems.attempt(() => openProtection(config.protection, ports));
  if (!secret || !indexSecrets || !purposes || !rules || !nexusSources || !protection) throw problems.error();
  return { secret, indexSecrets, purposes, rules, nexusSources, protection };
}

/** Checks the rules against purposes and categories. @throws PolicyFileInvalid when the rules cannot be used. */
export function loadPolicies(
  files: PolicyFiles,
  { categories, observer }: { readonly categories: CategorySensitivities; readonly observer: Observer },
): LoadedPolicies {
  return {
    ...files,
    engine: createCedarEngine({ rules: files.rules, purposes: files.purposes, categories, observer }),
  };
}
