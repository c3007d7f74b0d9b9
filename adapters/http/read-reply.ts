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
export async function readReply(response: IncomingMessage, { maxBytes, accepts, now }: ReplyLimits): Promise<TextReply> {
  const bytes = await readBytes(response, maxBytes);
  const status = answerStatus(response, now);
  if (!accepts(response.headers['content-type'] ?? '')) throw new Unreadable('malformed');
  return { status, text: decode(bytes) };
}

function readBytes(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let ended = false;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) reject(new Unreadable('malformed'));
      else chunks.push(chunk);
    });
    response.on('end', () => {
      ended = true;
      resolve(Buffer.concat(chunks));
    });
    response.on('error', reject);
    // A body that breaks off ends in `close` without `end`.
    response.on('close', () => {
      if (!ended) reject(new Unreadable('transport'));
    });
  });
}

/** What is neither an answer nor the register's word that it failed (a redirect, 204) is not of the protocol. */
function answerStatus({ statusCode: status = 0, headers }: IncomingMessage, now: () => Date): TextReply['status'] {
  if (status === 200 || status === 404) return status;
  if (status === 429 || status === 503) throw new Unreadable('overloaded', retryAfterMs(headers['retry-after'], now()));
  if (status === 401 || status === 403) throw new Unreadable('denied');
  throw new Unreadable(status >= 400 ? 'failed' : 'malformed');
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable('malformed');
  }
}
