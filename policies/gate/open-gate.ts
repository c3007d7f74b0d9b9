import type { Clock } from '../../schemas/ports/clock.js';
import type { CategoryAccess, Gate } from '../../schemas/ports/gate.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Caller, Case } from '../../schemas/vocabulary.js';
import type { ConsentStore } from '../consent/port.js';
import type { ConsentRequests } from '../consent/request.js';
import type { CategoryDecision } from '../decision/port.js';
import type { Purposes } from '../decision/purposes.js';
import { createDecoys } from '../protection/decoys.js';
import type { Protection } from '../protection/port.js';
import { createSubjectGate } from './subject-gate.js';
import type { SubjectNexusOptions } from './subject-nexus.js';

/** Opens the gate of one request. */
export type OpenGate = (opening: GateOpening) => QuestionGate;

export interface GateOpening {
  readonly caller: Caller;
  readonly purpose: string;
  readonly case: Case | undefined;
  /** The decision on each category and access that the operation needs. Any other category is denied. */
  readonly decisions: readonly CategoryDecision[];
  /** By category, the fields of it that the operation reads, as coordinates (`Type.field`). A consent must cover all of them. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
  /** The facts of the case, about everyone that the question names. */
  readonly caseFacts: SubjectNexusOptions['caseFacts'];
}

/** The gate of one request. It also says whether the question can be answered for the people that it names. */
export interface QuestionGate extends Gate {
  /**
   * Resolves with the categories that, for one of these people, are neither open by law nor can be opened by their
   * consent. Rejects if the case is not open, also when the question names no one.
   */
  closedTo(subjects: readonly string[], asked: readonly CategoryAccess[]): Promise<readonly string[]>;
}

export interface OpenGateParts {
  readonly purposes: Purposes;
  readonly consents: Pick<ConsentStore, 'states'>;
  readonly protection: Protection;
  /** Numbers that were never issued, asked about in the place of protected people, and the secret that decides which is used. */
  readonly standIns: { readonly decoys: readonly string[]; readonly secret: Uint8Array };
  readonly requests: Pick<ConsentRequests, 'seal'>;
  readonly clock: Clock;
}

/** Returns the function that opens gates. It throws `Refusal` PURPOSE_REQUIRED if the purposes file does not have the purpose. */
export function createOpenGate({ purposes, requests, clock, standIns, ...sources }: OpenGateParts): OpenGate {
  return ({ purpose: name, ...opening }) => {
    const purpose = purposes.get(name);
    if (purpose === undefined) throw new Refusal('PURPOSE_REQUIRED', { reasons: ['purpose_unknown'] });
    const factDate = clock.factDate();
    const gate = createSubjectGate({
      ...opening,
      ...sources,
      purpose,
      factDate,
      decoyFor: createDecoys({ ...standIns, factDate }),
      sealRequest: (request) => requests.seal(request),
    });
    return {
      decide: (questions) => gate.decide(questions),
      countTold: (subject) => gate.countTold(subject),
      decideWithoutPerson: (categories) => gate.decideWithoutPerson(categories),
      closedTo: async (subjects, asked) => {
        const { categories } = await gate.authorizeNamedSubjects(subjects, asked);
        return [...new Set(categories.map(({ category }) => category))];
      },
    };
  };
}
