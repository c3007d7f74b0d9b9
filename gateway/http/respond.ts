import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from '../../schemas/refusal.js';
import { challengeOf } from '../auth/challenge.js';
import { formatRefusal } from '../errors.js';
import type { Recorded } from '../request.js';
import { answerType, documentStatus, preferredLanguage } from './negotiate.js';

/** Seconds after which a client may try again at a gateway that is overloaded or shutting down. */
const RETRY_AFTER_S = '2';

/** Headers of every response: no caching, no content sniffing. */
export const ANSWER_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};

/** A recorded request as HTTP: status and JSON body. */
export interface Rendered<Body> {
  readonly status: number;
  readonly body: Body;
}

/** GraphQL's response members (GraphQL spec, section 7.1). */
export interface GraphqlBody {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string }[];
  readonly extensions: Record<string, unknown>;
}

/** An answer, ready to leave. */
export interface Answer extends Rendered<unknown> {
  /** Set when the whole request is refused. */
  readonly refusal?: Refusal | undefined;
  /** Text after the JSON. Nothing if absent. */
  readonly end?: string;
}

/**
 * Returns `{data?, errors?, extensions}`: the first two exactly as the log commits to them, the
 * receipt beside them.
 *
 * @param accept the client's header of this name.
 */
export function renderGraphql(recorded: Recorded, accept?: string): Rendered<GraphqlBody> {
  const { result, refusal } = recorded;
  return {
    status: refusal === undefined ? 200 : documentStatus(refusal, accept),
    body: {
      ...(result.errors === undefined ? {} : { errors: result.errors as NonNullable<GraphqlBody['errors']> }),
      ...(result.data === undefined ? {} : { data: result.data as Record<string, unknown> | null }),
      extensions: { tereze: terezeExtension(recorded) },
    },
  };
}

function terezeExtension({ requestId, receipt, report, fenced }: Recorded): Record<string, unknown> {
  return {
    requestId,
    ...(receipt === undefined ? {} : { receipt }),
    ...(fenced === undefined ? {} : { fenced }),
    ...(report ?? {}),
  };
}

/** Returns the answer of a surface that is not GraphQL: the same members, the same receipt. */
export function renderAct(recorded: Recorded): Rendered<GraphqlBody> {
  return renderGraphql(recorded);
}

/** Returns the headers that a refusal adds: how to authenticate, which methods exist, when to try again. */
export function refusalHeaders(refusal: Refusal | undefined): Readonly<Record<string, string>> {
  if (refusal === undefined) return {};
  const challenge = challengeOf(refusal);
  return {
    ...(challenge === undefined ? {} : { 'WWW-Authenticate': challenge }),
    ...(refusal.code === 'METHOD_NOT_ALLOWED' ? { Allow: refusal.reasons.join(', ') } : {}),
    ...(refusal.status === 503 ? { 'Retry-After': RETRY_AFTER_S } : {}),
    ...(refusal.retryAfterS === undefined ? {} : { 'Retry-After': String(refusal.retryAfterS) }),
    // The rest of the request may still arrive, and must not be read as the next request.
    ...(['PAYLOAD_TOO_LARGE', 'REQUEST_TIMEOUT', 'SHUTTING_DOWN', 'OVERLOADED'].includes(refusal.code)
      ? { Connection: 'close' }
      : {}),
  };
}

/** Sends an answer as JSON, in the type that the client prefers. Does nothing if the client has gone. */
export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, refusal, end = '' }: Answer,
): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body) + end;
  const bytes = Buffer.byteLength(text);
  response.writeHead(status, {
    ...ANSWER_HEADERS,
    ...refusalHeaders(refusal),
    // The rest of the body may still arrive, and must not be read as the next request.
    ...(isCut(request) ? { Connection: 'close' } : {}),
    'Content-Type': `${answerType(request.headers.accept)}; charset=utf-8`,
    'Content-Length': bytes,
  });
  if (request.method === 'HEAD') response.end();
  // Texts in ASCII are the same bytes in Latin-1, which Node copies. For others it would take three bytes a character.
  else if (bytes === text.length) response.end(text, 'latin1');
  else response.end(Buffer.from(text));
}

/** Whether a request has a body that has not arrived whole. */
function isCut({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false;
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/** Sends a refusal that did not pass the pipeline: the same form, without a receipt. */
export function sendRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  refusal: Refusal,
  requestId: string,
): void {
  const error = formatRefusal(refusal, requestId, preferredLanguage(request.headers['accept-language']));
  sendAnswer(request, response, {
    status: refusal.status,
    body: { errors: [error], extensions: { tereze: { requestId } } },
    refusal,
  });
}
