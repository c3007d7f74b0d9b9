import { appendBatch } from '../../monitoring/audit/append/append.js';
import { closeLogs, succeedLogs } from '../../monitoring/audit/append/close-logs.js';
import { stateEntry, type ClosedLog, type StateBody } from '../../monitoring/audit/entries/state.js';
import { prepareEntry } from '../../monitoring/audit/append/prepared-entry.js';
import type { NumberedRestriction, Restriction } from '../../schemas/ports/restrictions.js';
import type { Sql, SqlExecutor } from '../../schemas/ports/sql.js';
import type { Head } from './anchor/head.js';
import { adoptRestrictions, noteRestrictions, readRestrictions } from './restrictions.js';

export interface AcceptedRollback {
  readonly act: StateBody['act'];
  /** What the heads of all places say together. Undefined if none can be read: then anything may have been lost. */
  readonly head: Head | undefined;
  /**
   * The restrictions of all journals, in any order; one may be there several times, and a number may
   * stand for several if the database went back in time between them.
   */
  readonly journals: readonly NumberedRestriction[];
  /** Why, in the operator's words. */
  readonly reason: string;
  readonly requestId: string;
  /** Real time. */
  readonly at: Date;
}

/** The act, as the rooms that keep state need it. */
export type Acceptance = Pick<AcceptedRollback, 'requestId' | 'at'>;

/** What the rooms that keep state do when a database that went back in time is accepted. */
export interface RestoredRooms {
  /** Keeps changes of the rooms waiting until the transaction ends. */
  lock(owner: SqlExecutor): Promise<void>;
  /** Applies restrictions that the database does not know. */
  restrict(owner: SqlExecutor, lost: readonly NumberedRestriction[], act: Acceptance): Promise<Restricted>;
  /** Suspends what may have been taken away. Resolves with these restrictions, which have no number yet. */
  suspend(owner: SqlExecutor, act: Acceptance): Promise<readonly Restriction[]>;
  /** Ends all handles. */
  endHandles(owner: SqlExecutor): Promise<number>;
}

/** How many consents a journal changed, and how many documents must be approved again. */
export interface Restricted {
  readonly consents: number;
  readonly approvals: number;
}

/** What an acceptance did. */
export interface AcceptanceResult {
  /** Epoch of the state after it. */
  readonly epoch: number;
  /** Number of the newest restriction when this epoch began, and after the act, with its suspensions. */
  readonly startsAt: number;
  readonly counter: number;
  readonly closedLogs: readonly ClosedLog[];
  readonly restricted: Restricted;
  /** How many numbers of restrictions are in no journal. */
  readonly missing: number;
  /** Consents in force that must be confirmed, because restrictions are missing. */
  readonly suspended: number;
  readonly handles: number;
  /** The place of its entry. */
  readonly entry: { readonly log: string; readonly index: number };
}

/**
 * Accepts, as the owner, a database that went back in time, in one transaction:
 *
 * - restrictions of the journals that the database does not know are applied to it; where one is in no
 *   journal, every consent in force is suspended;
 * - all handles end, and proofs of possession made before the acceptance are refused;
 * - its logs are closed, and entries go on in logs whose numbers were never used; the first entry says so.
 *
 * Resolves with undefined, and changes nothing, if the database has a later epoch than the head: it was
 * accepted before and the reply was lost.
 */
export function acceptRollback(
  owner: Sql,
  accepted: AcceptedRollback,
  rooms: RestoredRooms,
): Promise<AcceptanceResult | undefined> {
  return owner.transaction(async (tx) => {
    const epoch = await lockEpoch(tx);
    const { head, requestId, at, act, reason } = accepted;
    if (head !== undefined && epoch > head.epoch) return undefined;
    const accepting = { requestId, at };
    await rooms.lock(tx);
    const counter = await lockCounter(tx);
    const lost = lostRestrictions(accepted, { epoch, counter, own: await readRestrictions(tx, 0) });
    const restricted = await rooms.restrict(tx, lost.known, accepting);
    await adoptRestrictions(tx, lost.known, lost.newest, at);
    const suspensions = head === undefined || lost.missing > 0 ? await rooms.suspend(tx, accepting) : [];
    const newest = await noteRestrictions(tx, suspensions, at);
    const handles = await rooms.endHandles(tx);
    const next = Math.max(epoch, head?.epoch ?? 0) + 1;
    const { closedLogs, entry } = await succeed(tx, { requestId, at, act, reason, epoch: next }, head);
    await tx.query('UPDATE state_epoch SET epoch = $1, accepted_at = $2, is_upgraded = false', [
      next,
      at.toISOString(),
    ]);
    return {
      ...{ epoch: next, startsAt: lost.newest, counter: newest, closedLogs, restricted, missing: lost.missing },
      ...{ suspended: suspensions.length, handles, entry },
    };
  });
}

