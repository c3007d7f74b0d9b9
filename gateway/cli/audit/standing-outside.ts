import type { VerifyOptions } from '../../../monitoring/audit/verify/verify-logs.js';
import { readSecret } from '../../../policies/secret.js';
import type { Sql } from '../../../schemas/ports/sql.js';
import { createHttpClient } from '../../compose/http-client.js';
import { anchorSigner, openPlaces } from '../../compose/open-anchor.js';
import { systemRandom } from '../../compose/random.js';
import type { Config } from '../../config/schema.js';
import { findLost, readDatabaseHead } from '../../state/anchor/database-head.js';
import type { Standing } from '../../state/anchor/standing.js';
import { newestOf, survey } from '../../state/anchor/survey.js';

/**
 * Compares the database with the newest head that is kept outside it (`state.anchor`). Without such places it is taken as
 * current, and in the demo without a head in them, too. Rejects with `LastEntryMissing` where the database cannot be
 * compared.
 */
export async function standingOutside(
  { state: { anchor }, policies, environment }: Config,
  sql: Sql,
): Promise<Standing> {
  if (Object.keys(anchor).length === 0) return { kind: 'current' };
  const opened = openPlaces(anchor, { random: systemRandom, http: createHttpClient() });
  try {
    // Read before the database: what a head knows had committed before the database is asked.
    const places = await survey(opened, anchorSigner(readSecret(policies.secret_file)));
    const newest = newestOf(places);
    if (newest !== undefined) {
      const lost = await findLost(sql, await readDatabaseHead(sql), newest);
      return lost === undefined ? { kind: 'current' } : { kind: 'behind', lost };
    }
    if (environment === 'demo') return { kind: 'current' };
    const unread = places.filter(({ fault }) => fault !== undefined).map(({ name }) => name);
    return unread.length > 0 ? { kind: 'unreadable', places: unread } : { kind: 'no_head' };
  } finally {
    for (const place of opened) place.close();
  }
}

/** Returns, by name of the log, what a head outside knows of it and the database does not hold. */
export function faultsOutside(standing: Standing): NonNullable<VerifyOptions['faultsOutside']> {
  if (standing.kind !== 'behind') return new Map();
  return new Map(
    standing.lost.logs.map(({ log, size, headSize, isOther }) => [
      log,
      isOther
        ? {
            kind: 'growth',
            index: headSize - 1,
            text: 'another entry stands here than the head outside the database knows',
          }
        : { kind: 'growth', index: size, text: `the head outside the database knows ${headSize} entries` },
    ]),
  );
}
