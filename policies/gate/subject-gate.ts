import { ageClassOf } from '../../schemas/identifiers/iin.js';
import type { CategoryAccess, Gate, GateAnswer, GateQuestion, SubjectRef } from '../../schemas/ports/gate.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Caller, Case } from '../../schemas/vocabulary.js';
import type { ConsentState, ConsentStore } from '../consent/port.js';
import type { ConsentRequest } from '../consent/request.js';
import { permissionWithoutPerson } from '../decision/permissions.js';
import type { CategoryDecision } from '../decision/port.js';
import type { Purpose } from '../decision/purposes.js';
import type { DecoyFor } from '../protection/decoys.js';
import type { Protection } from '../protection/port.js';
import { batchLoader } from './batch-loader.js';
import { categoryAccessKey } from './category-decisions.js';
import { anyoneBehind, closedBeyond } from './closed-links.js';
import { consentOutcome } from './consent-outcome.js';
import { consentPermission, statutoryPermission, type SubjectFacts } from './fulfilled-permission.js';
import { hideProtected, isSurelyOneself } from './hide-protected.js';
import { createProtectedPeople } from './protected-people.js';
import { checkNamedSubjects, type NamedSubjectsDecision } from './named-subjects.js';
import { joinOutcomes, type Outcome } from './subject-outcomes.js';
import { createSubjectNexus, type SubjectNexusOptions } from './subject-nexus.js';
import { visibleDwellings } from './visible-dwellings.js';

export interface SubjectGateOptions {
  readonly caller: Caller;
  readonly purpose: Purpose;
  readonly case: Case | undefined;
  /** The decision on each category and access that the operation needs. Any other category is denied. */
  readonly decisions: readonly CategoryDecision[];
  /** By category, the fields of it that the operation reads. A consent must cover all of them. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
  readonly caseFacts: SubjectNexusOptions['caseFacts'];
  readonly consents: Pick<ConsentStore, 'states'>;
  readonly protection: Protection;
  /** Gives the protected people of this request the numbers that registers are asked about instead. */
  readonly decoyFor: DecoyFor;
  /** Civil date of fact time, `YYYY-MM-DD`. */
  readonly factDate: string;
  readonly sealRequest: (request: ConsentRequest) => string;
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
}

/** The gate of one request. It also decides whether the question can be answered for the people that it names. */
export interface SubjectGate extends Gate {
  /**
   * Decides by the categories that the operation reads of the people that the question names, who may be
   * none. Asks the agency, never a register. Counts its subjects.
   */
  authorizeNamedSubjects(subjects: readonly string[], asked: readonly CategoryAccess[]): Promise<NamedSubjectsDecision>;
}

/**
 * Returns the consent gate of one request. It reads protection and consents in batches and keeps them
 * and the facts of the case until the request ends. The completion checks whether the consents are still current then.
 *
 * The list of protected people is asked about subjects and dwellings in one call.
 *
 * Protection comes before every basis and covers every subject: what would be granted about a protected
 * person is absent; what would be withheld is withheld as for any other person. Only they themselves see their own
 * data and home, after an authentication with assurance `high`.
 *
 * The people that the question names are counted before any source is asked, and others when the answer names
 * them: `Refusal` TOO_MANY_SUBJECTS above the ceiling of the purpose. Both methods reject with
 * PROTECTION_UNAVAILABLE when the list of protected people cannot be asked; and with the failure of the
 * facts of the case or of the consent store, unchanged.
 */
export function createSubjectGate(options: SubjectGateOptions): SubjectGate {
  const decisions = new Map(options.decisions.map((decision) => [categoryAccessKey(decision), decision]));
  const count = limitSubjects(options.purpose);
  const nexusOf = createSubjectNexus(options);
  const protectedAmong = createProtectedPeople(options);
  const statesOf = batchLoader((subjects) => readConsents(subjects, options));

  const factsOf = async (
    subjects: readonly SubjectRef[],
    dwellings: readonly string[] = [],
  ): Promise<readonly KnownSubject[]> => {
    const [nexus, hidden] = await Promise.all([
      nexusOf(subjects),
      protectedAmong({ subjects: subjects.map(({ id }) => id), dwellings }),
    ]);
    return subjects.map(({ id }, index) => {
      const isListed = hidden.subjects.has(id);
      const isOneself = isSurelyOneself(options.caller, id);
      return {
        age: ageClassOf(id, options.factDate),
        nexus: nexus[index] ?? [],
        tieNeeded: options.purpose.caseRequired,
        isProtected: isListed && !isOneself,
        seesOwnHome: isListed && isOneself,
      };
    });
  };

  const closedLinksOf = async (questions: readonly GateQuestion[]): Promise<readonly GateAnswer['closedLinks'][]> => {
    const links = questions.flatMap(({ subject, links: asked = [] }) => asked.map((link) => ({ link, subject })));
    const nexus =
      links.length === 0 ? [] : await nexusOf(links.map(({ link, subject }) => anyoneBehind(link, subject)));
    const closed = links.map(({ link }, index) =>
      closedBeyond(
        link,
        { nexus: nexus[index] ?? [], tieNeeded: options.purpose.caseRequired },
        { decisions, mayUseConsent: options.caller.agency !== undefined },
      ),
    );
    let next = 0;
    return questions.map(({ links: asked = [] }) => closed.slice(next, (next += asked.length)));
  };

  return {
    authorizeNamedSubjects: async (subjects, asked) => {
      for (const id of subjects) count(id);
      const facts = await factsOf(subjects.map((id) => ({ id, role: 'self' })));
      return checkNamedSubjects(
        asked.flatMap((one) => decisions.get(categoryAccessKey(one)) ?? []),
        facts,
        options.caller.agency !== undefined,
      );
    },
    countTold: ({ id }) => count(id),
    decideWithoutPerson: (categories) =>
      joinOutcomes(
        categories.map((asked) => {
          const decision = decisions.get(categoryAccessKey(asked));
          const permission = decision && permissionWithoutPerson(decision);
          const outcome: Outcome =
            permission === undefined
              ? { withheld: { code: 'POLICY_DENIED' } }
              : { grant: { basis: permission.basis, policies: permission.policies } };
          return { asked, outcome };
        }),
      ),
    decide: async (questions) => {
      const dwellings = questions.flatMap((question) => question.dwellings ?? []);
      const [facts, closed] = await Promise.all([
        factsOf(
          questions.map(({ subject }) => subject),
          dwellings,
        ),
        closedLinksOf(questions),
      ]);
      const homes = await protectedAmong({ subjects: [], dwellings });
      const known = questions.map((question, index) => ({ question, facts: facts[index] ?? UNKNOWN }));
      const inNeed = known.filter(({ question, facts }) =>
        question.categories.some((asked) => needsConsent(decisions.get(categoryAccessKey(asked)), facts)),
      );
      const states = await statesOf(inNeed.map(({ question }) => question.subject.id));
      return known.map(({ question, facts }, index) => {
        const answer = decideSubject(question, facts, states.get(question.subject.id) ?? [], { ...options, decisions });
        const closedLinks = closed[index] ?? [];
        const decoy = (): string | undefined =>
          options.decoyFor(
            question.subject.id,
            questions.map(({ subject }) => subject.id),
          );
        return {
          ...(facts.isProtected ? hideProtected(answer, decoy) : answer),
          ...(closedLinks.length === 0 ? {} : { closedLinks }),
          ...visibleDwellings(question, facts.seesOwnHome ? NO_HOMES : homes.dwellings),
        };
      });
    },
  };
}

