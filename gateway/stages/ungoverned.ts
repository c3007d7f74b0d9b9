import type { Gate } from '../../schemas/ports/gate.js';
import type { Refusal } from '../../schemas/refusal.js';
import type { Caller } from '../../schemas/vocabulary.js';
import { formatRefusal } from '../errors.js';
import { ProofEnd, RequestProof } from '../request-proof.js';
import type {
  Authenticated,
  Authorized,
  Executed,
  Intended,
  Planned,
  Reached,
  Received,
  Recorded,
  TokenEvidence,
} from '../request.js';
import type { QuestionAllowed, QuestionOutcome, QuestionWork } from './plan/graphql.js';

/**
 * The stages of a gateway with identity, policy, consent, audit and quality switched off. `plan` and
 * `execute` are those of the governed surface.
 */

/** Caller and purpose of every request; trusted documents are registered for this name. */
export const UNGOVERNED = 'ungoverned';

const NOT_KNOWN: Caller = { system: UNGOVERNED, kind: 'system', assurance: 'none' };

/** Nothing is governed, so no question reaches this gate; it denies every one. */
export const CLOSED_GATE: Gate = {
  decide: (questions) => Promise.resolve(questions.map(() => ({ granted: new Map(), withheld: new Map() }))),
  decideWithoutPerson: () => ({ granted: new Map(), withheld: new Map() }),
  countTold: () => undefined,
};

const NO_TOKEN: TokenEvidence = { issuer: '', idHash: '', acr: undefined };
const NOT_LOGGED = { log: '', index: 0, leafHash: '' };

/** Adds the same caller and purpose to every request. No one is unknown here. */
export async function authenticateUngoverned(request: Received): Promise<Authenticated> {
  request.connection.known();
  return {
    ...request,
    caller: NOT_KNOWN,
    purpose: UNGOVERNED,
    case: undefined,
    token: NO_TOKEN,
    proof: RequestProof.notNeeded(),
  };
}

/** Allows everything, because nothing is governed. */
export async function authorizeUngoverned(
  request: Planned<QuestionWork>,
): Promise<Authorized<QuestionWork, QuestionAllowed>> {
  return {
    ...request,
    subjects: [],
    allowed: { gate: CLOSED_GATE, variables: request.work.variables, categories: [] },
  };
}

/** Writes no entry. */
export async function intendUngoverned(
  request: Authorized<QuestionWork, QuestionAllowed>,
): Promise<Intended<QuestionWork, QuestionAllowed>> {
  return { ...request, intent: NOT_LOGGED, proofEnd: ProofEnd.none };
}

/** Returns the answer without an entry or receipt. */
export async function recordUngoverned({
  requestId,
  outcome: { data, errors },
}: Executed<QuestionWork, QuestionAllowed, QuestionOutcome>): Promise<Recorded> {
  return {
    requestId,
    proofEnd: ProofEnd.none,
    result: { data, ...(errors.length > 0 ? { errors } : {}) },
    receipt: undefined,
    refusal: undefined,
    report: undefined,
  };
}

/** Returns the refusal without an entry. */
export async function refuseUngoverned({ requestId, http }: Reached, refusal: Refusal): Promise<Recorded> {
  return {
    requestId,
    proofEnd: ProofEnd.none,
    result: { errors: [formatRefusal(refusal, requestId, http.language)] },
    receipt: undefined,
    refusal,
    report: undefined,
  };
}
