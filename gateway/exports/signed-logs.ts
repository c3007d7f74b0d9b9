import { setTimeout as sleep } from 'node:timers/promises';
import { readSignedLogs, type SignedLog } from '../../monitoring/audit/checkpoints/stored-checkpoints.js';
import type { LogToExport } from '../../monitoring/audit/export/export-log.js';
import type { Sql } from '../../schemas/ports/sql.js';

/** How long a log with its first entries may take to get a checkpoint: one is signed each second. */
const SIGNED_WITHIN_MS = 5_000;
const LOOK_AGAIN_MS = 250;

/** What an export needs is not there. Nothing of it was written. */
export class NotExportable extends Error {
  /** What to do about it. */
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'NotExportable';
    this.hint = hint;
  }
}

/**
 * Resolves with the logs that have entries. Waits a little for the first checkpoint of one that has just begun. Rejects with
 * {@link NotExportable} for a log that has none then.
 */
export async function signedLogs(sql: Sql, monotonic: () => number): Promise<readonly LogToExport[]> {
  const end = monotonic() + SIGNED_WITHIN_MS;
  for (;;) {
    const logs = await readSignedLogs(sql);
    const [unsigned] = logs.filter(({ checkpoint }) => checkpoint === undefined);
    if (unsigned === undefined) return logs.filter(isSigned);
    if (monotonic() > end)
      throw new NotExportable(
        `${unsigned.logId} has entries and no checkpoint`,
        'A gateway signs checkpoints each second while it runs with audit.key_file.',
      );
    await sleep(LOOK_AGAIN_MS);
  }
}

function isSigned(log: SignedLog): log is SignedLog & LogToExport {
  return log.checkpoint !== undefined;
}
