import { z } from 'zod';

const nexusConfig = z.strictObject({
  timeout_ms: z
    .int()
    .min(10)
    .max(60_000)
    .default(2_000)
    .describe('Limit of one call to a case system, in milliseconds.'),
  max_response_bytes: z.int().min(1_000).default(1_000_000).describe('A longer answer is malformed.'),
  sources: z
    .record(
      z.string(),
      z.strictObject({
        url: z.url({ protocol: /^https?$/ }).describe('Base address of the case system.'),
        token_file: z.string().min(1).describe('File with the bearer token that the case system expects.'),
      }),
    )
    .default({})
    .describe('Case systems by agency id. An agency without one has no facts, and so no nexus.'),
});

const protectionConfig = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('Base address of whoever keeps the list.'),
  token_file: z.string().min(1).describe('File with the bearer token that it expects.'),
  timeout_ms: z.int().min(10).max(60_000).default(2_000).describe('Limit of one call, in milliseconds.'),
  max_response_bytes: z.int().min(1_000).default(1_000_000).describe('A longer answer is malformed.'),
});

/** Part `policies` of the configuration. */
export const policiesConfig = z.strictObject({
  rules: z.string().min(1).default('policies/rules').describe('Folder of the Cedar schema and policies.'),
  purposes: z.string().min(1).default('policies/purposes.yaml').describe('File of the purposes.'),
  secret_file: z
    .string()
    .min(1)
    .describe(
      'Secret of the installation, at least 32 bytes: keys of pseudonyms, handles and consent requests are derived from it.',
    ),
  remembered_decisions: z.int().min(1).default(10_000).describe('Category decisions kept in memory.'),
  handle_minutes: z.int().min(1).max(1_440).default(15).describe('How long a person handle lives.'),
  nexus: nexusConfig.default(() => nexusConfig.parse({})).describe('Where the agencies’ case systems are asked.'),
  protection: protectionConfig
    .optional()
    .describe(
      'Where the list of protected people is asked, of whom every answer is that they are not there. Without it nobody is protected.',
    ),
});

/** Part `consent` of the configuration. */
export const consentConfig = z.strictObject({
  request_days: z.int().min(1).max(365).default(30).describe('How long a citizen can be asked with a consent request.'),
  default_days: z.int().min(1).default(90).describe('How long a consent holds when the citizen names no end.'),
  max_days: z.int().min(1).max(3_660).default(365).describe('The longest that a consent may hold.'),
});

export type NexusConfig = z.output<typeof nexusConfig>;
export type ProtectionConfig = z.output<typeof protectionConfig>;
export type PoliciesConfig = z.output<typeof policiesConfig>;
export type ConsentConfig = z.output<typeof consentConfig>;
