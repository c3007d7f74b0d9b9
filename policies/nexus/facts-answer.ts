import { z } from 'zod';
import { JSON_REASONS } from '../../schemas/failures/json-reasons.js';
import { JsonInvalid, parseStrictJson } from '../../schemas/json/strict-json.js';
import { NexusUnavailable } from './nexus-unavailable.js';
import { CASE_STATUSES, type CaseStatus } from './port.js';

const factsAnswer = z.object({
  case: z.strictObject({ status: z.enum(CASE_STATUSES) }).optional(),
  facts: z.array(
    z.object({
      subject: z.int().min(0),
      kind: z.enum(['application', 'list']),
      reference: z.string().min(1).max(200),
    }),
  ),
});

/** The answer of a case system. `subject` of a fact is the position of the subject in the question. */
export interface FactsAnswer {
  readonly status: CaseStatus;
  readonly facts: z.output<typeof factsAnswer>['facts'];
  /** The whole answer as a JSON value. */
  readonly answer: unknown;
}

/** Deeper JSON than the answer has. */
const MAX_DEPTH = 8;

/**
 * Checks the answer of a case system and returns it. A case of which it says nothing is unknown. One bad
 * member invalidates the whole answer: if one position is wrong, all may be; if a name is given twice,
 * no one knows which counts.
 *
 * @throws {@link NexusUnavailable} `malformed`.
 */
export function parseFacts(text: string, subjects: number): FactsAnswer {
  const answer = parseJson(text);
  const parsed = factsAnswer.safeParse(answer);
  if (!parsed.success) throw new NexusUnavailable('malformed', { reason: 'value_type' });
  const { case: matter, facts } = parsed.data;
  if (facts.some(({ subject }) => subject >= subjects))
    throw new NexusUnavailable('malformed', { reason: 'other_subject' });
  return { status: matter?.status ?? 'unknown', facts, answer };
}

function parseJson(text: string): unknown {
  try {
    return parseStrictJson(text, MAX_DEPTH);
  } catch (cause) {
    const reason = cause instanceof JsonInvalid ? JSON_REASONS[cause.rule] : 'json_invalid';
    throw new NexusUnavailable('malformed', { reason, cause });
  }
}
