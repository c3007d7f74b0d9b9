import type { Refusal } from '../../schemas/refusal.js';
import { challengeOf } from '../auth/challenge.js';

/** Seconds after which a client may come back to a gateway that had too much to do, or is being replaced. */
const RETRY_AFTER_S = '2';

/** Headers of every answer: nobody keeps one, nobody guesses its type. */
export const ANSWER_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};

/** Further headers that a refusal's code asks for: how to authenticate, which methods there are, when to come back. */
export function refusalHeaders(refusal: Refusal | undefined): Readonly<Record<string, string>> {
  if (refusal === undefined) return {};
  const challenge = challengeOf(refusal);
  return {
    ...(challenge === undefined ? {} : { 'WWW-Authenticate': challenge }),
    ...(refusal.code === 'METHOD_NOT_ALLOWED' ? { Allow: refusal.reasons.join(', ') } : {}),
    ...(refusal.status === 503 ? { 'Retry-After': RETRY_AFTER_S } : {}),
    // The rest of the request may still be on its way, and must not be read as the next one.
    ...(['PAYLOAD_TOO_LARGE', 'REQUEST_TIMEOUT', 'SHUTTING_DOWN', 'OVERLOADED'].includes(refusal.code)
      ? { Connection: 'close' }
      : {}),
  };
}
