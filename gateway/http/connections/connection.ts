import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ServerConfig } from '../../config/parts/server.js';
import type { ReaderProbe } from './half-close.js';
import type { Turn } from './pacing.js';
import type { RawRefusal } from './raw-answer.js';
import type { Source } from './source.js';
import type { Waiting } from './waiting.js';

/** Limits in time of a connection. */
export type ConnectionLimits = Pick<
  ServerConfig['limits'],
  'headers_ms' | 'request_ms' | 'keep_alive_ms' | 'bytes_per_second'
>;

/** What is wrong with a connection that keeps the gateway waiting. */
export type Overdue = 'idle' | 'silent' | 'slow_headers' | 'slow_body' | 'lingering';

/** The least rate counts from here on, so that a short pause is no fault. */
const RATE_AFTER_MS = 2_000;
/** Added to our own limit on a body, so that the answer with a better text comes first. */
const BACKSTOP_MS = 2_000;
/** A client that was told how long a connection is kept may send until the end of that time. */
const KEEP_ALIVE_SLACK_MS = 1_000;
/** How long a connection that this side has ended waits for the other side to end. */
export const LINGER_MS = 1_000;

/** One connection of a client, as far as it came. */
export class Connection implements Waiting {
  readonly socket: Socket;
  readonly peer: Source;
  readonly isProxy: boolean;
  /** Whether a token has been verified on it. */
  isKnown = false;
  source: string | undefined;
  /** When it was opened, sent a whole head, or was last answered. */
  since: number;
  /** The request that came last, and its answer. */
  request: IncomingMessage | undefined;
  response: ServerResponse | undefined;
  /** Requests that are not answered yet. */
  unanswered = 0;
  /** A refusal that waits for the answers before it. */
  afterwards: RawRefusal | undefined;
  probe: ReaderProbe | undefined;
  /** Set while nothing is read from it, until its turn comes. */
  reading: Turn | undefined;
  /** Set while it waits for its turn to be ended. */
  ending: Turn | undefined;
  /** Whether its next request is read in turn with those of unknown callers, although its caller is known. */
  isPaced = false;
  /** When this side ended; undefined while it is open. */
  endedAt: number | undefined;
  #isFirst = true;
  #bytesBefore = 0;
  #begunAt: number | undefined;

  constructor(socket: Socket, peer: Source, isProxy: boolean, now: number) {
    this.socket = socket;
    this.peer = peer;
    this.isProxy = isProxy;
    this.source = peer.hasLimit ? peer.name : undefined;
    this.since = now;
  }

  /** Bytes that came since the last answer. */
  get bytes(): number {
    return this.socket.bytesRead - this.#bytesBefore;
  }

  /** Whether nothing has come for this long since its last answer. One that asked for nothing yet is about to ask. */
  isQuiet(now: number, forMs: number): boolean {
    const isIdle = !this.#isFirst && this.endedAt === undefined && this.unanswered === 0 && this.bytes === 0;
    return isIdle && this.reading === undefined && now - this.since >= forMs;
  }

  /** A whole answer was sent. */
  answered(now: number): void {
    this.#isFirst = false;
    this.#begunAt = undefined;
    this.#bytesBefore = this.socket.bytesRead;
    this.since = now;
    this.source = this.peer.hasLimit ? this.peer.name : undefined;
  }

  /** Returns what this connection exceeds at a time; undefined if nothing. */
  overdue(now: number, limits: ConnectionLimits): Overdue | undefined {
    if (this.endedAt !== undefined) return now - this.endedAt >= LINGER_MS ? 'lingering' : undefined;
    if (this.unanswered > 0) return this.#bodyOverdue(now, limits);
    if (this.reading !== undefined) return undefined;
    const { bytes } = this;
    if (bytes > 0) return this.#headersOverdue(now, bytes, limits);
    if (this.#isFirst) return now - this.since >= limits.headers_ms ? 'silent' : undefined;
    return now - this.since >= limits.keep_alive_ms + KEEP_ALIVE_SLACK_MS ? 'idle' : undefined;
  }

  #headersOverdue(now: number, bytes: number, limits: ConnectionLimits): Overdue | undefined {
    this.#begunAt ??= this.#isFirst ? this.since : now;
    const taken = now - this.#begunAt;
    const isTooSlow = taken >= RATE_AFTER_MS && bytes < (limits.bytes_per_second * taken) / 1_000;
    return taken >= limits.headers_ms || isTooSlow ? 'slow_headers' : undefined;
  }

  #bodyOverdue(now: number, { request_ms: requestMs }: ConnectionLimits): Overdue | undefined {
    return this.request?.complete === false && now - this.since >= requestMs + BACKSTOP_MS ? 'slow_body' : undefined;
  }
}
