import { SqlFailure } from '../../schemas/ports/sql.js';
import type { SqlPool } from './pool.js';
import { StateFailure } from './state-failure.js';

/** Checks the state database again and again. */
export interface Watch {
  /** Ends the checks, and waits for one that is under way. */
  stop(): Promise<void>;
}

const WATCH_MS = 5_000;

/**
 * Checks the database every five seconds. Behind a pooler another server can take the place of the first without any
 * connection being lost, and a setting can change under connections that stay open. `onRefused` hears of each change.
 * The timer keeps no process alive.
 */
export function watchState(
  sql: Pick<SqlPool, 'recheck'>,
  onRefused: (failure: StateFailure | undefined) => void,
  everyMs: number = WATCH_MS,
): Watch {
  let refused: string | undefined;
  let checking: Promise<void> | undefined;
  const check = async (): Promise<void> => {
    const failure = await sql.recheck().then(() => undefined, stateFailureOf);
    // A database that cannot be reached is not refused: what needs it says so.
    if (failure === 'unreachable' || failure?.code === refused) return;
    refused = failure?.code;
    onRefused(failure);
  };
  const timer = setInterval(() => {
    checking ??= check().finally(() => (checking = undefined));
  }, everyMs).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await checking;
    },
  };
}

function stateFailureOf(error: unknown): StateFailure | 'unreachable' {
  return error instanceof SqlFailure && error.cause instanceof StateFailure ? error.cause : 'unreachable';
}
