import { z } from 'zod';
import { isPublicKey } from './recipients.js';

const recipientConfig = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens')
    .describe('Who holds the private key, for people: `dpo-2026`.'),
  key: z
    .string()
    .refine(
      isPublicKey,
      'must be a public X25519 key as 43 characters of base64url: `tereze identity key new` prints it',
    )
    .describe('Public key (X25519, base64url), as `tereze identity key new` prints it.'),
});

const identityServerConfig = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address on which `tereze identity serve` listens.'),
  port: z.int().min(0).max(65_535).default(4_003).describe('Its port; 0: any free port.'),
  public_url: z
    .url({ protocol: /^https?$/ })
    .refine(isOrigin, 'must be an origin: scheme, host and port, without path, query or user')
    .describe('Origin under which officers reach it: their DPoP proofs must name it.'),
  audience: z
    .string()
    .min(1)
    .describe('Exact `aud` of tokens for it. Another than that of callers and of the officers’ address.'),
});

const sealedIdentityConfig = z.strictObject({
  recipients: z
    .array(recipientConfig)
    .min(1)
    .max(8)
    .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'must name each key once')
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'must name each recipient once')
    .describe(
      'Public keys to which data keys are sealed. Each of them alone can open, so with two of them a lost private key is not the end.',
    ),
  identify_per_day: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(50_000)
    .describe('People that may be identified within 24 hours, all requests together. They are counted before.'),
  server: identityServerConfig
    .optional()
    .describe('Where the identity process (`tereze identity serve`) listens. The gateway does not read it.'),
});

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).href === `${new URL(text).origin}/`;
}

/** `audit.identity`: whether the numbers of people can be found again from entries, and by which keys. */
export const identityConfig = z.union([z.literal('none'), sealedIdentityConfig]);
