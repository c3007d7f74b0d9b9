import type { Sql } from '../../../schemas/ports/sql.js';
import { inBriefLocks } from '../../../schemas/brief-locks.js';
import { emptyDefault, monthsInDefault } from './empty-default.js';
import { monthAfter, monthOf, type Month } from './months.js';
import { attachPair, lockHeads, makePair } from './pairs.js';
import { hasMonth, readPartitions } from './stored-partitions.js';

/** Months for which there are partitions, beside the present one. */
export const MONTHS_AHEAD = 24;

/**
 * Makes the partitions of the audit log that are missing: of this month and of the next 24, as the owner. Entries of such
 * a month that stand in the default partition, because no one made the partition in time, move into it. Resolves with the
 * months of the partitions that it made. Does nothing in a database whose log has no partitions.
 *
 * Appends go on; each step holds them up for its moment. May be repeated after any interruption.
 */
export async function keepPartitions(owner: Sql, now: Date): Promise<readonly Month[]> {
  const partitions = await readPartitions(owner);
  if (partitions === undefined) return [];
  const last = monthAfter(monthOf(now), MONTHS_AHEAD);
  const isMissing = (month: Month): boolean => !partitions.some((one) => hasMonth(one, month));
  const waiting = (await monthsInDefault(owner)).filter((month) => month <= last && isMissing(month));
  if (waiting.length > 0) await emptyDefault(owner, waiting);
  const months = Array.from({ length: MONTHS_AHEAD + 1 }, (_, months) => monthAfter(monthOf(now), months));
  const missing = months.filter((month) => isMissing(month) && !waiting.includes(month));
  if (missing.length > 0)
    await inBriefLocks(owner, async (tx) => {
      await lockHeads(tx);
      for (const month of missing) {
        await makePair(tx, month);
        await attachPair(tx, month);
      }
    });
  return [...waiting, ...missing].sort();
}
