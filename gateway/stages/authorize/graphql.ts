import type { CategoryAccess } from '../../../schemas/ports/gate.js';
import type { CategoryDecision } from '../../../policies/decision/port.js';
import { permissionWithoutPerson, type CategoryQuestion } from '../../../policies/decision/permissions.js';
import type { Handles } from '../../../policies/disclosure/port.js';
import type { OpenGate } from '../../../policies/gate/open-gate.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { FootprintEntry, PlannedDocument } from '../../planning/plan.js';
import type { Authorized, Planned } from '../../request.js';
import type { QuestionAllowed, QuestionWork } from '../plan/graphql.js';
import { assertAssurance, type AssuranceDependencies } from './assurance.js';
import { assertOwnCase, confirmCase, withConfirmedCase, type ConfirmCaseDependencies } from './confirm-case.js';
import { fieldsRead, neededAccess, neededOfNamed, neededOfNoPerson } from './needed-access.js';
import { namedSubjectsOf } from './named-subjects.js';
import { assertAnchored, type AnchoredDependencies } from './anchored.js';
import { assertStateCurrent, type StateCurrentDependencies } from './state-current.js';

export interface AuthorizeQuestionDependencies
  extends StateCurrentDependencies, AnchoredDependencies, ConfirmCaseDependencies, AssuranceDependencies {
  readonly handles: Handles;
  /** The permissions of this caller for one category and purpose. Without any, the category is denied. */
  readonly permissionsFor: (question: CategoryQuestion) => CategoryDecision;
  readonly openGate: OpenGate;
  /** `withhold`: denied categories become nulls instead of refusing the whole. */
  readonly onDenied: 'refuse' | 'withhold';
}

/**
 * Decides on the categories that the *plan* reads, before any register is called. The document asks for nothing
 * outside the caller's view: such a field does not exist for the plan stage. A person whose authentication is weaker
 * than the purpose demands is refused before all else. A category denied for this purpose
 * refuses the whole request and names only paths that the client wrote. So does a case that is not open,
 * and a named person without a nexus. During execution, the gate decides the rest for each subject.
 */
export async function authorizeQuestion(
  request: Planned<QuestionWork>,
  dependencies: AuthorizeQuestionDependencies,
): Promise<Authorized<QuestionWork, QuestionAllowed>> {
  assertStateCurrent(dependencies);
  assertAnchored(dependencies);
  const { planned } = request.work;
  assertAssurance(request, request.purpose, categoriesOf(neededAccess(planned.footprint)), dependencies);
  const decisions = decideCategories(request, dependencies);
  assertOpenWithoutPerson(decisions, planned.footprint);
  const variables = await resolveHandles(request, dependencies.handles);
  const subjects = namedSubjectsOf(planned, variables);
  recordSelf(request);
  let facts: ReturnType<typeof confirmCase> | undefined;
  const gate = dependencies.openGate({
    caller: request.caller,
    purpose: request.purpose,
    case: request.case,
    decisions,
    reads: fieldsRead(planned.footprint),
    deadline: request.deadline,
    caseFacts: () => (facts ??= confirmCase(request, subjects, dependencies)),
  });
  const closed = await gate.closedTo(subjects, neededOfNamed(planned.footprint));
  if (closed.length > 0) throw new Refusal('POLICY_DENIED', { reasons: ['nexus'], categories: closed });
  return {
    ...withConfirmedCase(request),
    subjects,
    allowed: { gate, variables, categories: decisions.map(({ category }) => category) },
  };
}

/** A person who is signed in is tied to what they ask about themselves by the token, which their issuer can find again. */
function recordSelf({ caller: { person }, token: { issuer, idHash }, at, access }: Planned<QuestionWork>): void {
  if (person === undefined) return;
  const facts = { issuer, token: idHash, subject: person };
  access.recordNexus({ source: issuer, answeredAt: at.toISOString(), people: [person], facts });
}

function decideCategories(
  request: Planned<QuestionWork>,
  { permissionsFor, onDenied }: AuthorizeQuestionDependencies,
): readonly CategoryDecision[] {
  const { caller, purpose } = request;
  const ownCase = request.case?.agency === caller.agency?.id;
  const { footprint } = request.work.planned;
  const decisions = neededAccess(footprint).map((needed) => permissionsFor({ caller, purpose, ownCase, ...needed }));
  const denied = decisions.filter(({ permissions }) => permissions.length === 0);
  assertOwnCase(request);
  if (denied.length > 0 && onDenied === 'refuse') throw deniedRefusal(denied, footprint);
  return decisions;
}

/**
 * Refuses a question about no person, if the rules open one of its categories only about people: for them a nexus or a
 * consent is needed, and there is no one to have it. Categories without any permission are left out, as for people.
 */
function assertOpenWithoutPerson(decisions: readonly CategoryDecision[], footprint: readonly FootprintEntry[]): void {
  const needed = new Set(neededOfNoPerson(footprint).map(({ category, access }) => `${access} ${category}`));
  const closed = decisions.filter(
    (decision) =>
      needed.has(`${decision.access} ${decision.category}`) &&
      decision.permissions.length > 0 &&
      permissionWithoutPerson(decision) === undefined,
  );
  if (closed.length > 0)
    throw deniedRefusal(
      closed,
      footprint.filter(({ ofNoPerson }) => ofNoPerson),
      'no_subject',
    );
}

function deniedRefusal(
  denied: readonly CategoryDecision[],
  footprint: readonly FootprintEntry[],
  reason: 'category' | 'no_subject' = 'category',
): Refusal {
  const isDenied = (entry: FootprintEntry): boolean =>
    denied.some(
      ({ category, access }) => category === entry.category && (access === 'read' || access === entry.access),
    );
  const paths = new Set(footprint.filter(isDenied).flatMap(({ clientPaths }) => clientPaths));
  return new Refusal('POLICY_DENIED', {
    reasons: [reason],
    paths: [...paths].map((path) => path.split('.')),
    categories: categoriesOf(denied),
  });
}

function categoriesOf(accesses: readonly CategoryAccess[]): readonly string[] {
  return [...new Set(accesses.map(({ category }) => category))];
}

/** Returns the variables with people's numbers in place of handles. */
async function resolveHandles(
  request: Planned<QuestionWork>,
  handles: Handles,
): Promise<Readonly<Record<string, unknown>>> {
  const { planned, variables } = request.work;
  const entries = await Promise.all(
    handleValues(planned, variables).map(
      async ({ variable, handle }) => [variable, await resolveOne(request, handle, handles)] as const,
    ),
  );
  return { ...variables, ...Object.fromEntries(entries) };
}

function handleValues(
  planned: PlannedDocument,
  variables: Readonly<Record<string, unknown>>,
): readonly { variable: string; handle: string }[] {
  return planned.handleVariables.flatMap((variable) => {
    const value = variables[variable];
    return typeof value === 'string' ? [{ variable, handle: value }] : [];
  });
}

async function resolveOne(request: Planned<QuestionWork>, handle: string, handles: Handles): Promise<string> {
  // Without the person behind the handle, everything that the question reads about them is closed.
  const categories = categoriesOf(neededOfNamed(request.work.planned.footprint));
  if (request.case === undefined) throw new Refusal('CASE_REQUIRED', { categories });
  const person = await handles.resolve({
    handle,
    receiver: request.caller.system,
    purpose: request.purpose,
    case: request.case,
  });
  if (person === undefined) throw new Refusal('HANDLE_INVALID', { categories });
  return person;
}
