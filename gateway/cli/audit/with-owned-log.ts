import { openAudit } from '../../../monitoring/audit/open-audit.js';
import { AuditUnavailable } from '../../../monitoring/audit/port.js';
import type { Sql } from '../../../schemas/ports/sql.js';
import { systemClock } from '../../compose/clock.js';
import { systemRandom } from '../../compose/random.js';
import type { Config } from '../../config/schema.js';
import { CommandFailure } from '../command-failure.js';
import { withOwner } from '../owned-state.js';
import { checkNotBehind, SILENT, type OpenedLog } from './with-log.js';

/** The database as its owner, and the audit log open to append to it in the same transactions. */
export interface OwnedLog extends OpenedLog {
  readonly owner: Sql;
}

/** What the owner removes in one transaction takes minutes. The log is its own meanwhile: other replicas have others. */
const LONG_MS = 600_000;

/**
 * Lends the database and the audit log to one command of the owner, which appends to a log of the pool as a replica does.
 * A database that is behind the heads kept outside it is refused. A log that cannot be written fails the command.
 */
export async function withOwnedLog(config: Config, use: (opened: OwnedLog) => Promise<void>): Promise<void> {
  const clock = systemClock({ timeZone: config.jurisdiction.time_zone });
  await withOwner(config, async (owner) => {
    await checkNotBehind(config, owner);
    const limits = { commit_ms: LONG_MS, lease_ms: LONG_MS };
    const ports = { sql: owner, clock, random: systemRandom, observer: SILENT };
    try {
      const audit = await openAudit({ ...config.audit, ...limits }, { ...ports, guard: async () => [] });
      try {
        await use({ owner, sql: owner, log: audit.log, clock, random: systemRandom });
      } finally {
        await audit.close();
      }
    } catch (error) {
      if (!(error instanceof AuditUnavailable)) throw error;
      throw new CommandFailure(
        'failed',
        error.outcome === 'unknown'
          ? 'it is not known whether the last step was done'
          : 'the audit log cannot be written, so nothing more was done',
        'What was done is in the log. Run the command again: it goes on where it ended.',
      );
    }
  });
}
