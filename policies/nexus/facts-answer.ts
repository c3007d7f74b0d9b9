import { z } from 'zod';
import { NexusUnavailable } from './nexus-unavailable.js';

const factsAnswer = z.object({
  facts: z.array(
    z.object({
      subject: z.int().min(0),
      kind: z.enum(['application', 'list']),
      reference: z.string().min(1).max(200),
    }),
  ),
});

/** A fact in the answer of a case system. `subject` is the position of the subject in the question. */
export type AnsweredFact = z.output<typeof factsAnswer>['facts'][number];

/**
 * Checks the answer of a case system and returns its facts. One bad fact invalidates the whole answer: if
 * one position is wrong, all may be.
 *
 * @throws {@link NexusUnavailable} `malformed`.
 */
export function parseFacts(text: string, subjects: number): readonly AnsweredFact[] {
  const parsed = factsAnswer.safeParse(parseJson(text));
  if (!parsed.success) throw new NexusUnavailable('malformed');
  if (parsed.data.facts.some(({ subject }) => subject >= subjects)) throw new NexusUnavailable('malformed');
  return parsed.data.facts;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
