import { intentEntry, type EntryRead } from '../../monitoring/audit/entries.js';
import type { AuditLog } from '../../monitoring/audit/port.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { FootprintEntry } from '../planning/plan.js';
import type { Authorized, Intended } from '../request.js';
import { appendOrRefuse } from './append-or-refuse.js';
import { commitSubjects, type CommitDependencies } from './commit-subjects.js';
import type { QuestionAllowed, QuestionWork } from './plan/graphql.js';

export interface IntendDependencies extends CommitDependencies {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly policySet: string;
  readonly catalogue: string;
}

/**
 * Writes one durable entry before the first register is called: which caller, which people, why,
 * which fields. If the log cannot be written, the request is refused and nothing happens.
 */
export function intendQuestion(
  request: Authorized<QuestionWork, QuestionAllowed>,
  dependencies: IntendDependencies,
): Promise<Intended<QuestionWork, QuestionAllowed>> {
  return intend(request, request.work.planned.footprint.map(readOf), dependencies);
}

/** Writes the same entry for a surface that reads no register. */
export function intendAct<W, A>(request: Authorized<W, A>, dependencies: IntendDependencies): Promise<Intended<W, A>> {
  return intend(request, [], dependencies);
}

async function intend<W, A>(
  request: Authorized<W, A>,
  reads: readonly EntryRead[],
  dependencies: IntendDependencies,
): Promise<Intended<W, A>> {
  const { audit, clock, policySet, catalogue } = dependencies;
  const { commitments: subjects, beside } = commitSubjects(request.subjects, dependencies);
  const body = intentEntry({ request, at: clock.now(), reads, subjects, policySet, catalogue });
  return { ...request, intent: await appendOrRefuse(audit, { body, beside }) };
}

function readOf({ register, coordinate, category, access }: FootprintEntry): EntryRead {
  return { register, coordinate, category, access };
}
