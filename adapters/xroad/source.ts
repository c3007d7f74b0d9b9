import { z } from 'zod';

/**
 * One part of an X-Road identifier. X-Road refuses these characters in new identifiers (UG-SS section
 * 2.1): they cannot be told apart once they stand in a path.
 */
const identifierPart = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}:;/\\%]+$/u, 'is no part of an X-Road identifier')
  .refine((part) => part !== '.' && part !== '..', 'is no part of an X-Road identifier');

/** What a `source.yaml` of protocol `xroad` has besides the mapping of records: the service that is called (PR-REST section 4.1). */
export const xroadService = {
  protocol: z.literal('xroad'),
  service: z.strictObject({
    instance: identifierPart,
    member_class: identifierPart,
    member_code: identifierPart,
    subsystem: identifierPart,
    service_code: identifierPart,
  }),
};
