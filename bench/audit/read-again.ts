import { systemClock } from '../../gateway/compose/clock.js';
import type { ConnectionSettings } from '../../gateway/state/embedded/server.js';
import { createSql } from '../../gateway/state/pool.js';
import { asJson } from '../../monitoring/audit/entry-json.js';
import { scanEntries } from '../../monitoring/audit/search/scan.js';
import { verifyLogs } from '../../monitoring/audit/verify/verify-logs.js';

/** Exports or verifies all logs again and again, until the process is ended. */
export async function readAgain(what: string, connection: string | ConnectionSettings): Promise<never> {
  const sql = createSql({ connection, maxConnections: 2 });
  const nothingKnown = {
    verifiedBefore: async () => undefined,
    knownRoots: async () => [],
    onVerified: async () => undefined,
  };
  for (;;) {
    if (what === 'verify') await verifyLogs(sql, nothingKnown);
    else
      for await (const { found } of scanEntries({ sql, clock: systemClock({ timeZone: 'UTC' }), filter: {} }))
        for (const { entry } of found) process.stdout.write(`${JSON.stringify(asJson(entry))}\n`);
  }
}
