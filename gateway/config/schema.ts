import { z } from 'zod';
import { registersConfigOf } from '../../adapters/config.js';
import type { Protocol } from '../../adapters/protocol.js';
import { PROTOCOLS } from '../../adapters/protocols.js';
import { auditConfig, telemetryConfig } from '../../monitoring/config.js';
import { consentConfig, policiesConfig } from '../../policies/config.js';
import { authenticationConfig } from './parts/authentication.js';
import { authorizationConfig } from './parts/authorization.js';
import { databaseConfig } from './parts/database.js';
import { jurisdictionConfig } from './parts/jurisdiction.js';
import { limitsConfig } from './parts/limits.js';
import { officersConfig } from './parts/officers.js';
import { serverConfig } from './parts/server.js';
import { stateConfig } from './parts/state.js';
import { documentsConfig, qualityConfig, supergraphConfig, webConfig } from './parts/schemas.js';

/** Where a gateway runs. What is safe in a demo only is refused everywhere else. */
export const ENVIRONMENTS = ['demo', 'test', 'production'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/**
 * Returns the schema of the configuration, assembled from the parts that the rooms bring. Types, defaults, messages and
 * `config.schema.json` all come from it. Keys are snake_case; no key is negative. `protocols` are those that a register
 * may speak.
 */
export function configSchemaOf<const Known extends readonly Protocol[]>(protocols: Known) {
  return z.strictObject({
    version: z.literal(1).describe('Version of this form.'),
    environment: z
      .enum(ENVIRONMENTS)
      .default('production')
      .describe('Default: `production`, which refuses settings that are safe in a demo only.'),
    jurisdiction: jurisdictionConfig.default(() => jurisdictionConfig.parse({})).describe('Civil time.'),
    server: serverConfig.describe('Addresses, and limits on requests.'),
    database: databaseConfig
      .default(() => databaseConfig.parse({}))
      .describe('The PostgreSQL that holds log, consents and handles.'),
    state: stateConfig
      .default(() => stateConfig.parse({}))
      .describe('What is kept outside the database, so that one that went back in time is noticed.'),
    supergraph: supergraphConfig.default(() => supergraphConfig.parse({})).describe('What the registers offer.'),
    documents: documentsConfig.default(() => documentsConfig.parse({})).describe('Trusted documents.'),
    authentication: authenticationConfig.describe('Trusted issuers of tokens, and the systems that may call.'),
    officers: officersConfig
      .default(() => officersConfig.parse({}))
      .describe('The officers who may question the audit log, and what each may do.'),
    authorization: authorizationConfig
      .default(() => authorizationConfig.parse({}))
      .describe('What happens when a question asks for more than is allowed.'),
    policies: policiesConfig.describe('Rules, purposes, handles and nexus.'),
    consent: consentConfig.default(() => consentConfig.parse({})).describe('How citizens give consent.'),
    registers: registersConfigOf(protocols).describe('How each register is reached.'),
    quality: qualityConfig.default(() => qualityConfig.parse({})).describe('How the quality of records is checked.'),
    audit: auditConfig.default(() => auditConfig.parse({})).describe('The audit log.'),
    limits: limitsConfig.default(() => limitsConfig.parse({})).describe('Limits on one question.'),
    telemetry: telemetryConfig.default(() => telemetryConfig.parse({})).describe('Log lines and metrics.'),
    web: webConfig.default(() => webConfig.parse({})).describe('Pages.'),
  });
}

/** The configuration of a gateway: its registers speak the protocols of `adapters/protocols.ts`. */
export const configSchema = configSchemaOf(PROTOCOLS);

/** A complete configuration: defaults filled in, paths absolute, secrets in the clear. */
export type Config = z.output<typeof configSchema>;
