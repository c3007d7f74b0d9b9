import { Refusal } from '../../schemas/refusal.js';
import type { Protection, ProtectionFound, ProtectionQuestion } from '../protection/port.js';
import { ProtectionUnavailable } from '../protection/protection-unavailable.js';
import { batchLoader } from './batch-loader.js';

export interface ProtectedPeopleOptions {
  readonly protection: Protection;
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
}

/** Returns the protected people and dwellings among these. */
export type ProtectedAmong = (asked: ProtectionQuestion) => Promise<ProtectionFound>;

/**
 * Returns the lookup of protected people and dwellings for one request. It asks the list once about each person and
 * dwelling and keeps the answer until the request ends. Rejects with `Refusal` PROTECTION_UNAVAILABLE when the list
 * cannot be asked: without the list, everything may be protected.
 */
export function createProtectedPeople({ protection, deadline }: ProtectedPeopleOptions): ProtectedAmong {
  const ask = batchLoader(async (keys) => {
    const question = { subjects: ofKind(SUBJECT, keys), dwellings: ofKind(DWELLING, keys) };
    const found = await amongThem(protection, question, deadline);
    return new Map(keysOf(found).map((key) => [key, true as const]));
  });
  return async (asked) => {
    const found = [...(await ask(keysOf(asked))).keys()];
    return { subjects: new Set(ofKind(SUBJECT, found)), dwellings: new Set(ofKind(DWELLING, found)) };
  };
}

const SUBJECT = 'subject ';
const DWELLING = 'dwelling ';

function keysOf({
  subjects,
  dwellings,
}: {
  readonly subjects: Iterable<string>;
  readonly dwellings: Iterable<string>;
}): readonly string[] {
  return [...[...subjects].map((id) => SUBJECT + id), ...[...dwellings].map((code) => DWELLING + code)];
}

function ofKind(kind: string, keys: readonly string[]): readonly string[] {
  return keys.filter((key) => key.startsWith(kind)).map((key) => key.slice(kind.length));
}

async function amongThem(
  protection: Protection,
  question: ProtectionQuestion,
  deadline: number,
): Promise<ProtectionFound> {
  try {
    return await protection.amongThem(question, deadline);
  } catch (error) {
    if (error instanceof ProtectionUnavailable)
      throw new Refusal('PROTECTION_UNAVAILABLE', { reasons: [error.kind], cause: error });
    throw error;
  }
}
