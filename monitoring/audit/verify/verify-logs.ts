import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { findLostEntries, type LostEntries } from '../lost-entries.js';
import { numberOfLog } from '../log-name.js';
import { areEqual } from '../tree/check-proofs.js';
import { foldRight } from '../tree/frontier.js';
import { hashesIn } from '../tree/tile-nodes.js';
import type { Fault } from './fault.js';
import { readRemovals, type Removals } from '../removals/removals.js';
import { GrowingTree } from './growing-tree.js';
import { readCheckpointBeyond, watchStoredNotes, type NotesToVerify } from './stored-notes.js';
import { watchStoredTiles } from './stored-tiles.js';
import { verifyLog, type EntryWatcher, type KnownRoot, type LogVerification } from './verify-log.js';

/** What a verification leaves for the next one, and begins with. */
export interface VerifiedTree {
  readonly size: number;
  readonly root: Uint8Array;
  /** The tiles of the tree that are not full (`GrowingTree.lastTiles`). */
  readonly lastTiles: readonly { readonly level: number; readonly bytes: Uint8Array }[];
}

export interface VerifyOptions {
  /** Only this log, by its name in the database. */
  readonly log?: string | undefined;
  /** Returns what was verified of a log before, or undefined to begin with its first entry. */
  readonly verifiedBefore: (log: string) => Promise<VerifiedTree | undefined>;
  /** Returns the roots that a log, which has `size` entries, is known to have had, in any order. */
  readonly knownRoots: (log: string, size: number) => Promise<readonly KnownRoot[]>;
  /** Returns whether a log is read from its first entry on, because `watchers` need all of them. */
  readonly isReadAgain?: (log: string) => boolean;
  /** Returns what else is compared with the entries of a log. */
  readonly watchers?: (log: string) => Promise<readonly EntryWatcher[]>;
  /** Checks what stands beside a log whose entries hold, of sizes from `from` on; resolves with what is to be said of it. */
  readonly checkBeside?: (log: {
    readonly log: string;
    readonly from: number;
    readonly size: number;
  }) => Promise<Beside>;
  /** Returns the name and the keys with which the stored checkpoints of a log are verified. Without it they are not. */
  readonly signedAs?: (log: string) => Promise<Pick<NotesToVerify, 'publicLog' | 'verifiers'>>;
  /** By name of the log, what is known outside the database to have been in it and is not. */
  readonly faultsOutside?: ReadonlyMap<string, Fault>;
  /** Called when a log has been verified. */
  readonly onVerified: (result: VerifiedLog, tree: VerifiedTree) => Promise<void>;
}

/** What stands beside the entries of a log. */
export interface Beside {
  /** Proofs from outside that hold. */
  readonly proofs?: number;
  readonly fault?: Fault;
}

/** A log, with what is known to be lost of it. */
export interface VerifiedLog extends LogVerification {
  /** Proofs from outside that were checked and hold. */
  readonly proofs?: number;
  /** Set if the log was closed when the database went back in time, and lost entries: the entry that says so. */
  readonly lost?: LostEntries;
}

interface HeadRow {
  readonly log_id: string;
  readonly size: string;
  readonly head_size: string | null;
  readonly tree_size: string | null;
  readonly frontier: Buffer | null;
  readonly root: Buffer | null;
  /** Index of a row that stands beyond the head. */
  readonly beyond: string | null;
}

/**
 * Verifies every log that has entries, one after the other, by number. A fault ends the verification of its log only.
 * Entries that are appended meanwhile are left to the next verification.
 */
export async function verifyLogs(sql: SqlExecutor, options: VerifyOptions): Promise<readonly VerifiedLog[]> {
  const { rows } = await sql.query<HeadRow>(
    `SELECT head.log_id, head.size, head.head_size, head.tree_size, head.frontier, head.root,
       (SELECT min(e.index) FROM audit_entry e WHERE e.log_id = head.log_id AND e.index >= head.size) AS beyond
     FROM audit_head AS head WHERE $1::text IS NULL OR head.log_id = $1`,
    [options.log ?? null],
  );
  const heads = [...rows].sort((one, other) => numberOfLog(one.log_id) - numberOfLog(other.log_id));
  const removals = await readRemovals(sql);
  const results: VerifiedLog[] = [];
  for (const head of heads) {
    const known = await whatIsKnown(head, options);
    if (hasHistory(head, known) || options.faultsOutside?.has(head.log_id) === true)
      results.push(await verifyHead(sql, head, { ...known, options, removals }));
  }
  return results;
}

/** What a verification of one log begins with. */
interface Known {
  readonly roots: readonly KnownRoot[];
  readonly before: VerifiedTree | undefined;
}

