import type { Clock } from '../../schemas/ports/clock.js';
import type { HttpClient } from '../../schemas/ports/http-client.js';
import { NexusUnavailable } from './nexus-unavailable.js';
import { parseFacts, type FactsAnswer } from './facts-answer.js';
import type { Nexus, NexusFact, NexusQuestion } from './port.js';
import { postJson } from '../post-json.js';

/** The address and token of an agency's case system. */
export interface NexusSource {
  readonly url: string;
  readonly token: string;
}

export interface HttpNexusOptions {
  /** By agency id. */
  readonly sources: ReadonlyMap<string, NexusSource>;
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Limit of one call in milliseconds. The deadline of the question may end the call earlier. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
}

export interface HttpNexus extends Nexus {
  /** Ends the kept connections. */
  close(): void;
}

const PATH = '/api/v1/cases/facts';

/**
 * Asks the agencies' case systems over HTTP: one POST for the case and all subjects of a question.
 *
 * An agency without a source knows no case. Rejects with {@link NexusUnavailable} unless a complete,
 * well-formed answer arrives in time.
 */
export function createHttpNexus(options: HttpNexusOptions): HttpNexus {
  const connections = options.http.open({});
  return {
    close: () => connections.close(),
    facts: async (question) => {
      const source = options.sources.get(question.case.agency);
      if (source === undefined) return { status: 'unknown', facts: new Map() };
      const body = bodyOf(question);
      const text = await postJson({
        url: new URL(PATH, source.url),
        token: source.token,
        body,
        timeoutMs: timeLeft(question, options),
        maxBytes: options.maxResponseBytes,
        connections,
        failure: NexusUnavailable,
      });
      const { status, facts, answer } = parseFacts(text, question.subjects.length);
      return { status, facts: bySubject(question.subjects, facts), exchange: { question: body, answer } };
    },
  };
}

function timeLeft(question: NexusQuestion, options: HttpNexusOptions): number {
  const left = Math.min(options.timeoutMs, question.deadline - options.clock.monotonic());
  if (left <= 0) throw new NexusUnavailable('timeout', { reason: 'deadline' });
  return left;
}

function bodyOf(question: NexusQuestion): unknown {
  return {
    agency: question.case.agency,
    case: question.case.number,
    purpose: question.purpose,
    subjects: question.subjects,
  };
}

function bySubject(
  subjects: readonly string[],
  facts: FactsAnswer['facts'],
): ReadonlyMap<string, readonly NexusFact[]> {
  const found = new Map<string, NexusFact[]>();
  for (const { subject, kind, reference } of facts) {
    const id = subjects[subject];
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), { kind, reference }]);
  }
  return found;
}
