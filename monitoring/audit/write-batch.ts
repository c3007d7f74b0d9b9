import { SqlFailure, type Sql, type SqlExecutor } from '../../schemas/ports/sql.js';
import type { ConsentClaim } from '../../schemas/vocabulary.js';
import type { AppendHolding } from './append-holding.js';
import { appendBatch } from './append.js';
import type { Settled } from './batcher.js';
import { distinctClaims, staleOf } from './current-claims.js';
import type { ClaimedLog } from './lease.js';
import { AuditUnavailable, ClaimsStale, type Appended, type ClaimGuard } from './port.js';
import type { PreparedEntry } from './prepared-entry.js';

/** What waits for its commit: an entry, or a change with its entry. */
export type Item = EntryItem | ChangeItem;

interface Waiting {
  /** The append was rejected for its time limit. If the item is not yet sent, it is never sent. */
  isAbandoned: boolean;
  isSent: boolean;
}

interface EntryItem extends Waiting {
  readonly entry: PreparedEntry;
  readonly claims: readonly ConsentClaim[];
}

interface ChangeItem extends Waiting {
  /** Makes the change in this transaction, and resolves with its entry. */
  readonly change: (tx: SqlExecutor) => Promise<PreparedEntry>;
}

/** How many entries a batch appended, and how each of its items ended. */
export interface Written {
  readonly appended: number;
  readonly result: readonly Settled<Appended>[];
}

/**
 * Writes a batch to the log in one transaction: entries, or one change with its entry. Resolves with how
 * each item ended. Rejects if it is not known what was written, or if the log is fenced.
 */
export async function writeBatch(
  { sql, guard, holding }: BatchWriting,
  log: ClaimedLog,
  batch: readonly Item[],
): Promise<Written> {
  for (const item of batch) item.isSent = !item.isAbandoned;
  const [change] = batch.filter(isChange);
  if (change !== undefined) return writeChange(sql, log, change);
  const entries = batch.filter((item): item is EntryItem => !isChange(item));
  const claims = distinctClaims(entries);
  if (claims.length === 0) return written(await appendCurrent(sql, log, entries, []));
  const refused = entries.map(abandonedOf);
  const sent = notRefused(entries, refused);
  if (sent.length > 0 && (await holding?.append(sql, log, { entries: sent, claims })) === true)
    return written(settle(log, entries, refused));
  return written(await sql.transaction(async (tx) => appendCurrent(tx, log, entries, await guard(tx, claims))));
}

export interface BatchWriting {
  readonly sql: Sql;
  readonly guard: ClaimGuard;
  /** Appends and checks the claims in one statement. Without it, each append with claims is a transaction. */
  readonly holding: AppendHolding | undefined;
}

function written(result: readonly Settled<Appended>[]): Written {
  return { appended: result.filter((one) => 'done' in one).length, result };
}

/** Appends, in order, the items that still wait and whose claims are current. Resolves with how each item ended. */
async function appendCurrent(
  sql: SqlExecutor,
  log: ClaimedLog,
  batch: readonly EntryItem[],
  stale: readonly ConsentClaim[],
): Promise<readonly Settled<Appended>[]> {
  const staleAmong = staleOf(stale);
  const refused = batch.map(
    (item) => abandonedOf(item) ?? (staleAmong(item).length > 0 ? new ClaimsStale(staleAmong(item)) : undefined),
  );
  const entries = notRefused(batch, refused);
  if (entries.length > 0 && !(await appendBatch(sql, log, entries))) throw new AuditUnavailable({ cause: 'fenced' });
  return settle(log, batch, refused);
}

function abandonedOf({ isAbandoned }: EntryItem): AuditUnavailable | undefined {
  return isAbandoned ? new AuditUnavailable({ cause: 'timeout' }) : undefined;
}

function notRefused(batch: readonly EntryItem[], refused: readonly (Error | undefined)[]): readonly PreparedEntry[] {
  return batch.filter((_, position) => refused[position] === undefined).map(({ entry }) => entry);
}

/** Returns how each item ended, after those that were not refused were appended in order. */
function settle(
  log: ClaimedLog,
  batch: readonly EntryItem[],
  refused: readonly (Error | undefined)[],
): readonly Settled<Appended>[] {
  let index = log.size;
  return batch.map(({ entry }, position) => {
    const failed = refused[position];
    return failed === undefined
      ? { done: { log: log.logId, index: index++, leafHash: entry.leaf.toString('hex') } }
      : { failed };
  });
}

/**
 * Makes a change and appends its entry, in one transaction. What the change throws undoes it and settles
 * this item alone: the lease is not in doubt. A lost connection or a fenced log rejects.
 */
async function writeChange(sql: Sql, log: ClaimedLog, item: ChangeItem): Promise<Written> {
  if (item.isAbandoned) return { appended: 0, result: [{ failed: new AuditUnavailable({ cause: 'timeout' }) }] };
  try {
    const leaf = await sql.transaction(async (tx) => {
      const entry = await item.change(tx).catch(refusedOrLost);
      if (!(await appendBatch(tx, log, [entry]))) throw new AuditUnavailable({ cause: 'fenced' });
      return entry.leaf;
    });
    const done = { log: log.logId, index: log.size, leafHash: leaf.toString('hex') };
    return { appended: 1, result: [{ done }] };
  } catch (error) {
    if (error instanceof ChangeRefused) return { appended: 0, result: [{ failed: error.cause }] };
    throw error;
  }
}

/** What a change threw, on its way out of the transaction. */
class ChangeRefused extends Error {}

/** SQLSTATE classes of statements that are wrong by themselves: data exception, broken constraint. */
const FAULTS_OF_STATEMENT = /^2[23]/;

function refusedOrLost(error: unknown): never {
  const isDatabase = error instanceof SqlFailure && !FAULTS_OF_STATEMENT.test(error.code ?? '');
  if (isDatabase || error instanceof AuditUnavailable) throw error;
  throw new ChangeRefused('a change was refused', { cause: error });
}

/** Returns whether an item is a change with its entry. Such an item is a batch of its own. */
export function isChange(item: Item): item is ChangeItem {
  return 'change' in item;
}
