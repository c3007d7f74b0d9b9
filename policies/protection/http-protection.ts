import type { Clock } from '../../schemas/ports/clock.js';
import type { HttpClient } from '../../schemas/ports/http-client.js';
import { postJson } from '../post-json.js';
import type { Protection, ProtectionFound } from './port.js';
import { parseProtection } from './protection-answer.js';
import { ProtectionUnavailable } from './protection-unavailable.js';

export interface HttpProtectionOptions {
  readonly url: string;
  readonly token: string;
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Limit of one call in milliseconds. The deadline of the question may end the call earlier. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
}

export interface HttpProtection extends Protection {
  /** Ends the kept connections. */
  close(): void;
}

/** What an installation without a list answers, and the answer to an empty question. */
export const NOTHING_PROTECTED: ProtectionFound = { subjects: new Set(), dwellings: new Set() };

const PATH = '/api/v1/protected-people/among';

/**
 * Asks the list of protected people over HTTP: one POST `{subjects, dwellings}` for all people and
 * dwellings of a question; `dwellings` only if there are some. The answer `{protected, protectedDwellings}` holds the
 * positions of those that are protected and nothing else about them.
 *
 * Rejects with {@link ProtectionUnavailable} unless a complete, well-formed answer arrives in time.
 */
export function createHttpProtection(options: HttpProtectionOptions): HttpProtection {
  const connections = options.http.open({});
  return {
    close: () => connections.close(),
    amongThem: async (question, deadline) => {
      const { subjects, dwellings } = question;
      if (subjects.length === 0 && dwellings.length === 0) return NOTHING_PROTECTED;
      const answer = await postJson({
        url: new URL(PATH, options.url),
        token: options.token,
        body: dwellings.length === 0 ? { subjects } : { subjects, dwellings },
        timeoutMs: timeLeft(deadline, options),
        maxBytes: options.maxResponseBytes,
        connections,
        failure: ProtectionUnavailable,
      });
      return parseProtection(answer, question);
    },
  };
}

function timeLeft(deadline: number, { clock, timeoutMs }: HttpProtectionOptions): number {
  const left = Math.min(timeoutMs, deadline - clock.monotonic());
  if (left <= 0) throw new ProtectionUnavailable('timeout');
  return left;
}
