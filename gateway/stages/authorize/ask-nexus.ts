import { NexusUnavailable } from '../../../policies/nexus/nexus-unavailable.js';
import { Refusal } from '../../../schemas/refusal.js';

/** Refuses the request when the case system gives no answer: without it no person has a nexus. The caller may try again. */
export async function askNexus<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof NexusUnavailable)
      throw new Refusal('NEXUS_UNAVAILABLE', { reasons: [error.kind], cause: error });
    throw error;
  }
}
