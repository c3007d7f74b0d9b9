import type { HttpResponse } from '../../schemas/ports/http-client.js';
import { utf8Text } from '../../schemas/utf8-text.js';
import type { RegisterFailureKind } from '../port.js';
import { retryAfterMs } from './retry-after.js';

export interface TextReply {
  readonly status: 200 | 404;
  readonly text: string;
}

/** A reply that is no answer. */
export class Unreadable extends Error {
  readonly kind: RegisterFailureKind;
  /** How long the register wants to be left alone, where it said so. */
  readonly retryAfterMs: number | undefined;
  constructor(kind: RegisterFailureKind, afterMs?: number) {
    super(kind);
    this.kind = kind;
    this.retryAfterMs = afterMs;
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
  if (!accepts(oneOf(headers['content-type']) ?? '')) throw new Unreadable('malformed');
  return { status: answered, text: decode(body) };
}

function oneOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header[0] : header;
}

/** A status that is neither an answer nor an error of the register (a redirect, 204) is not of the protocol. */
function answerStatus(status: number, retryAfter: string | undefined, now: () => Date): TextReply['status'] {
  if (status === 200 || status === 404) return status;
  if (status === 429 || status === 503) throw new Unreadable('overloaded', retryAfterMs(retryAfter, now()));
  if (status === 401 || status === 403) throw new Unreadable('denied');
  throw new Unreadable(status >= 400 ? 'failed' : 'malformed');
}

function decode(bytes: Buffer): string {
  const text = utf8Text(bytes);
  if (text === undefined) throw new Unreadable('malformed');
  return text;
}
