import { intentEntry, type EntryPlannedCalls, type EntryRead } from '../../monitoring/audit/entries.js';
import type { AuditLog } from '../../monitoring/audit/port.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { FootprintEntry, PlanNode } from '../planning/plan.js';
import { fetchesOf } from '../planning/plan-walk.js';
import type { Authorized, Intended } from '../request.js';
import { appendOrRefuse } from './append-or-refuse.js';
import { commitSubjects, readyToSeal, type CommitDependencies } from './commit-subjects.js';
import type { QuestionAllowed, QuestionWork } from './plan/graphql.js';

export interface IntendDependencies extends CommitDependencies {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly policySet: string;
  readonly catalogue: string;
  /** Digest of the configuration. */
  readonly configuration: string;
}

/**
 * Writes one durable entry before the first register is called: which caller, which people, why,
 * which fields. The proof of the request is used in the same commit. If the log cannot be written, or the proof was used
 * before, the request is refused and nothing happens.
 */
export function intendQuestion(
  request: Authorized<QuestionWork, QuestionAllowed>,
  dependencies: IntendDependencies,
): Promise<Intended<QuestionWork, QuestionAllowed>> {
  const { footprint, plan } = request.work.planned;
  return intend(request, { reads: footprint.map(readOf), planned: plannedCalls(plan) }, dependencies);
}

/** Writes the same entry for a surface that reads no register. */
export function intendAct<W, A>(request: Authorized<W, A>, dependencies: IntendDependencies): Promise<Intended<W, A>> {
  return intend(request, { reads: [], planned: [] }, dependencies);
}

async function intend<W, A>(
  request: Authorized<W, A>,
  { reads, planned }: { readonly reads: readonly EntryRead[]; readonly planned: readonly EntryPlannedCalls[] },
  dependencies: IntendDependencies,
): Promise<Intended<W, A>> {
  const { audit, clock, policySet, catalogue, configuration } = dependencies;
  const { subjects, beside } = commitSubjects(request.subjects, await readyToSeal(dependencies), dependencies);
  const body = intentEntry({ request, at: clock.now(), reads, planned, subjects, policySet, catalogue, configuration });
  const { result: intent, proof: proofEnd } = await request.proof.spend((use) =>
    appendOrRefuse(audit, { body, beside }, { use }),
  );
  request.access.recordIntent(request.subjects);
  return { ...request, intent, proofEnd };
}

/** Counts the fetches of each register, those of both branches of a condition included. */
function plannedCalls(plan: PlanNode | undefined): readonly EntryPlannedCalls[] {
  const fetches = new Map<string, number>();
  for (const { register } of plan === undefined ? [] : fetchesOf(plan))
    fetches.set(register, (fetches.get(register) ?? 0) + 1);
  return [...fetches].map(([register, count]) => ({ register, fetches: count }));
}

function readOf({ register, coordinate, category, access }: FootprintEntry): EntryRead {
  return { register, coordinate, category, access };
}
