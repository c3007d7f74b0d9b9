import { z } from 'zod';
import { parseUnambiguousJson } from '../../schemas/json/strict-json.js';
import type { ProtectionFound, ProtectionQuestion } from './port.js';
import { ProtectionUnavailable } from './protection-unavailable.js';

const positions = z.array(z.int().min(0));
const protectionAnswer = z.object({ protected: positions, protectedDwellings: positions.optional() });

/**
 * Reads the answer of the list: positions in the question, of people (`protected`) and of dwellings
 * (`protectedDwellings`, which an answer to a question with dwellings must have). One position outside the question
 * invalidates the whole answer: if one position is wrong, all may be. So does a name that is given twice.
 *
 * @throws {@link ProtectionUnavailable} `malformed`.
 */
export function parseProtection(text: string, { subjects, dwellings }: ProtectionQuestion): ProtectionFound {
  const { data } = protectionAnswer.safeParse(parseJson(text));
  if (data === undefined) throw new ProtectionUnavailable('malformed');
  if (data.protectedDwellings === undefined && dwellings.length > 0) throw new ProtectionUnavailable('malformed');
  return { subjects: at(data.protected, subjects), dwellings: at(data.protectedDwellings ?? [], dwellings) };
}

function at(found: readonly number[], asked: readonly string[]): ReadonlySet<string> {
  return new Set(
    found.map((position) => {
      const one = asked[position];
      if (one === undefined) throw new ProtectionUnavailable('malformed');
      return one;
    }),
  );
}

function parseJson(text: string): unknown {
  try {
    return parseUnambiguousJson(text);
  } catch (cause) {
    throw new ProtectionUnavailable('malformed', { cause });
  }
}
