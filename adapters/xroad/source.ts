import { z } from 'zod';
import { checkRecords, restRecords } from '../rest/source.js';

/**
 * One part of an X-Road identifier. X-Road refuses these characters in new identifiers (UG-SS section 2.1), because a
 * path cannot hold them unambiguously.
 */
const identifierPart = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}:;/\\%]+$/u, 'is no part of an X-Road identifier')
  .refine((part) => part !== '.' && part !== '..', 'is no part of an X-Road identifier');

/**
 * `source.yaml` of a register behind X-Road. It names the service that is called (PR-REST section 4.1). X-Road carries
 * the messages; the records in them are mapped like those of a REST register.
 */
export const xroadSource = restRecords
  .extend({
    protocol: z.literal('xroad'),
    service: z.strictObject({
      instance: identifierPart,
      member_class: identifierPart,
      member_code: identifierPart,
      subsystem: identifierPart,
      service_code: identifierPart,
      version: identifierPart
        .optional()
        .describe(
          'Version of the service. It is the first part of each path below the service: X-Road has no other place.',
        ),
    }),
  })
  .superRefine(checkRecords);

export type XroadSource = z.output<typeof xroadSource>;
