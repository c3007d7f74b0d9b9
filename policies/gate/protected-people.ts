import { Refusal } from '../../schemas/refusal.js';
import type { Protection } from '../protection/port.js';
import { ProtectionUnavailable } from '../protection/protection-unavailable.js';
import { batchLoader } from './batch-loader.js';

export interface ProtectedPeopleOptions {
  readonly protection: Protection;
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
}

/** Those of these people who are protected. */
export type ProtectedAmong = (subjects: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * The protected people of one request: the list is asked once about each person, and what it said
 * holds until the request ends. Rejects with `Refusal` PROTECTION_UNAVAILABLE when it cannot be
 * asked: without it nobody is known to be unprotected.
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
