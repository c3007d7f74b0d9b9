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
});

/** `audit.identity`: whether the numbers of people can be found again from entries, and by which keys. */
export const identityConfig = z.union([z.literal('none'), sealedIdentityConfig]);
