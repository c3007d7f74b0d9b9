import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Slots } from '../admission/slots.js';
import { checkBodyHeaders, discardThen, readJsonBody, type BodyLimits } from '../http/body.js';
import type { Connections } from '../http/connections/connections.js';
import type { InFlight } from '../http/in-flight.js';
import { readHead } from '../http/receive.js';
import { sendAnswer, sendRefusal } from '../http/respond.js';
import { sendParts } from '../http/stream.js';
import { AnswerStream } from './answer-stream.js';
import type { Officer } from './officer.js';
import { openApiDocument, OPENAPI_PATH } from './openapi.js';
import type { OfficersPages } from './pages.js';
import { refusalOf } from './refusal-of.js';
import { assertRole, type OfficerRoute, type RouteAnswer } from './routes/route.js';
import { RESOURCE_METADATA_PATH, type ResourceMetadata } from './resource-metadata.js';
import type { OfficerSignIn } from './sign-in.js';

/** What one reading of the configuration serves to officers. */
export interface OfficersApi {
  readonly signIn: OfficerSignIn;
  readonly routes: readonly OfficerRoute[];
  /** Pages for browsers on the same address; undefined if there are none. */
  readonly pages?: OfficersPages | undefined;
  /** What clients need to know to sign in, for everyone to read; undefined where they have it from elsewhere. */
  readonly metadata?: ResourceMetadata | undefined;
}

/** What stays when one reading of the configuration replaces another. */
export interface AnsweringDependencies {
  readonly connections: Pick<Connections, 'sourceOf' | 'known' | 'answerInTurn' | 'countRefused'>;
  readonly inFlight: InFlight;
  /** Requests of officers that are worked on at once. */
  readonly slots: Slots;
  readonly bodyLimits: BodyLimits;
  readonly random: Random;
  readonly observer: Observer;
  /** Counts a refusal of an officer who is known. Nothing waits for it. */
  readonly countRefused: (refusal: {
    readonly code: string;
    readonly source: string;
    readonly agency?: string;
    readonly system?: string;
  }) => void;
}

/** Answers requests of officers. */
export type AnswerOfficers = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Makes what answers officers. The order: what the head alone shows, the officer behind token and proof, a place to work,
 * the role, the input by its shape, and then the route, which records before it reads. Those who bring no token are refused
 * in turn.
 */
export function createAnswering(api: OfficersApi, dependencies: AnsweringDependencies): AnswerOfficers {
  const open = openDocuments(api);
  return (request, response) => {
    const requestId = dependencies.random.uuid();
    const document = request.method === 'GET' ? open.get(request.url ?? '') : undefined;
    if (document !== undefined) {
      const send = (): void => sendAnswer(request, response, { status: 200, body: document });
      discardThen(request, () => dependencies.connections.answerInTurn(request, send));
      return;
    }
    if (api.pages?.takes(request) === true) {
      api.pages.answer(request, response, dependencies);
      return;
    }
    if (request.headers.authorization === undefined) {
      refuseStranger(request, response, requestId, dependencies);
      return;
    }
    const asking = { request, response, requestId };
    void answer(asking, api, dependencies).then(
      (answered) => {
        if (answered === undefined) response.end();
        else sendAnswer(request, response, answered);
        count(undefined, dependencies);
      },
      (error: unknown) => refuse(asking, error, dependencies),
    );
  };
}

