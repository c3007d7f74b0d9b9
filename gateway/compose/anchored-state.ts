import { createFileKeys } from '../../monitoring/audit/checkpoints/keys.js';
import { CheckpointSigner, type SignerOptions } from '../../monitoring/audit/checkpoints/signer.js';
import { openAudit, type Audit, type AuditPorts } from '../../monitoring/audit/open-audit.js';
import { createConsentGuard, heldConsents } from '../../policies/consent/guard.js';
import { FIRST_USES } from '../auth/postgres-replay.js';
import type { Fence } from '../../schemas/ports/restrictions.js';
import type { Sql, SqlExecutor } from '../../schemas/ports/sql.js';
import type { SqlPool } from '../state/pool.js';
import type { Config } from '../config/schema.js';
import type { ReadinessCheck } from '../http/health.js';
import type { Anchor } from '../state/anchor/anchor.js';
import { describeStanding } from '../state/anchor/standing.js';
import { dropOldRestrictions } from '../state/restrictions.js';
import { openState, type State } from '../state/open.js';
import { StateFailure } from '../state/state-failure.js';
import type { Opened } from './closing.js';
import { openAnchor, type AnchorPorts } from './open-anchor.js';
import { StandingAudit, type AuditUse } from './standing-audit.js';
import { reportStateEvents } from './state-events.js';
import { stateOptionsOf } from './state-options.js';

const HOUR_MS = 3_600_000;
/** Least time between two checkpoints of a log, in milliseconds. */
const CHECKPOINT_MS = 1_000;
const SIGNER_LEASE_MS = 10_000;

/** The open state database with its audit log, compared with what is kept outside it. */
export interface AnchoredState {
  /** Rejects while the database is refused. */
  readonly sql: Sql;
  /** The same by connections for officers only. */
  readonly officerSql: Sql;
  /** The same, also while the database is refused: for what a withdrawal needs. */
  readonly sqlOfAnyStanding: Sql;
  /** Opens connections beside those of `sql`, which reject while the database is refused, too. The caller closes them. */
  openPool(maxConnections: number): SqlPool;
  readonly audit: AuditUse;
  /** Undefined if nothing is kept outside the database. */
  readonly fence: Fence | undefined;
  readonly isStateCurrent: () => boolean;
  readonly readiness: readonly ReadinessCheck[];
  /** Calls a listener whenever a database that was refused is current. */
  onCurrent(listener: () => void): void;
}

/**
 * Opens the state database and its log. A database that has gone back in time, or that cannot be compared yet, is open
 * as well: for withdrawals only, until it is current.
 */
export async function openAnchoredState(
  config: Config,
  secret: Buffer,
  ports: AnchorPorts,
  opened: Opened,
): Promise<AnchoredState> {
  const { clock, observer } = ports;
  const anchor = await openAnchor(config, secret, ports);
  const state = await openState({
    ...stateOptionsOf(config, clock),
    ...reportStateEvents(observer),
    admits: anchor && ((sql) => admit(anchor, sql)),
  });
  opened.add(() => state.close());
  const dropping = dropHourly(state.sql, config.state.journal_days, ports);
  opened.add(async () => clearInterval(dropping));
  if (anchor === undefined) {
    const audit = await openLog(config, state.sql, ports);
    await startSigner(config, { sql: state.sql, isStateCurrent: () => true }, ports, opened);
    opened.add(() => audit.close());
    return {
      sql: state.sql,
      officerSql: state.officers,
      sqlOfAnyStanding: state.sql,
      openPool: state.openPool,
      audit,
      fence: undefined,
      isStateCurrent: () => true,
      readiness: [],
      onCurrent: () => undefined,
    };
  }
  opened.add(() => anchor.close());
  await anchor.start(state.unanchored);
  const isStateCurrent = (): boolean => anchor.standing.kind === 'current';
  const audit = await StandingAudit.open({
    isCurrent: isStateCurrent,
    open: (database) =>
      database === 'current'
        ? openLog(config, state.sql, ports)
        : openLog(config, state.unanchored, ports, () => anchor.knownLogs()),
    observer,
  });
  await startSigner(config, { sql: state.sql, isStateCurrent, outside: anchor }, ports, opened);
  opened.add(() => audit.close());
  const listeners: (() => void)[] = [];
  anchor.onStanding(({ kind }) => {
    // Connections that are open are asked again before their next use.
    for (const pool of new Set([state.sql, state.officers])) void pool.recheck().catch(() => undefined);
    void audit.follow().then(() => {
      if (kind === 'current' && isStateCurrent()) for (const listener of listeners) listener();
    });
  });
  // The standing may have changed while the log was opened.
  void audit.follow();
  return {
    sql: state.sql,
    officerSql: state.officers,
    sqlOfAnyStanding: eitherSql(isStateCurrent, state),
    openPool: state.openPool,
    audit,
    fence: anchor,
    isStateCurrent,
    readiness: [{ name: 'state_anchor', lastSeen: () => anchor.lastSeen() }],
    onCurrent: (listener) => void listeners.push(listener),
  };
}

/** Drops what is older than the journal is kept. A database that is refused keeps what it has. */
function dropHourly(sql: Sql, journalDays: number, { clock, observer }: AnchorPorts): NodeJS.Timeout {
  return setInterval(() => {
    void dropOldRestrictions(sql, clock, journalDays).catch(() => observer.log('warn', 'journal_not_dropped'));
  }, HOUR_MS).unref();
}

async function admit(anchor: Anchor, sql: SqlExecutor): Promise<void> {
  if (await anchor.admits(sql)) return;
  const { standing } = anchor;
  const message = standing.kind === 'current' ? 'The database is compared again.' : describeStanding(standing);
  throw new StateFailure('ROLLED_BACK', message);
}

function openLog(config: Config, sql: Sql, ports: AnchorPorts, unusedBut?: AuditPorts['unusedBut']): Promise<Audit> {
  const { clock, random, observer } = ports;
  return openAudit(config.audit, {
    sql,
    clock,
    random,
    observer,
    guard: createConsentGuard(clock),
    held: heldConsents(clock),
    uses: FIRST_USES,
    // One process at a time holds an embedded database, so it always gets the log that it had.
    holder: config.database.url === undefined && unusedBut === undefined ? 'embedded' : undefined,
    unusedBut,
  });
}

/** Signs checkpoints if the configuration names a key. Rejects with `KeyFailure` if it cannot be used. */
async function startSigner(
  { audit: { origin, key_file: keyFile } }: Config,
  { sql, isStateCurrent, outside }: Pick<SignerOptions, 'sql' | 'isStateCurrent' | 'outside'>,
  { clock, random, observer }: AnchorPorts,
  opened: Opened,
): Promise<void> {
  if (origin === undefined || keyFile === undefined) return;
  const signer = new CheckpointSigner({
    ...{ sql, clock, observer, isStateCurrent, outside, origin },
    keys: createFileKeys(keyFile, () => clock.now()),
    holder: random.uuid(),
    everyMs: CHECKPOINT_MS,
    leaseMs: SIGNER_LEASE_MS,
  });
  opened.add(() => signer.close());
  await signer.start();
}

function eitherSql(isCurrent: () => boolean, { sql, unanchored }: State): Sql {
  const fitting = (): Sql => (isCurrent() ? sql : unanchored);
  return {
    query: (text, values, options) => fitting().query(text, values, options),
    transaction: (work) => fitting().transaction(work),
  };
}
