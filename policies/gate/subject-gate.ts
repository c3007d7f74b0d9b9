import { ageClassOf } from '../../schemas/identifiers/iin.js';
import type { CategoryAccess, Gate, GateAnswer, GateQuestion, SubjectRef } from '../../schemas/ports/gate.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Caller, Case, NexusKind } from '../../schemas/vocabulary.js';
import type { ConsentState, ConsentStore } from '../consent/port.js';
import type { ConsentRequest } from '../consent/request.js';
import { permissionWithoutPerson } from '../decision/permissions.js';
import type { CategoryDecision, Permission } from '../decision/port.js';
import type { Purpose } from '../decision/purposes.js';
import type { DecoyFor } from '../protection/decoys.js';
import type { Protection } from '../protection/port.js';
import { batchLoader } from './batch-loader.js';
import { categoryAccessKey } from './category-decisions.js';
import { anyoneBehind, closedBeyond } from './closed-links.js';
import { consentOutcome } from './consent-outcome.js';
import {
  consentPermission,
  isOpenByConsentOnly,
  statutoryPermission,
  type SubjectFacts,
} from './fulfilled-permission.js';
import { hideProtected, isSurelyOneself } from './hide-protected.js';
import { createProtectedPeople } from './protected-people.js';
import { checkNamedSubjects, type NamedSubjectsDecision } from './named-subjects.js';
import { disclosuresLast, JoinedOutcomes, joinOutcomes, type Outcome } from './subject-outcomes.js';
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
  const rulesOf = remembering((asked: readonly CategoryAccess[]) => rulesOn(asked, decisions));
  const ageOf = remembering((id: string) => ageClassOf(id, options.factDate));
  const count = limitSubjects(options.purpose);
  const nexusOf = createSubjectNexus(options);
  const protectedAmong = createProtectedPeople(options);
  const statesOf = batchLoader((subjects) => readConsents(subjects, options));

  const decided: Decided = { ...options, decisions, outcomes: new Map() };

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
        age: ageOf(id),
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
      // States are read beside the facts or, where the facts say who needs a consent, while the intent is being
      // committed. A failure is met by who needs the states. Without need there is no read.
      const rules = rulesOf(asked);
      const surelyInNeed = subjects.filter((id) =>
        rules.some(({ decision }) => decision !== undefined && isOpenByConsentOnly(decision, ageOf(id))),
      );
      statesOf(surelyInNeed).catch(() => undefined);
      const facts = await factsOf(subjects.map((id) => ({ id, role: 'self' })));
      const inNeed = subjects.filter((_, index) =>
        rules.some(({ decision }) => needsConsent(decision, facts[index] ?? UNKNOWN)),
      );
      statesOf(inNeed).catch(() => undefined);
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
        rulesOf(question.categories).some(({ decision }) => needsConsent(decision, facts)),
      );
      const states = await statesOf(inNeed.map(({ question }) => question.subject.id));
      return known.map(({ question, facts }, index) => {
        const answer = decideSubject(
          { subject: question.subject, rules: rulesOf(question.categories), facts },
          states.get(question.subject.id) ?? [],
          decided,
        );
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

/** Returns a function that calls `of` once for each argument, for as long as it is kept: for one request. */
function remembering<Argument, Result>(of: (argument: Argument) => Result): (argument: Argument) => Result {
  const known = new Map<Argument, Result>();
  return (argument) => {
    let result = known.get(argument);
    if (result === undefined) known.set(argument, (result = of(argument)));
    return result;
  };
}

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
  /** Grants by law that this request has made. */
  readonly outcomes: Map<Permission, Outcome>;
}

/** A category that is asked for, and the decision on it. */
interface Rule {
  readonly asked: CategoryAccess;
  readonly decision: CategoryDecision | undefined;
}

/** Returns the decisions in the order in which their outcomes are joined, see {@link joinOutcomes}. */
function rulesOn(asked: readonly CategoryAccess[], decisions: Decided['decisions']): readonly Rule[] {
  return disclosuresLast(asked).map((one) => ({ asked: one, decision: decisions.get(categoryAccessKey(one)) }));
}

/** A person to decide on. */
interface ToDecide {
  readonly subject: SubjectRef;
  readonly rules: readonly Rule[];
  readonly facts: SubjectFacts;
}

function decideSubject(person: ToDecide, states: readonly ConsentState[], options: Decided): GateAnswer {
  let sealed: string | undefined;
  const request = (agency: string): string =>
    (sealed ??= options.sealRequest(requestTo(agency, person.subject, person.facts, states, options)));
  const joined = new JoinedOutcomes();
  for (const rule of person.rules) joined.add(rule.asked, decideCategory(rule, person.facts, states, request, options));
  return joined.answer();
}

function decideCategory(
  { asked, decision }: Rule,
  facts: SubjectFacts,
  states: readonly ConsentState[],
  request: (agency: string) => string,
  { caller, outcomes }: Decided,
): Outcome {
  if (decision === undefined) return DENIED;
  const lawful = statutoryPermission(decision, facts);
  if (lawful?.nexus !== undefined) return lawfulOutcome(lawful, lawful.nexus, outcomes);
  const consented = consentPermission(decision, facts);
  if (consented === undefined || caller.agency === undefined) return DENIED;
  const outcome = consentOutcome(asked.category, consented, states);
  return 'grant' in outcome
    ? outcome
    : { withheld: { code: outcome.missing, consentRequest: request(caller.agency.id) } };
}

const DENIED: Outcome = { withheld: { code: 'POLICY_DENIED' } };

/** Everyone who has a category on the same permission by law has the same grant, which names no person. */
function lawfulOutcome(permission: Permission, nexus: NexusKind, outcomes: Map<Permission, Outcome>): Outcome {
  let outcome = outcomes.get(permission);
  if (outcome === undefined)
    outcomes.set(permission, (outcome = { grant: { basis: permission.basis, nexus, policies: permission.policies } }));
  return outcome;
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
