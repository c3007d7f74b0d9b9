import type { DecisionEngine } from '../../../policies/decision/port.js';
import { ageClassOf } from '../../../schemas/identifiers/iin.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Basis, NexusKind } from '../../../schemas/vocabulary.js';
import type { Authorized, Planned } from '../../request.js';
import type { HandleAllowed, HandleWork } from '../plan/handles.js';
import { assertAnchored, type AnchoredDependencies } from './anchored.js';
import { assertAssurance, type AssuranceDependencies } from './assurance.js';
import { confirmCase, withConfirmedCase, type ConfirmCaseDependencies } from './confirm-case.js';
import { assertStateCurrent, type StateCurrentDependencies } from './state-current.js';

export interface AuthorizeHandleDependencies
  extends StateCurrentDependencies, AnchoredDependencies, ConfirmCaseDependencies, AssuranceDependencies {
  readonly engine: DecisionEngine;
  /** The bases that the purpose knows, statutory ones only. */
  readonly statutoryBases: (purpose: string) => readonly Basis[];
}

/** A handle stands for the number of a person. */
const CATEGORY = 'population.identifier';

/**
 * Issues a handle when the case is open, the person has a nexus to it and a policy allows this caller to pass the
 * person on to that receiver. What the receiver may then see is decided on the receiver's own request.
 */
export async function authorizeHandle(
  request: Planned<HandleWork>,
  dependencies: AuthorizeHandleDependencies,
): Promise<Authorized<HandleWork, HandleAllowed>> {
  assertStateCurrent(dependencies);
  assertAnchored(dependencies);
  assertAssurance(request, request.purpose, [CATEGORY], dependencies);
  const { subject } = request.work;
  if (request.case === undefined) throw new Refusal('CASE_REQUIRED', { categories: [CATEGORY] });
  const facts = await confirmCase(request, [subject], dependencies);
  const decided = decide(
    request,
    (facts.get(subject) ?? []).map((fact) => fact.kind),
    dependencies,
  );
  return {
    ...withConfirmedCase(request),
    allowed: { ...decided, policySet: dependencies.engine.digest },
    subjects: [subject],
  };
}

function decide(
  request: Planned<HandleWork>,
  held: readonly NexusKind[],
  { engine, clock, statutoryBases }: AuthorizeHandleDependencies,
): Pick<HandleAllowed, 'policies' | 'nexus'> {
  const age = ageClassOf(request.work.subject, clock.factDate());
  for (const basis of statutoryBases(request.purpose)) {
    for (const nexus of held) {
      const decision = engine.decide({
        caller: request.caller,
        action: 'issue_handle',
        category: CATEGORY,
        purpose: request.purpose,
        basis,
        nexus,
        age,
        ownCase: request.case?.agency === request.caller.agency?.id,
        receiver: request.work.receiver,
      });
      if (decision.allowed) return { policies: decision.policies, nexus };
    }
  }
  throw new Refusal('POLICY_DENIED', {
    reasons: [held.length === 0 ? 'nexus' : 'issue_handle'],
    categories: [CATEGORY],
  });
}