async function whatIsKnown({ log_id: log, size }: HeadRow, options: VerifyOptions): Promise<Known> {
  return { roots: await options.knownRoots(log, Number(size)), before: await options.verifiedBefore(log) };
}

/** Returns whether a log has, or is known to have had, entries. */
function hasHistory({ size, head_size: headSize, beyond }: HeadRow, { roots, before }: Known): boolean {
  return Number(size) > 0 || headSize !== null || beyond !== null || roots.length > 0 || before !== undefined;
}

async function verifyHead(
  sql: SqlExecutor,
  head: HeadRow,
  { roots, before, options, removals }: Known & { readonly options: VerifyOptions; readonly removals: Removals },
): Promise<VerifiedLog> {
  const [log, size] = [head.log_id, Number(head.size)];
  const lost = Number(head.head_size ?? 0) > size ? await findLostEntries(sql, log, size) : undefined;
  const tree = treeToGrow({ roots, before }, size, options.isReadAgain?.(log) === true);
  const treeSize = Number(head.tree_size ?? 0);
  const known = [...headRoot(head), ...keptRoot(before), ...roots]
    .sort((one, other) => one.size - other.size)
    // Roots of before the beginning were compared when it was verified. What a closed log lost is said by `lost`.
    .filter((root) => root.size >= tree.size && (lost === undefined || root.size <= size));
  const verification = await verifyLog(sql, {
    log,
    size,
    tree,
    knownRoots: known,
    removals,
    watchers: [watchStoredTiles(sql, log, treeSize), ...(await moreWatchers(sql, { log, from: tree.size }, options))],
  });
  const own =
    firstOf(verification.fault, options.faultsOutside?.get(log)) ??
    faultBeside(head, lost) ??
    (await faultBeyond(sql, log, size));
  const beside = own === undefined ? await options.checkBeside?.(verification) : undefined;
  const fault = own ?? beside?.fault;
  const proofs = beside?.proofs;
  const result = { ...verification, ...(proofs ? { proofs } : {}), ...(fault && { fault }), ...(lost && { lost }) };
  await options.onVerified(result, { size: tree.size, root: tree.root(), lastTiles: tree.lastTiles() });
  return result;
}

/** Returns the fault of the earlier place, or the one that there is. */
function firstOf(one: Fault | undefined, other: Fault | undefined): Fault | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.index < one.index ? other : one;
}

/** Returns the tree that was verified before, or an empty one where more must be compared than comes after it. */
function treeToGrow({ roots, before }: Known, size: number, isReadAgain: boolean): GrowingTree {
  const isContinued =
    before !== undefined && before.size <= size && roots.every((root) => root.size >= before.size) && !isReadAgain;
  return isContinued ? GrowingTree.from(before.size, before.lastTiles) : new GrowingTree();
}

function headRoot({ tree_size: treeSize, root }: HeadRow): readonly KnownRoot[] {
  if (treeSize === null || root === null) return [];
  return [{ size: Number(treeSize), root, source: 'the head of the log', kind: 'head' }];
}

function keptRoot(before: VerifiedTree | undefined): readonly KnownRoot[] {
  return before === undefined ? [] : [{ ...before, source: 'the tree that was verified before', kind: 'growth' }];
}

async function moreWatchers(
  sql: SqlExecutor,
  { log, from }: { readonly log: string; readonly from: number },
  { signedAs, watchers }: VerifyOptions,
): Promise<readonly EntryWatcher[]> {
  const notes = signedAs === undefined ? [] : [watchStoredNotes(sql, { log, from, ...(await signedAs(log)) })];
  return [...notes, ...((await watchers?.(log)) ?? [])];
}

async function faultBeyond(sql: SqlExecutor, log: string, size: number): Promise<Fault | undefined> {
  const signed = await readCheckpointBeyond(sql, log, size);
  if (signed === undefined) return undefined;
  return { kind: 'growth', index: size, text: `a stored checkpoint signed ${signed} entries, the log has ${size}` };
}

/** Returns what is wrong with a log whose entries hold. */
function faultBeside(head: HeadRow, lost: LostEntries | undefined): Fault | undefined {
  const size = Number(head.size);
  if (head.beyond !== null)
    return { kind: 'beyond_head', index: Number(head.beyond), text: 'a row stands beyond the head of the log' };
  if (Number(head.head_size ?? 0) > size && lost === undefined)
    return { kind: 'closed', index: size, text: 'the log is closed with a loss, and no unchanged entry says so' };
  if (head.frontier !== null && head.root !== null && !isFrontierOf(head.frontier, head.root))
    return { kind: 'head', index: Number(head.tree_size), text: 'the head’s subtrees do not lead to its root' };
  return undefined;
}

function isFrontierOf(frontier: Buffer, root: Buffer): boolean {
  return areEqual(foldRight(hashesIn(frontier)) ?? new Uint8Array(0), root);
}
