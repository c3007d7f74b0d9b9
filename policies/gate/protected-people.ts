import { Refusal } from '../../schemas/refusal.js';
import type { Protection } from '../protection/port.js';
import { ProtectionUnavailable } from '../protection/protection-unavailable.js';
import { batchLoader } from './batch-loader.js';

export interface ProtectedPeopleOptions {
  readonly protection: Protection;
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
}

/** Returns the protected people among these. */
export type ProtectedAmong = (subjects: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * Returns the lookup of protected people for one request. It asks the list once about each person and
 * keeps the answer until the request ends. Rejects with `Refusal` PROTECTION_UNAVAILABLE when the list
 * cannot be asked: without the list, every person may be protected.
 */
export function createProtectedPeople({ protection, deadline }: ProtectedPeopleOptions): ProtectedAmong {
  const ask = batchLoader(async (subjects) => {
    const found = await amongThem(protection, subjects, deadline);
    return new Map([...found].map((id) => [id, true as const]));
  });
  return async (subjects) => new Set((await ask(subjects)).keys());
}

async function amongThem(
  protection: Protection,
  subjects: readonly string[],
  deadline: number,
): Promise<ReadonlySet<string>> {
  try {
    return await protection.amongThem(subjects, deadline);
  } catch (error) {
    if (error instanceof ProtectionUnavailable)
      throw new Refusal('PROTECTION_UNAVAILABLE', { reasons: [error.kind], cause: error });
    throw error;
  }
}
