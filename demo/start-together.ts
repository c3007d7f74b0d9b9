import { isPortTaken } from './registers/listener.js';

export interface Stoppable {
  stop(): Promise<void>;
}

/**
 * Waits for everything that is being started. When something fails the rest is stopped, and the
 * failure that explains most is thrown: a taken port is often only the sign of another one.
 */
export async function startTogether<T extends Readonly<Record<string, Stoppable>>>(starts: {
  readonly [Name in keyof T]: Promise<T[Name]>;
}): Promise<T> {
  const names = Object.keys(starts);
  const outcomes = await Promise.allSettled(Object.values<Promise<Stoppable>>(starts));
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  if (failures.length === 0) return Object.fromEntries(names.map((name, position) => [name, started[position]])) as T;
  await Promise.all(started.map((server) => server.stop()));
  throw failures.find((failure) => !isPortTaken(failure)) ?? failures[0];
}
