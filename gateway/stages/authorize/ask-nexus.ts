import { NexusUnavailable } from '../../../policies/nexus/nexus-unavailable.js';
import { Refusal } from '../../../schemas/refusal.js';

/** Without the case system nobody is tied to the case: the request is refused, and may be tried again. */
export async function askNexus<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof NexusUnavailable)
      throw new Refusal('NEXUS_UNAVAILABLE', { reasons: [error.kind], cause: error });
    throw error;
  }
}
