import { Router } from 'express';
import { withDeadline } from '../../schemas/with-deadline.js';
import { ANSWER_HEADERS } from './respond.js';

/** Checks one thing that the gateway needs in order to answer. */
export interface ReadinessCheck {
  /** One of a closed set. Only the operations address shows it. */
  readonly name: string;
  /** Resolves with true if it works. A rejection or a timeout counts as a failure. */
  readonly check: () => Promise<boolean>;
}

export interface HealthOptions {
  readonly checks: readonly ReadinessCheck[];
  /** Limit of one check, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether the answer names the checks. Callers learn only whether the gateway is ready. */
  readonly isDetailed: boolean;
}

export interface Readiness {
  readonly status: 'ready' | 'not_ready';
  readonly checks: Readonly<Record<string, 'ok' | 'failed'>>;
}

/** Serves `/health/live` (the process answers) and `/health/ready` (all checks pass; otherwise 503). */
export function healthRouter(options: HealthOptions): Router {
  const router = Router();
  router.get('/health/live', (_request, response) => void response.set(ANSWER_HEADERS).json({ status: 'live' }));
  router.get('/health/ready', async (_request, response) => {
    const { status, checks } = await readiness(options);
    response
      .status(status === 'ready' ? 200 : 503)
      .set(ANSWER_HEADERS)
      .json(options.isDetailed ? { status, checks } : { status });
  });
  return router;
}

/** Runs all checks at once. Never rejects. */
export async function readiness({
  checks,
  timeoutMs,
}: Pick<HealthOptions, 'checks' | 'timeoutMs'>): Promise<Readiness> {
  const outcomes = await Promise.all(
    checks.map(async ({ name, check }) => [name, (await passes(check, timeoutMs)) ? 'ok' : 'failed'] as const),
  );
  return {
    status: outcomes.every(([, outcome]) => outcome === 'ok') ? 'ready' : 'not_ready',
    checks: Object.fromEntries(outcomes),
  };
}

function passes(check: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const passed = Promise.resolve()
    .then(check)
    .then(
      (isOk) => isOk === true,
      () => false,
    );
  return withDeadline(passed, timeoutMs, () => false);
}
