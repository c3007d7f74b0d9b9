import { readFileSync } from 'node:fs';
import { parsePurposes } from '../../../policies/decision/purposes.js';
import { collectGovernance } from '../../../schemas/catalogue/governance-index.js';
import { loadRegisters } from '../../../schemas/catalogue/register-schema.js';
import type { Config } from '../../config/schema.js';

/** Names that a search can ask for, each list read when it is needed. */
export type KnownNames = Readonly<
  Record<'agency' | 'system' | 'purpose' | 'register' | 'category', () => readonly string[]>
>;

/** The system by which operators read the log, in entries. */
const COMMAND_LINE = 'tereze';

/** Returns the names that a configuration and its files have. */
export function knownNames({ authentication, policies, supergraph }: Config): KnownNames {
  return {
    agency: () => authentication.agencies.map(({ id }) => id),
    system: () => [...authentication.systems.map(({ client_id: id }) => id), COMMAND_LINE],
    purpose: () => parsePurposes(policies.purposes, readFileSync(policies.purposes, 'utf8')).names,
    register: () => loadRegisters(supergraph.directory).map(({ name }) => name),
    category: () => Object.keys(collectGovernance(loadRegisters(supergraph.directory)).sensitivities),
  };
}
