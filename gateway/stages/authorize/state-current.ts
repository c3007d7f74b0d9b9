import { Refusal } from '../../../schemas/refusal.js';

export interface StateCurrentDependencies {
  /** Whether the database is known to hold everything that it held. Asked for each request. */
  readonly isStateCurrent: () => boolean;
}

/**
 * Refuses everything but a withdrawal while the database has gone back in time, or may have: what it allows may have
 * been taken away since.
 *
 * @throws Refusal `STATE_NOT_CURRENT`
 */
export function assertStateCurrent({ isStateCurrent }: StateCurrentDependencies): void {
  if (!isStateCurrent()) throw new Refusal('STATE_NOT_CURRENT');
}
