import type { z } from 'zod';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { isAnchored } from '../anchor-config.js';
import type { auditConfig } from '../config.js';
import type { ClaimGuard, FirstUses, HeldClaims } from './port.js';
import { LOG_NAME } from './log-name.js';
import { PostgresLog } from './append/postgres-log.js';
import { RefusalWindow, type CountedRefusal } from './append/refusal-window.js';

export type { CountedRefusal };

/** What the audit log needs of other rooms. */
export interface AuditPorts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  /** Returns which consents are no longer current, inside the transaction of a batch. */
  readonly guard: ClaimGuard;
  /** Holds the consents of an append within its statement. */
  readonly held?: HeldClaims | undefined;
  /** Notes the proofs with which entries are appended. */
  readonly uses?: FirstUses | undefined;
  /** Identifies this process among those that lease a log. Default: a random id. */
  readonly holder?: string | undefined;
  /** Given: entries go into a log that has none yet and is not among these. */
  readonly unusedBut?: (() => readonly string[]) | undefined;
}

/** The audit log of one process. */
export interface Audit {
  readonly log: PostgresLog;
  /** Counts a refusal that is answered at once. Its entry is written within two seconds. */
  readonly countRefusal: RefusalWindow['count'];
  /** Writes every refusal counted until now. Never rejects. */
  readonly flushRefusals: RefusalWindow['flush'];
  /** Writes what is counted, then closes the log. */
  close(): Promise<void>;
}

const WINDOW_MS = 1_000;
const MAX_SOURCES = 1_000;
/** A crowd of any size adds less than a megabyte a minute to the log with this. */
const NAMED_SOURCES = { perSecond: 6, burst: 200 };

/**
 * Opens the log of this process: leases a log of the pool and closes the intents that a crash left
 * open. The caller closes it. Rejects with `AuditUnavailable`, and leaves nothing open.
 */
export async function openAudit(
  {
    logs,
    lease_ms: leaseMs,
    queue,
    batch,
    commit_ms: commitMs,
    durability,
    origin,
    anchor,
  }: z.output<typeof auditConfig>,
  { holder, sql, clock, random, observer, guard, held, uses, unusedBut }: AuditPorts,
): Promise<Audit> {
  const log = await PostgresLog.open({
    sql,
    clock,
    random,
    observer,
    lease: { holder: holder ?? random.uuid(), name: LOG_NAME, poolSize: logs, leaseMs, unusedBut },
    commitMs,
    durability,
    origin,
    anchor: isAnchored(anchor) ? undefined : 'none',
    maxWaiting: queue,
    maxBatch: batch,
    guard,
    held,
    uses,
  });
  const window = new RefusalWindow({
    audit: log,
    clock,
    random,
    observer,
    windowMs: WINDOW_MS,
    maxSources: MAX_SOURCES,
    named: NAMED_SOURCES,
  });
  return {
    log,
    countRefusal: (refusal) => window.count(refusal),
    flushRefusals: () => window.flush(),
    close: async () => {
      await window.flush();
      await log.close();
    },
  };
}
