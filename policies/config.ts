import { z } from 'zod';
import { isIin } from '../schemas/identifiers/iin.js';

const nexusConfig = z.strictObject({
  timeout_ms: z
    .int()
    .min(10)
    .max(60_000)
    .default(2_000)
    .describe('Limit of one call to a case system, in milliseconds.'),
  max_response_bytes: z.int().min(1_000).default(1_000_000).describe('A longer response counts as malformed.'),
  sources: z
    .record(
      z.string(),
      z.strictObject({
        url: z.url({ protocol: /^https?$/ }).describe('Base address of the case system.'),
        token_file: z.string().min(1).describe('File with the bearer token that the case system expects.'),
      }),
    )
    .default({})
    .describe(
      'Case systems by agency id. Without its case system, no case of an agency is open. An agency that the rules let use a purpose with `case: required` must have one.',
    ),
});

const protectionConfig = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('Base address of the list of protected people.'),
  token_file: z.string().min(1).describe('File with the bearer token that the list expects.'),
  timeout_ms: z.int().min(10).max(60_000).default(2_000).describe('Limit of one call, in milliseconds.'),
  max_response_bytes: z.int().min(1_000).default(1_000_000).describe('A longer response counts as malformed.'),
  decoys: z
    .array(z.string().regex(/^[0-9]{12}$/))
    .min(2, { error: 'needs at least 2 numbers that were never issued' })
    .refine((decoys) => decoys.every(isIin), { error: 'must be numbers with a birth date and a right check digit' })
    .refine((decoys) => new Set(decoys).size === decoys.length, { error: 'must differ from each other' })
    .describe(
      'Valid numbers (IIN) that were never issued and never will be, of minors and of adults. Registers are asked about them in the place of protected people. As many as protected people can be met in one question.',
    ),
});

/** Part `policies` of the configuration. */
export const policiesConfig = z.strictObject({
  rules: z.string().min(1).default('policies/rules').describe('Folder with the Cedar schema and the policies.'),
  purposes: z.string().min(1).default('policies/purposes.yaml').describe('File with the purposes.'),
  secret_file: z
    .string()
    .min(1)
    .describe(
      'File with the secret of the installation, at least 32 bytes. Tereze derives from it the keys of pseudonyms, handles and consent requests.',
    ),
  index_secret_files: z
    .array(z.string().min(1))
    .min(1)
    .refine((files) => new Set(files).size === files.length, { error: 'names a file twice' })
    .optional()
    .describe(
      'Files with the secrets of index tokens, by which a search of the audit log finds a person, newest first; each at least 32 bytes. The first makes the tokens of new entries, a search tries all. Keep a file in the list as long as the log has entries from its time. Default: `secret_file` alone.',
    ),
  remembered_decisions: z.int().min(1).default(10_000).describe('How many category decisions are kept in memory.'),
  handle_minutes: z.int().min(1).max(1_440).default(15).describe('How long a person handle is valid, in minutes.'),
  nexus: nexusConfig.default(() => nexusConfig.parse({})).describe('How Tereze asks the case systems of the agencies.'),
  protection: protectionConfig
    .optional()
    .describe(
      'How Tereze asks the list of protected people. Tereze answers as if no register had them. Without this setting, no one is protected.',
    ),
});

const consentBounds = z.strictObject({
  in_force: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe('Consents of one person for one agency and purpose that may be in force at once.'),
  new_per_hour: z
    .int()
    .min(1)
    .max(10_000)
    .default(20)
    .describe('Consents that one person may give to one agency within an hour.'),
});

/** Part `consent` of the configuration. */
export const consentConfig = z.strictObject({
  request_days: z.int().min(1).max(365).default(30).describe('How long a consent request can be answered, in days.'),
  default_days: z.int().min(1).default(90).describe('How long a consent holds when the citizen names no end, in days.'),
  max_days: z.int().min(1).max(3_660).default(365).describe('The longest time for which a consent may hold, in days.'),
  bounds: consentBounds
    .default(() => consentBounds.parse({}))
    .describe('How many consents a citizen may give. No bound stands before a withdrawal.'),
});

export type NexusConfig = z.output<typeof nexusConfig>;
export type ProtectionConfig = z.output<typeof protectionConfig>;
export type PoliciesConfig = z.output<typeof policiesConfig>;
export type ConsentConfig = z.output<typeof consentConfig>;
