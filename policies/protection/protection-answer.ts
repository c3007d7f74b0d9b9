import { z } from 'zod';
import { ProtectionUnavailable } from './protection-unavailable.js';

const protectionAnswer = z.object({ protected: z.array(z.int().min(0)) });

/**
 * Checks the answer of the list and returns the positions of the protected people in a question about
 * `subjects` people. One position outside the question invalidates the whole answer: if one position is
 * wrong, all may be.
 *
 * @throws {@link ProtectionUnavailable} `malformed`.
 */
export function parseProtection(text: string, subjects: number): readonly number[] {
  const parsed = protectionAnswer.safeParse(parseJson(text));
  if (!parsed.success || parsed.data.protected.some((position) => position >= subjects))
    throw new ProtectionUnavailable('malformed');
  return parsed.data.protected;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
