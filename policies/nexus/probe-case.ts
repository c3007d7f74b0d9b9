import type { Clock } from '../../schemas/ports/clock.js';
import type { FailureReason } from '../../schemas/failures/register-failure.js';
import type { HttpClient } from '../../schemas/ports/http-client.js';
import type { NexusConfig } from '../config.js';
import { UnexpectedStatus } from '../post-json.js';
import { createHttpNexus, type NexusSource } from './http-nexus.js';
import { NexusUnavailable } from './nexus-unavailable.js';
import type { CaseStatus, NexusAnswer } from './port.js';

/** One step of asking a case system. `unknown`: what came proves it neither way. */
export interface CaseProbeStep {
  readonly step: 'reach' | 'authenticate' | 'answer' | 'case' | 'person';
  readonly result: 'ok' | 'failed' | 'unknown';
  /** What was found, in words; never a number of a person or of a case. */
  readonly found: string;
  /** Why the step failed: an id of docs/register-failures.md. */
  readonly reason?: FailureReason;
}

export interface CaseProbeQuestion {
  readonly agency: string;
  /** Number of the case. */
  readonly number: string;
  /** Asked one after the other, until the case is known for one. */
  readonly purposes: readonly string[];
  readonly person: string;
}

export interface CaseProbeDependencies {
  readonly source: NexusSource;
  readonly config: Pick<NexusConfig, 'timeout_ms' | 'max_response_bytes'>;
  readonly http: HttpClient;
  readonly clock: Clock;
}

/**
 * Asks an agency's case system about one case and one person, like a question does, and returns the steps in order.
 * Never rejects because of a failure of the case system.
 */
export async function probeCase(
  { agency, number, purposes, person }: CaseProbeQuestion,
  { source, config, http, clock }: CaseProbeDependencies,
): Promise<readonly CaseProbeStep[]> {
  const { timeout_ms: timeoutMs, max_response_bytes: maxResponseBytes } = config;
  const nexus = createHttpNexus({ sources: new Map([[agency, source]]), http, clock, timeoutMs, maxResponseBytes });
  try {
    let answered: { readonly purpose: string; readonly answer: NexusAnswer } | undefined;
    for (const purpose of purposes) {
      const deadline = clock.monotonic() + timeoutMs;
      const answer = await nexus.facts({ case: { agency, number }, purpose, subjects: [person], deadline });
      answered = { purpose, answer };
      if (answer.status !== 'unknown') break;
    }
    return answered ? answeredSteps(answered.answer, answered.purpose, person) : [];
  } catch (error) {
    if (!(error instanceof NexusUnavailable)) throw error;
    return failedSteps(error);
  } finally {
    nexus.close();
  }
}

function answeredSteps({ status, facts }: NexusAnswer, purpose: string, person: string): readonly CaseProbeStep[] {
  const kinds = [...new Set((facts.get(person) ?? []).map(({ kind }) => kind))];
  return [
    ...REACHED,
    { step: 'authenticate', result: 'ok', found: 'it takes the token' },
    { step: 'answer', result: 'ok', found: 'in the form of docs/case-facts.openapi.yaml' },
    status === 'open'
      ? { step: 'case', result: 'ok', found: `open for ${purpose}` }
      : { step: 'case', result: 'failed', found: NOT_OPEN[status] },
    status === 'open' && kinds.length > 0
      ? { step: 'person', result: 'ok', found: `named by ${kinds.join(' and ')}` }
      : { step: 'person', result: status === 'open' ? 'failed' : 'unknown', found: 'no fact that counts' },
  ];
}

const REACHED: readonly CaseProbeStep[] = [{ step: 'reach', result: 'ok', found: 'it answers' }];

const NOT_OPEN: Readonly<Record<Exclude<CaseStatus, 'open'>, string>> = {
  closed: 'closed',
  unknown: 'unknown to the agency, for each purpose that was asked about',
};

/** Statuses by which a server refuses the credentials (RFC 9110, 15.5.2 and 15.5.4). */
const REFUSED = new Set([401, 403]);

function failedSteps({ kind, cause, reason }: NexusUnavailable): readonly CaseProbeStep[] {
  const rest = (...steps: readonly CaseProbeStep['step'][]): readonly CaseProbeStep[] =>
    steps.map((step) => ({ step, result: 'unknown', found: 'not tried' }));
  if (kind === 'timeout' || kind === 'transport')
    return [
      {
        step: 'reach',
        result: 'failed',
        found: kind === 'timeout' ? 'no answer in time' : 'no connection, or cut off',
        reason,
      },
      ...rest('authenticate', 'answer', 'case', 'person'),
    ];
  const status = cause instanceof UnexpectedStatus ? cause.status : undefined;
  const found = status === undefined ? kind : `status ${status} instead of 200`;
  if (status !== undefined && REFUSED.has(status))
    return [...REACHED, { step: 'authenticate', result: 'failed', found, reason }, ...rest('answer', 'case', 'person')];
  return [
    ...REACHED,
    { step: 'authenticate', result: 'unknown', found: 'the answer does not say' },
    { step: 'answer', result: 'failed', found, reason },
    ...rest('case', 'person'),
  ];
}
