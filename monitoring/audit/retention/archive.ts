import type { Clock } from '../../../schemas/ports/clock.js';
import type { Random } from '../../../schemas/ports/random.js';
import { isLocked } from '../../../schemas/brief-locks.js';
import type { Sql, SqlExecutor } from '../../../schemas/ports/sql.js';
import { retentionEntry, type EntryLogReader, type RemovedRows, type RetentionBody } from '../entries.js';
import { numberOfLog } from '../log-name.js';
import { monthAfter, monthOf, startOf, type Month } from '../partitions/months.js';
import { AuditUnavailable, type AuditLog } from '../port.js';
import { readRemovals } from '../removals/removals.js';
import { isHeld, LOCK_HOLDS } from './held.js';
import { ArchiveRefused, type LogToArchive } from './log-to-archive.js';
import { removeEntries } from './remove-entries.js';

export interface ArchiveRequest {
  readonly caller: EntryLogReader;
  readonly reason: string;
  /** Entries of this month and of all before it. */
  readonly month: Month;
  /** Months for which entries stay in the database, at least. */
  readonly retentionMonths: number;
}

export interface Archiving {
  /** As the owner. */
  readonly owner: Sql;
  readonly log: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
  /**
   * Writes a log into the archive, reads it back, and has it verified from outside. Resolves when it is on disk and every
   * verifier has accepted it; rejects otherwise, and then nothing is removed.
   */
  readonly keep: (log: LogToArchive) => Promise<void>;
}

/** What an archive did. */
export interface Archived {
  readonly logs: readonly RemovedRows[];
}

const TRIES = 14;

/**
 * Archives the entries of a month and of all months before it, and removes them from the database.
 *
 * It is recorded before anything is written. Each log is written, read back and verified from outside; then entries are
 * removed in one transaction with the entry that says so. It may end at any point, and be repeated. The hashes of the tree
 * stay, so that every proof verifies on. So do the newest entries of each log that the tree still needs, and the acts that
 * explain what is missing. Rejects with {@link ArchiveRefused}, with `AuditUnavailable`, and with what `keep` rejects with.
 */
export async function archiveMonths(archiving: Archiving, request: ArchiveRequest): Promise<Archived> {
  const { owner, log, clock, random, keep } = archiving;
  const { month, retentionMonths } = request;
  const latest = monthAfter(monthOf(clock.now()), -retentionMonths - 1);
  if (month > latest)
    throw new ArchiveRefused(
      'too_early',
      `entries stay for ${retentionMonths} months: the latest to archive is ${latest}`,
    );
  const before = startOf(monthAfter(month));
  await refuseHeld(owner, before);
  const logs = await logsToArchive(owner, before);
  if (logs.length === 0) return { logs: [] };
  const requestId = random.uuid();
  const facts = (act: RetentionBody['act'], removed: readonly RemovedRows[]) => ({
    ...{ requestId, at: clock.now(), act, caller: request.caller, reason: request.reason, before, logs: removed },
  });
  await log.append({ body: retentionEntry(facts('archive_asked', [])), beside: {} });
  for (const one of logs) await keep(one);
  const removing = (): Promise<{ readonly result: readonly RemovedRows[] }> =>
    log.appendChange({
      requestId,
      apply: async (tx) => {
        await tx.query(LOCK_HOLDS);
        await refuseHeld(tx, before);
        return removeEntries(tx, before, logs);
      },
      entry: (removed) => ({ body: retentionEntry(facts('archived', removed)), beside: {} }),
    });
  for (let tried = 1; ; tried += 1) {
    try {
      return { logs: (await removing()).result };
    } catch (error) {
      if (tried === TRIES || !(error instanceof AuditUnavailable) || !isLocked(error.cause)) throw error;
    }
  }
}

async function refuseHeld(sql: SqlExecutor, before: string): Promise<void> {
  const { rows } = await sql.query<{ held: boolean }>(
    `SELECT EXISTS (SELECT FROM audit_entry e WHERE e.at < $1 AND ${isHeld('e')}) AS held`,
    [before],
  );
  if (rows[0]?.held === true)
    throw new ArchiveRefused('held', 'a legal hold keeps entries of these months (tereze hold list)');
}

interface LogRow {
  readonly log_id: string;
  readonly to_index: string;
  readonly size: string | null;
  readonly root: Buffer | null;
  readonly note: string | null;
}

/** Resolves with the logs that have entries before this time, each with the first checkpoint that holds all of these. */
async function logsToArchive(owner: SqlExecutor, before: string): Promise<readonly LogToArchive[]> {
  const removals = await readRemovals(owner);
  const { rows } = await owner.query<LogRow>(
    `SELECT past.log_id, past.to_index, signed.size, signed.root, signed.note
     FROM (SELECT log_id, max(index) + 1 AS to_index FROM audit_entry WHERE at < $1 AND kind NOT IN ('retention', 'state') GROUP BY log_id) AS past
     LEFT JOIN LATERAL (SELECT size, root, note FROM audit_checkpoint c
       WHERE c.log_id = past.log_id AND c.size >= past.to_index AND c.note IS NOT NULL ORDER BY size LIMIT 1) AS signed ON true`,
    [before],
  );
  return rows
    .map(({ log_id: logId, to_index: to, size, root, note }) => {
      if (size === null || root === null || note === null)
        throw new ArchiveRefused('unsigned', `no signed checkpoint holds the entries of ${logId} (audit.key_file)`);
      const checkpoint = { size: Number(size), root, note };
      return { logId, checkpoint, from: removals.archivedBelow(logId), to: Number(to) };
    })
    .sort((one, other) => numberOfLog(one.logId) - numberOfLog(other.logId));
}
