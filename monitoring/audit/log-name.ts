/** Name of the logs in the database: `tereze/0`, `tereze/1`, ... */
export const LOG_NAME = 'tereze';

/** Returns the number in the name of a log. */
export function numberOfLog(log: string): number {
  return Number(log.slice(log.lastIndexOf('/') + 1));
}

/**
 * Returns the name by which others know a log, as in its checkpoints and receipts: `log.example.kz/tereze/0`. Without an
 * origin (`audit.origin`), that of the database.
 */
export function publicLogName(log: string, origin: string | undefined): string {
  return origin === undefined ? log : `${origin}/${numberOfLog(log)}`;
}

/**
 * Returns the name in the database of a log that is named in either way, or undefined if the name is that of no log of
 * this installation. Receipts of before logs had an origin name the log as the database does.
 */
export function storedLogName(name: string, origin: string | undefined): string | undefined {
  const [, prefix, number] = /^(.+)\/(0|[1-9]\d{0,8})$/.exec(name) ?? [];
  return number !== undefined && (prefix === LOG_NAME || prefix === origin) ? `${LOG_NAME}/${number}` : undefined;
}