/** One acceptance at a time. */
async function lockEpoch(tx: SqlExecutor): Promise<number> {
  const { rows } = await tx.query<{ readonly epoch: string }>('SELECT epoch FROM state_epoch FOR UPDATE');
  return Number(onlyRow(rows).epoch);
}

/** After the consents and before the logs: so do the changes that note a restriction. */
async function lockCounter(tx: SqlExecutor): Promise<number> {
  const { rows } = await tx.query<{ readonly number: string }>('SELECT number FROM restriction_counter FOR UPDATE');
  return Number(onlyRow(rows).number);
}

function onlyRow<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('the state has no epoch or no counter');
  return row;
}

interface LostRestrictions {
  /** Those that the database does not know, in order. */
  readonly known: readonly NumberedRestriction[];
  /** The number of the newest that ever was. */
  readonly newest: number;
  /** How many numbers since the database left the newest history are in no journal. */
  readonly missing: number;
}

interface RestoredRestrictions {
  readonly epoch: number;
  readonly counter: number;
  /** Those that the database keeps, in order. */
  readonly own: readonly NumberedRestriction[];
}

/**
 * Returns which restrictions are not in the database. One that the database has under the same number is
 * another if the database went on by itself after it went back, so numbers alone do not tell.
 */
function lostRestrictions(
  { head, journals }: AcceptedRollback,
  { epoch, counter, own }: RestoredRestrictions,
): LostRestrictions {
  const leftAt = head === undefined ? counter : leftHistoryAt(head, epoch, counter);
  const keptFrom = Math.min(own[0]?.number ?? counter + 1, leftAt + 1);
  const has = new Set(own.map(keyOf));
  const known = journals.filter((one) => one.number >= keptFrom && !has.has(keyOf(one)));
  const newest = Math.max(counter, head?.restrictions ?? 0, ...known.map(({ number }) => number));
  const numbers = new Set(journals.map(({ number }) => number).filter((number) => number > leftAt));
  return { known: [...known].sort((a, b) => a.number - b.number), newest, missing: newest - leftAt - numbers.size };
}

/**
 * Returns the number of the last restriction that this database and the newest history have in common. A
 * database of an earlier epoch may have counted on after the next epoch began. An epoch of which it is
 * not known where it began may have begun at the first restriction.
 */
function leftHistoryAt(head: Head, epoch: number, counter: number): number {
  const later = Array.from({ length: Math.max(head.epoch - epoch, 0) }, (_, offset) => epoch + offset + 1);
  return Math.min(counter, ...later.map((begun) => head.epochStarts.get(begun) ?? 0));
}

const keyOf = ({ number, kind, id, revision }: NumberedRestriction): string => `${number} ${kind} ${revision} ${id}`;

/** Closes the logs and appends the entry that says so to the first of the new ones. */
async function succeed(
  tx: SqlExecutor,
  facts: Omit<Parameters<typeof stateEntry>[0], 'closedLogs'>,
  head: Head | undefined,
): Promise<Pick<AcceptanceResult, 'closedLogs' | 'entry'>> {
  const headSizes = new Map([...(head?.logs ?? [])].map(([log, { size }]) => [log, size]));
  const { closedLogs: all, next } = await succeedLogs(tx, { headSizes, epoch: facts.epoch });
  const closedLogs = all.filter(({ headSize }) => headSize > 0);
  const body = stateEntry({ ...facts, closedLogs });
  if ((await appendBatch(tx, next, [prepareEntry({ body, beside: {} })])) === undefined)
    throw new Error('the entry of the acceptance was not appended');
  const entry = { log: next.logId, index: next.size };
  await closeLogs(tx, all, entry);
  return { closedLogs, entry };
}
