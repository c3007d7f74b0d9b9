import type { Purposes } from '../../../policies/decision/purposes.js';
import { longestRequest } from '../../../policies/consent/request.js';
import { possibleGrounds } from '../../../policies/decision/possible-grounds.js';
import type { PolicyText } from '../../../policies/decision/policy-set.js';
import { consentPurposes } from '../../../policies/open-policies.js';
import { mapAll } from '../../../schemas/problems.js';
import type { RegisterGovernance } from '../../../schemas/catalogue/governance.js';
import type { Config } from '../../config/schema.js';
import { mostPeople } from './entry-ceiling.js';
import type { EntryWords } from './largest-entries.js';

/** Two ceilings that do not fit each other. The message names file, key and the value that fits. */
export class CeilingTooHigh extends Error {
  constructor(place: string, problem: string) {
    super(`${place}: ${problem}`);
    this.name = 'CeilingTooHigh';
  }
}

/** What ceilings depend on, beside the configuration. */
export interface CeilingParts {
  readonly purposes: Purposes;
  readonly policies: readonly PolicyText[];
  readonly categories: readonly string[];
  readonly documents: readonly string[];
  readonly registers: readonly (RegisterGovernance & { readonly name: string; readonly contract: string })[];
}

/**
 * Checks ceilings that depend on each other, so that no request that is allowed fails at its end.
 *
 * @throws {@link CeilingTooHigh} for `max_subjects` of a purpose with which an audit entry could be too
 * long, and for `server.limits.body_bytes` below what a consent request of this installation takes.
 * `SeveralProblems` for more than one.
 */
export function checkCeilings(config: Config, parts: CeilingParts): void {
  mapAll(
    [...parts.purposes.names.map((name) => () => checkSubjects(name, config, parts)), () => checkBody(config, parts)],
    (check) => check(),
  );
}

function checkSubjects(name: string, config: Config, parts: CeilingParts): void {
  const purpose = parts.purposes.get(name);
  if (purpose === undefined) return;
  const most = mostPeople(wordsOf(purpose.name, config, parts), purpose.maxSubjects);
  if (most < purpose.maxSubjects)
    throw new CeilingTooHigh(
      config.policies.purposes,
      `purposes.${name}.max_subjects: with ${purpose.maxSubjects} people an audit entry could be longer than the log takes; ${most === 0 ? 'not even one person fits' : `at most ${most} fit`}`,
    );
}

function wordsOf(name: string, { authentication }: Config, parts: CeilingParts): EntryWords {
  const { purposes, policies, categories, documents, registers } = parts;
  const purpose = purposes.get(name);
  return {
    purpose: name,
    agencies: authentication.agencies.map(({ id }) => id),
    systems: authentication.systems.map(({ client_id }) => client_id),
    documents,
    categories,
    issuers: authentication.issuers.map(({ issuer }) => issuer),
    registers: registers.map(({ name: register, contract, categories: own, roles }) => ({
      name: register,
      contract,
      categories: [...own],
      ties: purpose?.relations.some((role) => roles.has(role)) === true,
    })),
    grounds: purpose === undefined ? [] : possibleGrounds(policies, purpose, categories),
  };
}

function checkBody({ authentication, server }: Config, { purposes, categories }: CeilingParts): void {
  const request = 'x'.repeat(
    longestRequest({
      agencies: authentication.agencies.map(({ id }) => id),
      purposes: consentPurposes(purposes),
      categories,
    }),
  );
  const least = Buffer.byteLength(JSON.stringify({ request, validUntil: new Date(0).toISOString() }));
  if (server.limits.body_bytes < least)
    throw new CeilingTooHigh(
      'server.limits.body_bytes',
      `${server.limits.body_bytes} is too small: a consent request for all categories takes ${least}`,
    );
}
