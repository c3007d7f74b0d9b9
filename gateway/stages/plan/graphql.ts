import { Refusal } from '../../../schemas/refusal.js';
import type { TrustedDocuments } from '../../../schemas/operations/load-documents.js';
import type { ExecutionOutcome } from '../../execution/port.js';
import type { PlannedDocument, TrustedDocument } from '../../planning/plan.js';
import { shareOf } from '../../planning/document/override-share.js';
import type { ViewOf } from '../../planning/document/caller-views.js';
import type { DocumentPreparer } from '../../planning/prepare.js';
import type { Admitted, Authenticated, Planned } from '../../request.js';
import type { Gate } from '../../../schemas/ports/gate.js';
import { namedBy } from '../named-people.js';
import { checkCase } from './check-case.js';
import { readGraphqlBody, type GraphQLRequestBody } from './graphql-body.js';

/** What a GraphQL request asks: a planned document and its coerced variables. */
export interface QuestionWork {
  readonly planned: PlannedDocument;
  /** The text that was planned. Apollo Server gets the same text. */
  readonly text: string;
  /** As the client sent them, coerced by the public schema. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What authorize allows: the gate of this request, and variables with people's numbers in place of handles. */
export interface QuestionAllowed {
  readonly gate: Gate;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly categories: readonly string[];
}

export type QuestionOutcome = ExecutionOutcome;

export interface PlanQuestionDependencies {
  readonly documents: TrustedDocuments;
  readonly preparer: DocumentPreparer;
  /** What a caller can see of the public schema; undefined where everyone sees all of it. */
  readonly viewOf: ViewOf | undefined;
  readonly coerce: (
    planned: PlannedDocument,
    variables: Readonly<Record<string, unknown>>,
  ) => Readonly<Record<string, unknown>>;
}

/**
 * Plans a question: parse, limits, validation on what the caller can see, alias hardening, query plan. It
 * may be a text or a trusted document's id; AI callers must send an id.
 */
export async function planQuestion(
  request: Admitted,
  dependencies: PlanQuestionDependencies,
): Promise<Planned<QuestionWork>> {
  const body = readGraphqlBody(request.body);
  const source = resolveSource(body, request, dependencies.documents);
  const { preparer } = dependencies;
  const variables = body.variables ?? {};
  const share = preparer.shares.length > 1 ? shareOf(variables) : 0;
  const view = dependencies.viewOf?.(request.caller);
  const planned = await preparer.prepare(source.text, body.operationName, source.trusted, {
    share,
    variables,
    claimant: request.claimant,
    ...(view === undefined ? {} : { view }),
  });
  const coerced = dependencies.coerce(planned, aboutOneself(request, planned, variables));
  const named = namedBy(planned, coerced);
  checkCase(request.case, named.numbers);
  return {
    ...request,
    question: questionOf(request, planned),
    named,
    work: { planned, text: source.text, variables: coerced },
  };
}

/**
 * Sets every variable that names a person to the citizen who has signed in, because citizens ask
 * only about themselves.
 */
function aboutOneself(
  { caller }: Authenticated,
  { rootSubjects }: PlannedDocument,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (caller.kind !== 'citizen') return variables;
  const named = rootSubjects.flatMap(({ form, source }) =>
    form === 'identifier' && source !== undefined ? [[source.variable, caller.person] as const] : [],
  );
  return { ...variables, ...Object.fromEntries(named) };
}

interface DocumentSource {
  readonly text: string;
  readonly trusted: TrustedDocument | undefined;
}

function resolveSource(body: GraphQLRequestBody, request: Authenticated, documents: TrustedDocuments): DocumentSource {
  if (body.documentId === undefined) {
    if (request.caller.kind === 'ai') throw new Refusal('DOCUMENT_ID_REQUIRED');
    return { text: body.query ?? '', trusted: undefined };
  }
  const found = documents.find(body.documentId);
  if (found === undefined) throw new Refusal('DOCUMENT_NOT_FOUND');
  assertRegisteredFor(found, request);
  return { text: found.text, trusted: found };
}

function assertRegisteredFor(document: TrustedDocument, request: Authenticated): void {
  const { caller, purpose } = request;
  const byCaller =
    document.allowed.includes(caller.system) ||
    (caller.agency !== undefined && document.allowed.includes(caller.agency.id));
  if (!byCaller) throw new Refusal('DOCUMENT_NOT_ALLOWED', { reasons: ['caller'] });
  if (!document.purposes.includes(purpose)) throw new Refusal('DOCUMENT_NOT_ALLOWED', { reasons: ['purpose'] });
}

function questionOf(request: Authenticated, planned: PlannedDocument): Planned<QuestionWork>['question'] {
  return {
    surface: 'graphql',
    purpose: request.purpose,
    case: request.case ?? null,
    documentHash: planned.documentHash,
    documentName: planned.trusted?.name ?? null,
    operationName: planned.loggedNames.operation,
  };
}
