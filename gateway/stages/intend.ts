import { ENTRY_SCHEMA_VERSION, type EntryRead, type IntentBody } from '../../monitoring/audit/entry.js';
import { AuditUnavailable, type AuditLog } from '../../monitoring/audit/port.js';
import type { Clock } from '../../schemas/ports/clock.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Authorized, Intended } from '../request.js';
import { commitSubjects, type CommitDependencies } from './commit-subjects.js';
import { entryCaller } from './entry-caller.js';

export interface IntendDependencies extends CommitDependencies {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly policySet: string;
  readonly catalogue: string;
}

/**
 * One durable entry before the first register is called: who, about whom, why, which fields.
 * Without it nothing happens: an unreachable log refuses the request.
 */
export function createIntend<W, A>(dependencies: IntendDependencies, readsOf: (work: W) => readonly EntryRead[]) {
  return async (request: Authorized<W, A>): Promise<Intended<W, A>> => {
    const subjects = commitSubjects(request.subjects, dependencies);
    const body: IntentBody = {
      schemaVersion: ENTRY_SCHEMA_VERSION,
      kind: 'intent',
      requestId: request.requestId,
      at: dependencies.clock.now().toISOString(),
      ...request.question,
      caller: entryCaller(request.caller),
      reads: readsOf(request.work),
      subjects: subjects.commitments,
      policySet: dependencies.policySet,
      catalogue: dependencies.catalogue,
    };
    return { ...request, intent: await append(dependencies.audit, { body, beside: subjects.beside }) };
  };
}

async function append(audit: AuditLog, draft: Parameters<AuditLog['append']>[0]): ReturnType<AuditLog['append']> {
  try {
    return await audit.append(draft);
  } catch (error) {
    if (error instanceof AuditUnavailable) throw new Refusal('AUDIT_UNAVAILABLE', { cause: error });
    throw error;
  }
}
