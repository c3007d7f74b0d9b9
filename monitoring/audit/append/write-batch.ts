import { SqlFailure, type Sql, type SqlExecutor } from '../../../schemas/ports/sql.js';
import type { ConsentClaim } from '../../../schemas/vocabulary.js';
import type { ProofUse } from '../../../schemas/ports/proof-use.js';
import { appendBatch, type AppendedEntry, type AppendOutcome, type Appending } from './append.js';
import type { Settled } from './batcher.js';
import { distinctClaims, staleOf } from './current-claims.js';
import type { ClaimedLog } from './lease.js';
import { AuditUnavailable, ClaimsStale, ProofUsedBefore, type Appended, type ClaimGuard } from '../port.js';
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
  readonly use: ProofUse | undefined;
}

interface ChangeItem extends Waiting {
  /** Makes the change in this transaction, and resolves with its entry. */
  readonly change: (tx: SqlExecutor) => Promise<PreparedEntry>;
}

/** The log after a batch, and how each item of the batch ended. */
export interface Written {
  readonly log: ClaimedLog;
  readonly result: readonly Settled<Appended>[];
}

/**
 * Writes a batch to the log in one transaction: entries, or one change with its entry. Resolves with how
 * each item ended. Rejects if it is not known what was written, or if the log is fenced.
 */
export async function writeBatch(
  { sql, guard, appending }: BatchWriting,
  log: ClaimedLog,
  batch: readonly Item[],
): Promise<Written> {
  for (const item of batch) item.isSent = !item.isAbandoned;
  const [change] = batch.filter(isChange);
  if (change !== undefined) return writeChange(sql, log, change);
  const entries = batch.filter((item): item is EntryItem => !isChange(item));
  const claims = distinctClaims(entries);
  if (claims.length === 0) return appendCurrent({ sql, appending }, log, entries, []);
  if (appending.holdsClaims) {
    const refused = refusedOf(entries, []);
    const outcome = await appendRest({ sql, appending }, log, { entries, refused, claims });
    if (outcome !== 'not_written') return written(log, entries, refused, outcome);
  }
  return sql.transaction(async (tx) => appendCurrent({ sql: tx, appending }, log, entries, await guard(tx, claims)));
}

export interface BatchWriting {
  readonly sql: Sql;
  readonly guard: ClaimGuard;
  readonly appending: Appending;
}

/** Where and how a batch is appended. */
interface AppendWith {
  readonly sql: SqlExecutor;
  readonly appending: Appending;
}

/** Why an item is not written, by position; undefined if it is. */
type Refused = readonly (Error | undefined)[];

function written(
  log: ClaimedLog,
  batch: readonly EntryItem[],
  refused: Refused,
  outcome: Exclude<AppendOutcome, 'not_written'>,
): Written {
  return { log: outcome.log, result: settle(log, batch, afterAppend(batch, refused, outcome)) };
}

/**
 * Appends, in order, the items that still wait, whose claims are current and whose proofs were not used before. Resolves
 * with how each item ended.
 */
async function appendCurrent(
  { sql, appending }: AppendWith,
  log: ClaimedLog,
  batch: readonly EntryItem[],
  stale: readonly ConsentClaim[],
): Promise<Written> {
  const refused = refusedOf(batch, stale);
  const outcome = await appendRest({ sql, appending }, log, { entries: batch, refused });
  if (outcome === 'not_written') throw new AuditUnavailable({ cause: 'fenced' });
  return written(log, batch, refused, outcome);
}

/** Returns what is known before an append: items that no longer wait, stale claims, proofs that come twice in the batch. */
function refusedOf(batch: readonly EntryItem[], stale: readonly ConsentClaim[]): Refused {
  const staleAmong = staleOf(stale);
  const proofs = new Set<string>();
  return batch.map((item) => {
    if (item.isAbandoned) return new AuditUnavailable({ cause: 'timeout' });
    const claims = staleAmong(item);
    if (claims.length > 0) return new ClaimsStale(claims);
    if (item.use === undefined) return undefined;
    if (proofs.has(item.use.hash)) return new ProofUsedBefore();
    proofs.add(item.use.hash);
    return undefined;
  });
}

interface Rest {
  readonly entries: readonly EntryItem[];
  readonly refused: Refused;
  readonly claims?: readonly ConsentClaim[];
}

/** Appends the items that are not refused. */
async function appendRest(
  { sql, appending }: AppendWith,
  log: ClaimedLog,
  { entries, refused, claims = [] }: Rest,
): Promise<AppendOutcome> {
  const rest: readonly AppendedEntry[] = entries.filter((_, position) => refused[position] === undefined);
  return rest.length === 0 ? { usedBefore: new Set(), log } : appending.append(sql, log, { entries: rest, claims });
}

/** Returns the refused items, those whose proofs had been used before included. */
function afterAppend(
  batch: readonly EntryItem[],
  refused: Refused,
  { usedBefore }: Exclude<AppendOutcome, 'not_written'>,
): Refused {
  let sent = 0;
  return batch.map((_, position) => {
    const before = refused[position];
    if (before !== undefined) return before;
    return usedBefore.has(sent++) ? new ProofUsedBefore() : undefined;
  });
}

/** Returns how each item ended, after those that were not refused were appended in order. */
function settle(log: ClaimedLog, batch: readonly EntryItem[], refused: Refused): readonly Settled<Appended>[] {
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
  if (item.isAbandoned) return { log, result: [{ failed: new AuditUnavailable({ cause: 'timeout' }) }] };
  try {
    const { leaf, after } = await sql.transaction(async (tx) => {
      const entry = await item.change(tx).catch(refusedOrLost);
      const grown = await appendBatch(tx, log, [entry]);
      if (grown === undefined) throw new AuditUnavailable({ cause: 'fenced' });
      return { leaf: entry.leaf, after: grown };
    });
    return { log: after, result: [{ done: { log: log.logId, index: log.size, leafHash: leaf.toString('hex') } }] };
  } catch (error) {
    if (error instanceof ChangeRefused) return { log, result: [{ failed: error.cause }] };
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
