import { z } from 'zod';
import { DEMANDED_ASSURANCES } from '../../../schemas/assurance.js';
import { compileCasePattern } from '../../../schemas/caller-texts/case-number.js';
import { textFault } from '../../../schemas/caller-texts/text-fault.js';

/** Signature algorithms that an issuer or a proof may use (RFC 7518, RFC 8037, RFC 9864): asymmetric only. */
export const SIGNATURE_ALGORITHMS = ['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'EdDSA', 'Ed25519'] as const;

/** Characters of the id or version of a model at most. */
export const MAX_MODEL_TEXT = 100;

const httpUrl = z.url({ protocol: /^https?$/ });
const shortName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens, beginning with a letter');

/** A value of `acr` as it can stand in a list of a challenge (RFC 9470, section 3): without spaces and quotes. */
const acrValue = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/, 'must be printable ASCII without spaces, quotes and backslashes');

const issuerConfig = z.strictObject({
  issuer: httpUrl.describe('Exact `iss` of the issuer’s tokens.'),
  jwks_uri: httpUrl.describe('Address of the issuer’s keys. No part of a token can name another address.'),
  algorithms: z
    .array(z.enum(SIGNATURE_ALGORITHMS))
    .min(1)
    .default(['ES256'])
    .describe(
      'Algorithms with which the issuer may sign tokens. EdDSA and Ed25519 are two names of one algorithm: list both.',
    ),
  assurance: z
    .record(acrValue, z.enum(DEMANDED_ASSURANCES))
    .default({})
    .describe(
      'The level of assurance of each `acr` that the issuer states in tokens. A token with another `acr`, or without one, has none. Purposes say which level they demand (`assurance` in the file of purposes).',
    ),
  names_officers: z
    .boolean()
    .default(false)
    .describe(
      'Whether the issuer may say for which officer a system or AI service acts: by a token from an exchange (RFC 8693), whose `sub` is the officer and whose `act.sub` is the client.',
    ),
});

/** A text of the registration that entries of the audit log contain. */
const loggedText = z
  .string()
  .min(1)
  .max(MAX_MODEL_TEXT)
  .refine((text) => textFault(text) === undefined, 'must be plain text without the number of a person or organisation');

const modelConfig = z.strictObject({
  id: loggedText.describe('Stable name of the model.'),
  version: loggedText.describe('Version of the model.'),
});

const systemConfig = z.strictObject({
  client_id: z.string().min(1).max(200).describe('The system’s `client_id` at the issuer.'),
  issuer: httpUrl
    .optional()
    .describe('The issuer at which the system is registered. Required if several issuers are trusted.'),
  kind: z
    .enum(['system', 'officer', 'ai', 'citizen'])
    .describe(
      'For which party the system makes requests: the agency’s system itself, an officer, an AI service, or the citizens who sign in there.',
    ),
  agency: shortName
    .optional()
    .describe('Id of the agency that the system belongs to. Required for every kind except `citizen`.'),
  actor: z
    .enum(['none', 'allowed', 'required'])
    .default('none')
    .describe(
      'For kinds `system` and `ai`: whether its tokens may, or must, name the officer that it acts for (`sub` is the officer, `act.sub` the client; RFC 8693). The audit log names the officer. The issuer needs `names_officers`.',
    ),
  model: modelConfig
    .optional()
    .describe('For kind `ai`: the model behind the service, as the audit log names it beside each of its requests.'),
  requests_per_second: z
    .number()
    .min(0.1)
    .max(1_000_000)
    .default(50)
    .describe(
      'Requests that the system may send in a second, at each replica; where citizens sign in, requests of each citizen. A request that is refused for a fault of the caller counts twice, and once more for every five people that its entry names. Further ones are refused with RATE_LIMITED. Withdrawals of consents are always taken.',
    ),
  burst: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(100)
    .describe('Requests that it may send at once after a time without any.'),
  daily_persons: z
    .int()
    .min(1)
    .max(100_000_000)
    .optional()
    .describe(
      'Different people that the system is expected to ask about in a civil day, at most. Detection alerts when 80 % of them are reached (docs/detection.md). The number refuses nothing.',
    ),
  weight: z
    .number()
    .min(0.1)
    .max(100)
    .default(1)
    .describe(
      'Its share of the slots and of each register’s calls, beside systems of weight 1, where there are not enough for all.',
    ),
});

const agencyConfig = z.strictObject({
  id: shortName.describe('Short stable name.'),
  bin: z
    .string()
    .regex(/^[0-9]{12}$/, 'must be 12 digits')
    .describe('Business identification number.'),
  name: z.string().min(1).describe('Name to show to people.'),
  case_pattern: z
    .string()
    .min(1)
    .superRefine(isCasePattern)
    .optional()
    .describe(
      'Form of the agency’s case numbers, from ^ to $, as a linear regular expression (RE2). Needed only if they can look like the number of a person or an organisation, which is refused otherwise.',
    ),
});

/** Part `authentication`: whose tokens count, and which systems may call. */
export const authenticationConfig = z.strictObject({
  audience: z.string().min(1).describe('Exact `aud` that an access token must carry.'),
  issuers: z.array(issuerConfig).min(1).describe('Trusted authorization servers.'),
  agencies: z.array(agencyConfig).default([]).describe('State organisations whose systems may call.'),
  systems: z
    .array(systemConfig)
    .default([])
    .describe('Registered clients. A token of any other client is refused with CALLER_NOT_REGISTERED.'),
  clock_tolerance_s: z
    .int()
    .min(0)
    .max(60)
    .default(10)
    .describe('How far the clocks of issuers and callers may differ from this one, in seconds.'),
  token_max_age_s: z
    .int()
    .min(60)
    .max(86_400)
    .default(3_600)
    .describe('Maximum age of an access token, in seconds. Older tokens are refused.'),
  proof_max_age_s: z
    .int()
    .min(5)
    .max(300)
    .default(60)
    .describe('Maximum age of a DPoP proof, in seconds. Older proofs are refused.'),
  jwks_timeout_ms: z
    .int()
    .min(100)
    .max(30_000)
    .default(3_000)
    .describe('Time limit for fetching an issuer’s keys, in milliseconds.'),
  jwks_max_age_s: z
    .int()
    .min(30)
    .max(86_400)
    .default(600)
    .describe('Time after which an issuer’s keys are fetched again, in seconds.'),
  remembered_tokens: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .describe('Maximum of verified tokens kept in memory, each for one minute at most. Proofs are checked every time.'),
});

export type AuthenticationConfig = z.output<typeof authenticationConfig>;
export type IssuerConfig = z.output<typeof issuerConfig>;
export type SystemConfig = z.output<typeof systemConfig>;

function isCasePattern(pattern: string, context: z.RefinementCtx): void {
  try {
    compileCasePattern(pattern);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is not a pattern' });
  }
}
