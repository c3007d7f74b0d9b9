import type { Gate } from '../../schemas/ports/gate.js';
import type { Refusal } from '../../schemas/refusal.js';
import type { Caller } from '../../schemas/vocabulary.js';
import { formatRefusal } from '../errors.js';
import type {
  Authenticated,
  Authorized,
  Executed,
  Intended,
  Planned,
  Reached,
  Received,
  Recorded,
} from '../request.js';
import type { QuestionAllowed, QuestionOutcome, QuestionWork } from './plan/graphql.js';

/** Caller and purpose where nobody is authenticated; trusted documents are registered for this name. */
export const UNGOVERNED = 'ungoverned';

const NOBODY: Caller = { system: UNGOVERNED, kind: 'system', assurance: 'urn:tereze:assurance:none' };

/** Nothing is governed, so nothing is ever asked; if something is, it is denied. */
export const CLOSED_GATE: Gate = {
  decide: (questions) => Promise.resolve(questions.map(() => ({ granted: new Map(), withheld: new Map() }))),
};

const NOT_LOGGED = { log: '', index: 0, leafHash: '' };

/**
 * The stages that stand in where identity, policy, consent, audit and quality are switched off. `plan`
 * and `execute` are those of the governed way.
 */
export const UNGOVERNED_STAGES = {
  authenticate: (request: Received): Promise<Authenticated> =>
    Promise.resolve({
      ...request,
      caller: NOBODY,
      purpose: UNGOVERNED,
      case: undefined,
      token: { issuer: '', idHash: '' },
    }),

  authorize: (request: Planned<QuestionWork>): Promise<Authorized<QuestionWork, QuestionAllowed>> =>
    Promise.resolve({
      ...request,
      subjects: [],
      allowed: { gate: CLOSED_GATE, variables: request.work.variables, categories: [] },
    }),

  intend: (request: Authorized<QuestionWork, QuestionAllowed>): Promise<Intended<QuestionWork, QuestionAllowed>> =>
    Promise.resolve({ ...request, intent: NOT_LOGGED }),

  record: ({ requestId, outcome }: Executed<QuestionWork, QuestionAllowed, QuestionOutcome>): Promise<Recorded> => {
    const { data, errors } = outcome;
    return Promise.resolve({
      requestId,
      result: { data, ...(errors.length > 0 ? { errors } : {}) },
      receipt: undefined,
      refusal: undefined,
      report: undefined,
    });
  },

  refuse: ({ requestId, http }: Reached, refusal: Refusal): Promise<Recorded> =>
    Promise.resolve({
      requestId,
      result: { errors: [formatRefusal(refusal, requestId, http.language)] },
      receipt: undefined,
      refusal,
      report: undefined,
    }),
};