interface Asking {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

/** A refusal of a known officer, so that its count names the agency. */
class OfficerRefused extends Error {
  readonly officer: Officer;
  constructor(officer: Officer, cause: unknown) {
    super('an officer was refused', { cause });
    this.officer = officer;
  }
}

/** Resolves with the answer; with undefined when it has left as a stream, but for its end. */
async function answer(
  { request, response }: Asking,
  { signIn, routes }: OfficersApi,
  dependencies: AnsweringDependencies,
): Promise<RouteAnswer | undefined> {
  const { connections, inFlight, bodyLimits, slots } = dependencies;
  response.once('close', inFlight.enter());
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const head = readHead(request);
  const found = matchRoute(routes, head.method, head.path);
  if (head.method !== 'GET') checkBodyHeaders(request, bodyLimits);
  const { name, hasLimit } = connections.sourceOf(request);
  const party = hasLimit ? name : dependencies.random.uuid();
  const officer = await signIn.authenticate(head, { party, signal: gone.signal });
  connections.known(request);
  try {
    const claimant = { caller: `${officer.issuer} ${officer.subject}`, weight: 1 };
    const leave = await slots.enter(claimant, gone.signal);
    try {
      assertRole(found.route, officer);
      const body = head.method === 'GET' ? undefined : await readJsonBody(request, bodyLimits);
      const answered = await found.route.run(officer, { path: found.path, query: queryOf(head.query), body });
      if (!(answered instanceof AnswerStream)) return { status: found.route.status, body: answered };
      await answered.pour((stream, parts) => sendParts(response, stream, { parts, gone: gone.signal }));
      return undefined;
    } finally {
      leave();
    }
  } catch (error) {
    throw new OfficerRefused(officer, error);
  }
}

/** Returns what everyone may read, by its path: nothing that the documentation or a sign-in does not say. */
function openDocuments({ routes, metadata }: OfficersApi): ReadonlyMap<string, object> {
  return new Map<string, object>([
    [OPENAPI_PATH, openApiDocument(routes)],
    ...(metadata === undefined ? [] : [[RESOURCE_METADATA_PATH, metadata] as const]),
  ]);
}

interface Matched {
  readonly route: OfficerRoute;
  readonly path: Readonly<Record<string, string>>;
}

/** @throws Refusal `NOT_FOUND` or `METHOD_NOT_ALLOWED`. */
function matchRoute(routes: readonly OfficerRoute[], method: string, path: string): Matched {
  const matched = routes.flatMap((route) => {
    const parameters = parametersOf(route.path, path);
    return parameters === undefined ? [] : [{ route, path: parameters }];
  });
  if (path === OPENAPI_PATH || path === RESOURCE_METADATA_PATH)
    throw new Refusal('METHOD_NOT_ALLOWED', { reasons: ['GET'] });
  if (matched.length === 0) throw new Refusal('NOT_FOUND');
  const found = matched.find(({ route }) => route.method === method);
  if (found === undefined)
    throw new Refusal('METHOD_NOT_ALLOWED', { reasons: matched.map(({ route }) => route.method) });
  return found;
}

/** Texts of an address are compared as they came: a parameter in percent codes is none of ours. */
function parametersOf(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const [wanted, given] = [template.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [nth, part] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined) parameters[name] = given[nth] ?? '';
    else if (part !== given[nth]) return undefined;
  }
  return parameters;
}

/** @throws Refusal `AUDIT_REQUEST_INVALID` for a parameter that is given twice. */
function queryOf(query = ''): Readonly<Record<string, string>> {
  const given = [...new URLSearchParams(query)];
  if (new Set(given.map(([name]) => name)).size !== given.length)
    throw new Refusal('AUDIT_REQUEST_INVALID', { reasons: ['query_repeated'] });
  return Object.fromEntries(given);
}

function refuseStranger(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  { connections, observer }: AnsweringDependencies,
): void {
  const refusal = new Refusal('UNAUTHENTICATED', { reasons: ['token_missing'] });
  connections.countRefused(request, refusal.code);
  discardThen(request, () =>
    connections.answerInTurn(request, () => sendRefusal(request, response, refusal, requestId)),
  );
  count(refusal, { observer });
}

function refuse({ request, response, requestId }: Asking, error: unknown, dependencies: AnsweringDependencies): void {
  const { connections, observer, countRefused } = dependencies;
  // What has begun is not refused any more: without its end, the client knows that it is not whole.
  if (response.headersSent) response.destroy();
  const officer = error instanceof OfficerRefused ? error.officer : undefined;
  const refusal = refusalOf(error instanceof OfficerRefused ? error.cause : error);
  if (refusal.code === 'INTERNAL_SERVER_ERROR')
    observer.log('error', 'officer_request_failed', {
      requestId,
      failure: refusal.cause instanceof Error ? refusal.cause.name : typeof refusal.cause,
    });
  countRefused({
    code: refusal.code,
    source: connections.sourceOf(request).name,
    ...(officer === undefined ? {} : { agency: officer.agency, system: officer.client }),
  });
  const send = (): void => sendRefusal(request, response, refusal, requestId);
  discardThen(request, officer === undefined ? () => connections.answerInTurn(request, send) : send);
  count(refusal, dependencies);
}

function count(refusal: Refusal | undefined, { observer }: Pick<AnsweringDependencies, 'observer'>): void {
  observer.count('tereze_requests_total', {
    surface: 'audit',
    outcome: refusal === undefined ? 'answered' : 'refused',
    code: refusal?.code ?? 'none',
  });
}
