import type { z } from 'zod';
import type { auditConfig } from '../config.js';
import { DailySealing, SEALS_NOTHING, type IdentitySealing, type SealingOptions } from './identity-sealing.js';

/** Opens what the configuration says of identities: sealing to its recipients, or none. */
export function openSealing(
  { identity }: Pick<z.output<typeof auditConfig>, 'identity'>,
  ports: Omit<SealingOptions, 'recipients'>,
): IdentitySealing {
  if (identity === undefined || identity === 'none') return SEALS_NOTHING;
  return new DailySealing({ ...ports, recipients: identity.recipients });
}
