import { PublishedLogs } from '../../monitoring/audit/published/published-logs.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Sql } from '../../schemas/ports/sql.js';
import type { Config } from '../config/schema.js';
import { NO_READERS } from '../http/log-routes.js';
import { openLogServer, type LogServer } from '../http/log-server.js';
import type { Opened } from './closing.js';

/** What the address of the log needs of the gateway. */
export interface ServedLogPorts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  readonly isStateCurrent: () => boolean;
}

/**
 * Serves the audit log if the configuration has an address for it (`server.log`). Resolves with undefined if it has none.
 * Rejects with `ListenFailure`.
 */
export async function serveLog(
  { server, audit: { origin } }: Config,
  { sql, clock, random, observer, isStateCurrent }: ServedLogPorts,
  opened: Opened,
): Promise<LogServer | undefined> {
  const { log: config, limits, proxies } = server;
  if (config === undefined || origin === undefined) return undefined;
  const writer = random.uuid();
  const published = new PublishedLogs({ sql, observer, isStateCurrent, folder: config.directory, writer });
  opened.add(() => published.close());
  published.start();
  const served = await openLogServer({
    ...{ config, limits, proxies, clock, random, observer, published },
    prefix: prefixOf(origin),
    readers: NO_READERS,
  });
  opened.add(() => served.close());
  return served;
}

/** The origin is the address without its scheme, so its path is that of the address. */
function prefixOf(origin: string): string {
  return origin.slice(origin.indexOf('/'));
}
