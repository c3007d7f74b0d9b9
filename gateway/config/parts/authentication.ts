import { z } from 'zod';

/** Signature algorithms that an issuer or a proof may use (RFC 7518, RFC 8037, RFC 9864): asymmetric only. */
export const SIGNATURE_ALGORITHMS = ['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'EdDSA', 'Ed25519'] as const;

const httpUrl = z.url({ protocol: /^https?$/ });
const shortName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens, beginning with a letter');

const issuerConfig = z.strictObject({
  issuer: httpUrl.describe('Exact `iss` of its tokens.'),
  jwks_uri: httpUrl.describe('Where its keys are fetched; nothing in a token can name another place.'),
  algorithms: z
    .array(z.enum(SIGNATURE_ALGORITHMS))
    .min(1)
    .default(['ES256'])
    .describe('Algorithms that its tokens may be signed with. EdDSA and Ed25519 are two names: list both.'),
});

const systemConfig = z.strictObject({
  client_id: z.string().min(1).max(200).describe('Its `client_id` at the issuer.'),
  issuer: httpUrl.optional().describe('The issuer that knows it; must be named where several issuers are trusted.'),
  kind: z
    .enum(['system', 'officer', 'ai', 'citizen'])
    .describe(
      'Who stands behind its requests: the agency’s system, an officer, an AI service, or the citizens who sign in there.',
    ),
  agency: shortName.optional().describe('Id of the agency that it belongs to; every kind but `citizen` has one.'),
});

const agencyConfig = z.strictObject({
  id: shortName.describe('Short stable name.'),
  bin: z
    .string()
    .regex(/^[0-9]{12}$/, 'must be 12 digits')
    .describe('Business identification number.'),
  name: z.string().min(1).describe('Name, for people.'),
});

/** Part `authentication`: whose tokens count, and which systems may call. */
export const authenticationConfig = z.strictObject({
  audience: z.string().min(1).describe('Exact `aud` that an access token must carry.'),
  issuers: z.array(issuerConfig).min(1).describe('Authorization servers that are trusted.'),
  agencies: z.array(agencyConfig).default([]).describe('Organisations that take part.'),
  systems: z
    .array(systemConfig)
    .default([])
    .describe('Registered clients; a token of any other is refused with CALLER_NOT_REGISTERED.'),
  clock_tolerance_s: z
    .int()
    .min(0)
    .max(60)
    .default(10)
    .describe('How far clocks of issuers and callers may differ, in seconds.'),
  token_max_age_s: z
    .int()
    .min(60)
    .max(86_400)
    .default(3_600)
    .describe('An access token is refused when it was issued longer ago, in seconds.'),
  proof_max_age_s: z
    .int()
    .min(5)
    .max(300)
    .default(60)
    .describe('A DPoP proof is refused when it was made longer ago, in seconds.'),
  jwks_timeout_ms: z
    .int()
    .min(100)
    .max(30_000)
    .default(3_000)
    .describe('Limit of one fetch of an issuer’s keys, in milliseconds.'),
  jwks_max_age_s: z
    .int()
    .min(30)
    .max(86_400)
    .default(600)
    .describe('An issuer’s keys are fetched again after this time, in seconds.'),
  remembered_tokens: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .describe('Verified tokens kept in memory, each for a minute at most; proofs are checked every time.'),
});

export type AuthenticationConfig = z.output<typeof authenticationConfig>;
export type IssuerConfig = z.output<typeof issuerConfig>;
export type SystemConfig = z.output<typeof systemConfig>;
