import { z } from 'zod';
import { textFault } from '../../../schemas/caller-texts/text-fault.js';

/**
 * What an officer may do with the audit log.
 *
 * - `search`: read entries of callers of the own agency.
 * - `national`: the same of all agencies.
 * - `export`: take entries away.
 * - `second`: approve what another officer asked.
 * - `identify`: ask for the numbers of people in entries.
 * - `entries`, with `national`: read the raw entries that the log is verified with, which are of all agencies.
 * - `documents`: approve trusted documents. It goes with no other role.
 */
export const OFFICER_ROLES = ['search', 'national', 'export', 'second', 'identify', 'entries', 'documents'] as const;
export type OfficerRole = (typeof OFFICER_ROLES)[number];

/** Characters of an id of an officer at most: those of a claim. */
const MAX_SUBJECT = 256;

const officerConfig = z.strictObject({
  issuer: z
    .url({ protocol: /^https?$/ })
    .describe('The issuer at which the officer signs in; one of authentication.issuers.'),
  subject: z
    .string()
    .min(1)
    .max(MAX_SUBJECT)
    .refine((text) => textFault(text) === undefined, 'must be plain text without the number of a person')
    .describe('The officer’s `sub` at this issuer. Entries of the audit log contain it.'),
  agency: z.string().min(1).describe('Id of the agency that the officer belongs to.'),
  roles: z
    .array(z.enum(OFFICER_ROLES))
    .min(1)
    .refine((roles) => new Set(roles).size === roles.length, 'must name each role once')
    .describe(
      'What the officer may do: `search` entries of callers of the own agency, `national`: of all; `export` entries; `second`: approve what another officer asked; `identify` people; `entries`, with `national`: read the raw entries of the log; `documents`: approve trusted documents, which goes with no other role.',
    ),
});

/** Part `officers`: who may question the audit log. */
export const officersConfig = z.strictObject({
  audience: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Exact `aud` of officers’ tokens. Another than that of callers, so that no token is good for both. Required with `server.audit`.',
    ),
  clients: z
    .array(z.string().min(1).max(200))
    .default([])
    .describe('The `client_id`s through which officers sign in. A token of another client is refused.'),
  cli_client: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'The one of `clients` through which `tereze login` signs in: a public client with a loopback redirect address. Without it, `tereze login --client` names one.',
    ),
  number_claim: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'The claim of officers’ tokens with the officer’s own number (IIN). With it, a search for oneself needs a second officer, and a token without such a number is refused. Without it, a search for oneself is not known as one.',
    ),
  people: z.array(officerConfig).default([]).describe('The officers, by issuer and subject. Anyone else is refused.'),
  person_searches_per_day: z
    .int()
    .min(1)
    .max(10_000)
    .default(50)
    .describe(
      'Searches for a person that one officer may make in a civil day, further pages included. They are counted before they are made.',
    ),
});

export type OfficersConfig = z.output<typeof officersConfig>;
export type OfficerConfig = z.output<typeof officerConfig>;
