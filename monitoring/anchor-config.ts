import { z } from 'zod';

const common = {
  tls_ca_file: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file of the authority that signs the server’s certificate. Default: the authorities of the system.'),
  timeout_ms: z.int().min(10).max(60_000).default(10_000).describe('Limit of one request, in milliseconds.'),
  every_s: z
    .int()
    .min(1)
    .max(3_600)
    .default(600)
    .describe('Least time between two proofs of one log, in seconds. A log that did not grow is not proven again.'),
  retired: z.boolean().default(false).describe('It is asked no more. It stays here so that its proofs can be checked.'),
};

const timestampAnchor = z.strictObject({
  kind: z.literal('timestamp').describe('Time stamps of an authority (RFC 3161).'),
  url: z
    .url({ protocol: /^https?$/ })
    .describe('Address of the authority. Its answers are signed and nothing secret is sent, so http will do.'),
  authorities_file: z
    .string()
    .min(1)
    .describe('PEM file of the certificates that are trusted: an authority of these must have issued the signer’s.'),
  policy: z
    .string()
    .regex(/^[0-2](?:\.(?:0|[1-9][0-9]{0,15})){1,20}$/, 'must be an OID: 1.2.3.4')
    .optional()
    .describe('Policy (OID) under which time stamps must be made. Without it, under any.'),
  ...common,
});

const witnessAnchor = z.strictObject({
  kind: z.literal('witness').describe('Cosignatures of witnesses (C2SP tlog-witness).'),
  policy_file: z
    .string()
    .min(1)
    .describe('File that names the witnesses and how many of them must sign (C2SP tlog-policy).'),
  ...common,
});

/** `audit.anchor`: who outside proves checkpoints of the audit log, by name; or `none`. */
export const anchorConfig = z
  .union([
    z.literal('none'),
    z.record(
      z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be a name: small letters, digits and dashes')
        .describe('Name of the anchor, in logs, metrics and file names.'),
      z.discriminatedUnion('kind', [timestampAnchor, witnessAnchor]),
    ),
  ])
  .optional()
  .describe(
    'Who outside proves checkpoints of the logs, by name. `none`: no one does, and every receipt says so. `environment: production` needs one of both.',
  );

const HOURS = { h: 1, d: 24 } as const;
const LEAST_HOURS = 4;

/** `audit.anchor_max_age`. */
export const anchorMaxAgeConfig = z
  .string()
  .regex(/^[1-9][0-9]{0,3}[hd]$/, 'must be hours or days: 6h, 2d')
  .refine((text) => hoursOf(text) >= LEAST_HOURS, `must be at least ${LEAST_HOURS}h`)
  .optional()
  .describe(
    'Age of the oldest entry that no anchor proves, beyond which questions are refused with AUDIT_UNAVAILABLE: hours or days, such as `6h`, at least `4h`. Default: none, so that questions go on.',
  );

/** Returns the hours of `6h` or `2d`. */
export function hoursOf(text: string): number {
  return Number(text.slice(0, -1)) * (text.endsWith('d') ? HOURS.d : HOURS.h);
}

/** Returns what `audit.anchor` names: empty for `none`. */
export function namedAnchors(config: z.output<typeof anchorConfig>): readonly (readonly [string, NamedAnchor])[] {
  return config === undefined || config === 'none' ? [] : Object.entries(config);
}

/** Returns whether anyone outside is asked for proofs. */
export function isAnchored(config: z.output<typeof anchorConfig>): boolean {
  return namedAnchors(config).some(([, { retired }]) => !retired);
}

/** One anchor of `audit.anchor`. */
export type NamedAnchor = Exclude<Exclude<z.output<typeof anchorConfig>, undefined>, 'none'>[string];
