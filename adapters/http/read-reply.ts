import type { HttpResponse } from '../../schemas/ports/http-client.js';
import type { ReadContent } from './content.js';
import { fieldValue } from './field-value.js';
import { inflated } from './inflate.js';
import { retryAfterMs } from './retry-after.js';
import { Unreadable } from './unreadable.js';

export interface TextReply {
  readonly status: number;
  /** Empty if the answer is in the status alone. */
  readonly text: string;
  readonly headers?: HttpResponse['headers'] | undefined;
}

/**
 * What a status means to the protocol: `text` is an answer in the body, `status` an answer whose body is passed over.
 * Undefined: it is no answer.
 */
export type StatusMeaning = (status: number) => 'text' | 'status' | undefined;

export interface ReplyRules {
  readonly meaningOf: StatusMeaning;
  readonly readContent: ReadContent;
  readonly maxResponseBytes: number;
  /** Real time, for a `Retry-After` that is a date. */
  readonly now: () => Date;
}

/**
 * Returns the answer in a reply. Throws {@link Unreadable} for any other reply. A body with nothing in it needs no
 * `Content-Type`. If an error status has a body that is not of the protocol, the status is the fault: a proxy or another
 * address answered.
 */
export function readReply(response: HttpResponse, rules: ReplyRules): TextReply | Promise<TextReply> {
  const { status, headers, body } = response;
  const meaning = rules.meaningOf(status);
  if (meaning === undefined) throw noAnswer(response, rules.now);
  if (meaning === 'status' || body.length === 0) return { status, text: '', headers };
  const plain = inflated(response, rules.maxResponseBytes);
  return plain instanceof Promise ? plain.then((bytes) => read(response, bytes, rules)) : read(response, plain, rules);
}

function read({ status, headers }: HttpResponse, body: Buffer, { readContent }: ReplyRules): TextReply {
  try {
    return { status, text: readContent(fieldValue(headers['content-type']), body), headers };
  } catch (error) {
    if (status < 400) throw error;
    throw new Unreadable('status_unexpected', { isDeclined: true });
  }
}

/**
 * Returns the fault of a status that is no answer. A status below 400 (204, 206) says that the register works, and that the call is not the one that was
 * meant.
 */
export function noAnswer({ status, headers }: HttpResponse, now: () => Date): Unreadable {
  if (status === 429 || status === 503)
    return new Unreadable('overloaded', { afterMs: retryAfterMs(fieldValue(headers['retry-after']), now()) });
  if (status === 401) return new Unreadable('credentials_refused');
  if (status === 403) return new Unreadable('access_refused');
  if (status >= 300 && status < 400) return new Unreadable('redirect_refused');
  return new Unreadable('status_unexpected', { isDeclined: status < 400 });
}
