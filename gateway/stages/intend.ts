import { ENTRY_SCHEMA_VERSION, type EntryRead, type IntentBody } from '../../monitoring/audit/entries.js';
import { AuditUnavailable, type AuditLog } from '../../monitoring/audit/port.js';
import type { Clock } from '../../schemas/ports/clock.js';
import { Refusal } from '../../schemas/refusal.js';
import type { FootprintEntry } from '../planning/plan.js';
import type { Authorized, Intended } from '../request.js';
import { commitSubjects, type CommitDependencies } from './commit-subjects.js';
import { entryCaller } from './entry-caller.js';
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

/** The same for a surface that reads no register. */
export function intendAct<W, A>(request: Authorized<W, A>, dependencies: IntendDependencies): Promise<Intended<W, A>> {
  return intend(request, [], dependencies);
}

async function intend<W, A>(
  request: Authorized<W, A>,
  reads: readonly EntryRead[],
  dependencies: IntendDependencies,
): Promise<Intended<W, A>> {
  const subjects = commitSubjects(request.subjects, dependencies);
  const body: IntentBody = {
    schemaVersion: ENTRY_SCHEMA_VERSION,
    kind: 'intent',
    requestId: request.requestId,
    at: dependencies.clock.now().toISOString(),
    ...request.question,
    caller: entryCaller(request.caller),
    reads,
    subjects: subjects.commitments,
    policySet: dependencies.policySet,
    catalogue: dependencies.catalogue,
  };
  return { ...request, intent: await append(dependencies.audit, { body, beside: subjects.beside }) };
}

function readOf({ register, coordinate, category, access }: FootprintEntry): EntryRead {
  return { register, coordinate, category, access };
}

async function append(audit: AuditLog, draft: Parameters<AuditLog['append']>[0]): ReturnType<AuditLog['append']> {
  try {
    return await audit.append(draft);
  } catch (error) {
    if (error instanceof AuditUnavailable) throw new Refusal('AUDIT_UNAVAILABLE', { cause: error });
    throw error;
  }
}