interface KnownSubject extends SubjectFacts {
  readonly isProtected: boolean;
  /** A protected person who asks about themselves: their own home is not hidden from them. Others in it do not see it. */
  readonly seesOwnHome: boolean;
}

const NO_HOMES: ReadonlySet<string> = new Set();

/** Facts for a subject whose lookup is missing: no nexus, and treated as protected (fail closed). */
const UNKNOWN: KnownSubject = { age: 'adult', nexus: [], tieNeeded: true, isProtected: true, seesOwnHome: false };

/** Returns what counts distinct people over the whole request, and refuses the request above the ceiling of its purpose. */
function limitSubjects(purpose: Purpose): (id: string) => void {
  const counted = new Set<string>();
  return (id) => {
    counted.add(id);
    if (counted.size > purpose.maxSubjects) throw new Refusal('TOO_MANY_SUBJECTS', { reasons: [purpose.name] });
  };
}

async function readConsents(
  subjects: readonly string[],
  { caller, purpose, consents, case: matter, reads }: SubjectGateOptions,
): Promise<ReadonlyMap<string, readonly ConsentState[]>> {
  if (caller.agency === undefined || subjects.length === 0) return new Map();
  return consents.states({
    agency: caller.agency.id,
    purpose: purpose.name,
    caseNumber: matter?.number,
    subjects,
    reads,
  });
}

interface Decided extends Omit<SubjectGateOptions, 'decisions'> {
  readonly decisions: ReadonlyMap<string, CategoryDecision>;
}

function decideSubject(
  question: GateQuestion,
  facts: SubjectFacts,
  states: readonly ConsentState[],
  options: Decided,
): GateAnswer {
  let sealed: string | undefined;
  const request = (agency: string): string =>
    (sealed ??= options.sealRequest(requestTo(agency, question.subject, facts, states, options)));
  return joinOutcomes(
    question.categories.map((asked) => ({ asked, outcome: decideCategory(asked, facts, states, request, options) })),
  );
}

function decideCategory(
  asked: CategoryAccess,
  facts: SubjectFacts,
  states: readonly ConsentState[],
  request: (agency: string) => string,
  { decisions, caller }: Decided,
): Outcome {
  const decision = decisions.get(categoryAccessKey(asked));
  if (decision === undefined) return { withheld: { code: 'POLICY_DENIED' } };
  const lawful = statutoryPermission(decision, facts);
  if (lawful?.nexus !== undefined)
    return { grant: { basis: lawful.basis, nexus: lawful.nexus, policies: lawful.policies } };
  const consented = consentPermission(decision, facts);
  if (consented === undefined || caller.agency === undefined) return { withheld: { code: 'POLICY_DENIED' } };
  const outcome = consentOutcome(asked.category, consented, states);
  return 'grant' in outcome
    ? outcome
    : { withheld: { code: outcome.missing, consentRequest: request(caller.agency.id) } };
}

/** Returns one request for everything in the operation that this person's consent would open, so that the person is asked once. */
function requestTo(
  agency: string,
  subject: SubjectRef,
  facts: SubjectFacts,
  states: readonly ConsentState[],
  options: Decided,
): ConsentRequest {
  const inForce = new Set(states.filter(({ status }) => status === 'given').flatMap(({ categories }) => categories));
  const openable = [...options.decisions.values()].filter(
    (decision) => needsConsent(decision, facts) && !inForce.has(decision.category),
  );
  return {
    agency,
    purpose: options.purpose.name,
    caseNumber: options.case?.number,
    categories: [...new Set(openable.map(({ category }) => category))],
    subject: subject.id,
  };
}

function needsConsent(decision: CategoryDecision | undefined, facts: SubjectFacts): boolean {
  return (
    decision !== undefined &&
    statutoryPermission(decision, facts) === undefined &&
    consentPermission(decision, facts) !== undefined
  );
}
