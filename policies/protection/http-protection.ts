import type { Clock } from '../../schemas/ports/clock.js';
import type { HttpClient } from '../../schemas/ports/http-client.js';
import { postJson } from '../post-json.js';
import type { Protection } from './port.js';
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

const PATH = '/api/v1/protected-people/among';

/**
 * Asks the list of protected people over HTTP: one POST `{subjects}` for all people of a question. The
 * answer `{protected}` holds the positions of the protected people and nothing else about them.
 *
 * Rejects with {@link ProtectionUnavailable} unless a complete, well-formed answer arrives in time.
 */
export function createHttpProtection(options: HttpProtectionOptions): HttpProtection {
  const connections = options.http.open({});
  return {
    close: () => connections.close(),
    amongThem: async (subjects, deadline) => {
      if (subjects.length === 0) return new Set();
      const answer = await postJson({
        url: new URL(PATH, options.url),
        token: options.token,
        body: { subjects },
        timeoutMs: timeLeft(deadline, options),
        maxBytes: options.maxResponseBytes,
        connections,
        failure: ProtectionUnavailable,
      });
      return new Set(parseProtection(answer, subjects.length).flatMap((position) => subjects[position] ?? []));
    },
  };
}

function timeLeft(deadline: number, { clock, timeoutMs }: HttpProtectionOptions): number {
  const left = Math.min(timeoutMs, deadline - clock.monotonic());
  if (left <= 0) throw new ProtectionUnavailable('timeout');
  return left;
}
