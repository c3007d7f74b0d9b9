import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from '../../schemas/refusal.js';
import { formatRefusal } from '../errors.js';
import { ANSWER_HEADERS, refusalHeaders } from './answer-headers.js';
import { preferredLanguage } from './language.js';
import { answerType } from './negotiate.js';

/** An answer, ready to leave. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Set when it is a refusal of the whole. */
  readonly refusal?: Refusal | undefined;
}

/** Sends an answer as JSON, in the type that the client accepts. Does nothing when the client has gone. */
export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, refusal }: Answer,
): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...ANSWER_HEADERS,
    ...refusalHeaders(refusal),
    'Content-Type': `${answerType(request.headers.accept)}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

/** Sends a refusal that no stage of the pipeline saw: same form, no receipt. */
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
