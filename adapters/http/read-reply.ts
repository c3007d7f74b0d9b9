import type { HttpResponse } from '../../schemas/ports/http-client.js';
import type { FailureReason } from '../../schemas/register-failure.js';
import { utf8Text } from '../../schemas/utf8-text.js';
import { retryAfterMs } from './retry-after.js';

export interface TextReply {
  readonly status: 200 | 404;
  readonly text: string;
}

/** A reply that is no answer. */
export class Unreadable extends Error {
  readonly reason: FailureReason;
  /** How long the register wants to be left alone, where it said so. */
  readonly retryAfterMs: number | undefined;
  /** Whether the register works and declines this call ({@link RegisterDeclined}). */
  readonly isDeclined: boolean;
  constructor(
    reason: FailureReason,
    {
      afterMs,
      isDeclined = false,
    }: { readonly afterMs?: number | undefined; readonly isDeclined?: boolean | undefined } = {},
  ) {
    super(reason);
    this.reason = reason;
    this.retryAfterMs = afterMs;
    this.isDeclined = isDeclined;
  }
}

export interface ReplyRules {
  /** Whether a reply of this `Content-Type` is of the protocol. */
  readonly accepts: (contentType: string) => boolean;
  /** Real time, for a `Retry-After` that is a date. */
  readonly now: () => Date;
}

/**
 * Returns the answer in a reply: UTF-8 text of a type that is accepted, with status 200 or 404. Throws
 * {@link Unreadable} for any other reply.
 */
export function readReply({ status, headers, body }: HttpResponse, { accepts, now }: ReplyRules): TextReply {
  const answered = answerStatus(status, oneOf(headers['retry-after']), now);
  if (!accepts(oneOf(headers['content-type']) ?? '')) throw new Unreadable('content_type');
  return { status: answered, text: decode(body) };
}

function oneOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header[0] : header;
}

/**
 * Returns a status that is an answer. Throws for any other. One below 400 (204, 206) says that the register works, and
 * that the call is not the one that was meant.
 */
function answerStatus(status: number, retryAfter: string | undefined, now: () => Date): TextReply['status'] {
  if (status === 200 || status === 404) return status;
  if (status === 429 || status === 503)
    throw new Unreadable('overloaded', { afterMs: retryAfterMs(retryAfter, now()) });
  if (status === 401) throw new Unreadable('credentials_refused');
  if (status === 403) throw new Unreadable('access_refused');
  if (status >= 300 && status < 400) throw new Unreadable('redirect_refused');
  throw new Unreadable('status_unexpected', { isDeclined: status < 400 });
}

function decode(bytes: Buffer): string {
  const text = utf8Text(bytes);
  if (text === undefined) throw new Unreadable('text_invalid');
  return text;
}
