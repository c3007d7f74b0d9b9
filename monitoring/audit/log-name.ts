/** Name of the logs: `tereze/0`, `tereze/1`, ... */
export const LOG_NAME = 'tereze';

/** Returns the number in the name of a log. */
export function numberOfLog(log: string): number {
  return Number(log.slice(log.lastIndexOf('/') + 1));
}
