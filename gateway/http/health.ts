import type { IncomingMessage, ServerResponse } from 'node:http';
import { Router } from 'express';
import type { LastSeen } from '../../monitoring/write-watch.js';
import { ANSWER_HEADERS } from './respond.js';

/** One thing that the gateway needs in order to answer, as it was last seen. */
export interface ReadinessCheck {
  /** One of a closed set. */
  readonly name: string;
  /** Returns at once what was last seen: a probe never waits and never touches what it asks about. */
  readonly lastSeen: () => LastSeen;
}

export interface Readiness {
  readonly status: 'ready' | 'not_ready';
  readonly checks: Readonly<Record<string, 'ok' | 'failed'>>;
  /** By check, how long ago it was seen so, in milliseconds. */
  readonly ageMs: Readonly<Record<string, number>>;
}

const LIVE = /^\/health\/live\/?(?:\?|$)/i;
const LIVE_BODY = JSON.stringify({ status: 'live' });
const LIVE_HEADERS = {
  ...ANSWER_HEADERS,
  'Content-Type': 'application/json; charset=utf-8',
  'Content-Length': Buffer.byteLength(LIVE_BODY),
};

/** Returns whether a request asks for `/health/live`. */
export function asksForLive({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): boolean {
  return (method === 'GET' || method === 'HEAD') && LIVE.test(url);
}

/** Answers `/health/live`: the process answers. It looks at nothing else, and does without Express, because anyone may ask. */
export function answerLive({ method }: IncomingMessage, response: ServerResponse): void {
  if (response.destroyed) return;
  response.writeHead(200, LIVE_HEADERS).end(method === 'HEAD' ? undefined : LIVE_BODY);
}

/** Serves `/health/ready`: 200 if everything that the gateway needs was last seen to work, otherwise 503. */
export function readyRouter(checks: readonly ReadinessCheck[]): Router {
  const router = Router();
  router.get('/health/ready', (_request, response) => {
    const ready = readiness(checks);
    response
      .status(ready.status === 'ready' ? 200 : 503)
      .set(ANSWER_HEADERS)
      .json(ready);
  });
  return router;
}

/** Returns what was last seen of all checks. */
export function readiness(checks: readonly ReadinessCheck[]): Readiness {
  const seen = checks.map(({ name, lastSeen }) => ({ name, ...lastSeen() }));
  return {
    status: seen.every(({ ok }) => ok) ? 'ready' : 'not_ready',
    checks: Object.fromEntries(seen.map(({ name, ok }) => [name, ok ? 'ok' : 'failed'])),
    ageMs: Object.fromEntries(seen.map(({ name, ageMs }) => [name, ageMs])),
  };
}
