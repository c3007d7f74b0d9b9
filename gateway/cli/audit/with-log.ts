import { userInfo } from 'node:os';
import type { EntryLogReader } from '../../../monitoring/audit/entries.js';
import { openAudit } from '../../../monitoring/audit/open-audit.js';
import { AuditUnavailable, type AuditLog } from '../../../monitoring/audit/port.js';
import { textFault } from '../../../schemas/caller-texts/text-fault.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import type { Observer } from '../../../schemas/ports/observer.js';
import type { Random } from '../../../schemas/ports/random.js';
import type { Sql } from '../../../schemas/ports/sql.js';
import { systemClock } from '../../compose/clock.js';
import { systemRandom } from '../../compose/random.js';
import type { Config } from '../../config/schema.js';
import { describeStanding } from '../../state/anchor/standing.js';
import { attachState } from '../../state/open.js';
import { CommandFailure } from '../command-failure.js';
import { asCommandFailure, stateOptions } from '../installed-state.js';
import { standingOutside } from './standing-outside.js';

/** The state database, and the audit log open to append to it. */
export interface OpenedLog {
  readonly sql: Sql;
  readonly log: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
}

export const SILENT: Observer = {
  log: () => undefined,
  count: () => undefined,
  duration: () => undefined,
  gauge: () => undefined,
};

/**
 * Lends the audit log to one command, which appends to a log of the pool as a replica does, and gives it back. A database
 * that is behind the heads kept outside it is refused: entries about it would stand where others have stood. A log that
 * cannot be written fails the command.
 */
export async function withLog(config: Config, use: (opened: OpenedLog) => Promise<void>): Promise<void> {
  const clock = systemClock({ timeZone: config.jurisdiction.time_zone });
  const ports = { clock, random: systemRandom, observer: SILENT };
  const state = await attachState(stateOptions(config)).catch(asCommandFailure);
  try {
    await checkNotBehind(config, state.sql);
    const audit = await openAudit(config.audit, { sql: state.sql, ...ports, guard: async () => [] });
    try {
      await use({ sql: state.sql, log: audit.log, clock, random: systemRandom });
    } finally {
      await audit.close();
    }
  } catch (error) {
    if (!(error instanceof AuditUnavailable)) throw error;
    throw new CommandFailure(
      'failed',
      'the audit log cannot be written, so nothing is read from it',
      'Every reading of the log is an entry in it. See that a gateway can write it, or that a log of the pool is free (audit.logs).',
    );
  } finally {
    await state.close();
  }
}

/** Refuses a database that lacks what the newest head outside it knows, or that cannot be compared with one. */
export async function checkNotBehind(config: Config, sql: Sql): Promise<void> {
  const standing = await standingOutside(config, sql);
  if (standing.kind !== 'current')
    throw new CommandFailure('failed', describeStanding(standing), '`tereze state status` says more.');
}

/** Returns who uses the command line, as entries state them: the account on this machine. */
export function operator(): EntryLogReader {
  const { username } = userInfo();
  const officer = textFault(username) === undefined ? username : null;
  return { agency: null, system: 'tereze', kind: 'operator', officer };
}
