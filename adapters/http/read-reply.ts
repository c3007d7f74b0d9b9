import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
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

export interface ReplyLimits {
  readonly maxBytes: number;
  /** Whether a reply of this `Content-Type` is of the protocol. */
  readonly accepts: (contentType: string) => boolean;
  /** Real time, for a `Retry-After` that is a date. */
  readonly now: () => Date;
}

/**
 * Reads a reply: UTF-8 of at most `maxBytes`, complete, of a type that is accepted, with a status
 * that is an answer. Rejects with {@link Unreadable}, or with the stream's error.
 */
export async function readReply(
  response: IncomingMessage,
  { maxBytes, accepts, now }: ReplyLimits,
): Promise<TextReply> {
  const bytes = await readBytes(response, maxBytes);
  return toReply({ status: response.statusCode ?? 0, headers: response.headers }, bytes, { accepts, now });
}

/** What of a reply comes before its bytes. */
export interface ReplyHead {
  readonly status: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** A complete reply, as {@link readReply} would read it. Throws {@link Unreadable}. */
export function toReply(
  { status, headers }: ReplyHead,
  bytes: Buffer,
  { accepts, now }: Omit<ReplyLimits, 'maxBytes'>,
): TextReply {
  const answered = answerStatus(status, oneOf(headers['retry-after']), now);
  if (!accepts(oneOf(headers['content-type']) ?? '')) throw new Unreadable('malformed');
  return { status: answered, text: decode(bytes) };
}

function oneOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header[0] : header;
}

/** Chunks put together, as long as they are no more than so many bytes. */
export function collectBytes(maxBytes: number): { add(chunk: Buffer): boolean; all(): Buffer } {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    add: (chunk) => {
      size += chunk.length;
      if (size > maxBytes) return false;
      chunks.push(chunk);
      return true;
    },
    all: () => {
      const [only] = chunks;
      return only && chunks.length === 1 ? only : Buffer.concat(chunks);
    },
  };
}

function readBytes(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const bytes = collectBytes(maxBytes);
    let ended = false;
    response.on('data', (chunk: Buffer) => {
      if (!bytes.add(chunk)) reject(new Unreadable('malformed'));
    });
    response.on('end', () => {
      ended = true;
      resolve(bytes.all());
    });
    response.on('error', reject);
    // A body that breaks off ends in `close` without `end`.
    response.on('close', () => {
      if (!ended) reject(new Unreadable('transport'));
    });
  });
}

/** What is neither an answer nor the register's word that it failed (a redirect, 204) is not of the protocol. */
function answerStatus(status: number, retryAfter: string | undefined, now: () => Date): TextReply['status'] {
  if (status === 200 || status === 404) return status;
  if (status === 429 || status === 503) throw new Unreadable('overloaded', retryAfterMs(retryAfter, now()));
  if (status === 401 || status === 403) throw new Unreadable('denied');
  throw new Unreadable(status >= 400 ? 'failed' : 'malformed');
}

const BYTE_ORDER_MARK = 0xfeff;

/** As `TextDecoder` does it when it may not guess (WHATWG Encoding), at a third of its cost. */
function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new Unreadable('malformed');
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}
