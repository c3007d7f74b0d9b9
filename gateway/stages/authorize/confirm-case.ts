import { NexusUnavailable } from '../../../policies/nexus/nexus-unavailable.js';
import type { Nexus, NexusAnswer } from '../../../policies/nexus/port.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Case } from '../../../schemas/vocabulary.js';
import type { Planned } from '../../request.js';

export interface ConfirmCaseDependencies {
  readonly nexus: Nexus;
  readonly clock: Clock;
}

/**
 * Asks the case system, in one call, whether the case of this request is open for its purpose, and for
 * the facts about these people. Returns the facts; none without a case. What the case system said is in
 * `request.access`, and counts for this request only.
 *
 * A case that is named is confirmed, also for a purpose that needs none: the log names no other.
 *
 * @throws Refusal `CASE_NOT_OPEN` for a case that is closed, unknown or led by another agency;
 * `NEXUS_UNAVAILABLE` without a usable answer: the caller may try again.
 */
export async function confirmCase(
  request: Planned<unknown>,
  subjects: readonly string[],
  dependencies: ConfirmCaseDependencies,
): Promise<NexusAnswer['facts']> {
  const { case: matter, access } = request;
  if (matter === undefined) return new Map();
  assertOwnCase(request);
  const { status, facts, exchange } = await ask(request, matter, subjects, dependencies);
  if (status !== 'open') {
    access.recordCase({ status });
    throw new Refusal('CASE_NOT_OPEN', { reasons: [`case_${status}`] });
  }
  const answeredAt = dependencies.clock.now().toISOString();
  access.recordCase({ status: 'verified', confirmedAt: answeredAt });
  if (exchange !== undefined)
    access.recordNexus({ source: matter.agency, answeredAt, people: subjects, facts: { ...exchange } });
  return facts;
}

/** Refuses a case that another agency leads. No case system is asked: none tells one agency of the cases of another. */
export function assertOwnCase({ caller, case: matter }: Pick<Planned<unknown>, 'caller' | 'case'>): void {
  if (matter !== undefined && matter.agency !== caller.agency?.id)
    throw new Refusal('CASE_NOT_OPEN', { reasons: ['case_foreign'] });
}

async function ask(
  { purpose, deadline }: Planned<unknown>,
  matter: Case,
  subjects: readonly string[],
  { nexus }: ConfirmCaseDependencies,
): Promise<NexusAnswer> {
  try {
    return await nexus.facts({ case: matter, purpose, subjects, deadline });
  } catch (error) {
    if (error instanceof NexusUnavailable)
      throw new Refusal('NEXUS_UNAVAILABLE', { reasons: [error.kind], cause: error });
    throw error;
  }
}

/** Returns the request with what its entries state of the case from here on. */
export function withConfirmedCase<Request extends Planned<unknown>>(request: Request): Request {
  const { question, access } = request;
  return question.case === null
    ? request
    : { ...request, question: { ...question, case: { ...question.case, ...access.caseFound } } };
}
