import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import type { Difference } from '../beside/differences.js';
import { commitsToTokens } from '../beside/differences.js';
import { unexplained, type Removals } from '../removals/removals.js';
import { storedEntry, type EntryRow } from '../stored-entry.js';
import { toBase64 } from '../tree/base64.js';
import { areEqual } from '../tree/check-proofs.js';
import { archivedLeaves } from './archived-leaves.js';
import { FaultFound, type Fault } from './fault.js';
import type { GrowingTree, GrownTile } from './growing-tree.js';
import { readPages } from './read-pages.js';

/** A size and root that a log is known to have had. */
export interface KnownRoot {
  readonly size: number;
  readonly root: Uint8Array;
  /** Where it is known from, for the text of a fault. */
  readonly source: string;
  /** The kind of fault if the entries have another root. */
  readonly kind: 'growth' | 'head';
}

/** An entry that holds, and the tree up to it. */
export interface AddedEntry {
  readonly index: number;
  /** Undefined of an entry that is in an archive only. */
  readonly bytes: Uint8Array | undefined;
  /** The tiles that it filled. */
  readonly filled: readonly GrownTile[];
  /** The tree with this entry as the last. */
  readonly tree: GrowingTree;
}

/** Compares something else with the entries of a log while they are read. Throws {@link FaultFound}. */
export type EntryWatcher = (added: AddedEntry) => Promise<void>;

export interface LogToVerify {
  /** Name in the database. */
  readonly log: string;
  /** Committed size of the log. Rows from it on are not looked at. */
  readonly size: number;
  /** The tree over the entries that were verified before; empty to begin with the first entry. It is grown. */
  readonly tree: GrowingTree;
  /** Roots that the log had, of sizes from that of `tree` on, by rising size. One above `size` is a fault. */
  readonly knownRoots: readonly KnownRoot[];
  readonly watchers?: readonly EntryWatcher[];
  /** What the log says of rows that are missing. */
  readonly removals: Removals;
}

/** What the entries of a log say. */
export interface LogVerification {
  readonly log: string;
  /** Entries of which everything holds, from index 0 on: `tree.size` of what was given, plus those read. */
  readonly size: number;
  /** Root of the tree over them, base64. */
  readonly root: string;
  /** Index of the first entry that was read. */
  readonly from: number;
  /** Entries that were read and do not commit to the index tokens of their people (versions 1 to 3). */
  readonly withoutTokens: number;
  /** Rows of people of these entries that acts of erasure removed. Left out if 0. */
  readonly erased?: number;
  /** Entries among these that are in an archive only: their hashes are in the tree. Left out if 0. */
  readonly archived?: number;
  /** The first fault. Without one, everything up to `size` holds. */
  readonly fault?: Fault;
}

/**
 * Verifies rows of one log, in order: none is missing, bytes hash to their leaf, everything beside the bytes belongs to
 * them (`differencesBeside`), and the tree over them has every known root. Ends at the first fault. Memory does not grow
 * with the log. Rejects with `SqlFailure` if the database cannot be read.
 */
export async function verifyLog(sql: SqlExecutor, given: LogToVerify): Promise<LogVerification> {
  const { log, size, tree, removals } = given;
  const from = tree.size;
  const counts = { withoutTokens: 0, erased: 0, archived: 0 };
  const leafOf = archivedLeaves(sql, log, removals.archivedBelow(log));
  const result = (fault?: Fault): LogVerification => ({
    log,
    size: tree.size,
    root: toBase64(tree.root()),
    from,
    withoutTokens: counts.withoutTokens,
    ...(counts.erased === 0 ? {} : { erased: counts.erased }),
    ...(counts.archived === 0 ? {} : { archived: counts.archived }),
    ...(fault === undefined ? {} : { fault }),
  });
  try {
    const roots = [...given.knownRoots];
    checkRoots(tree, roots);
    const add = async (leaf: Uint8Array, bytes: Uint8Array | undefined): Promise<void> => {
      const filled = tree.add(leaf);
      for (const watch of given.watchers ?? []) await watch({ index: tree.size - 1, bytes, filled, tree });
      checkRoots(tree, roots);
    };
    const addArchived = async (to: number): Promise<void> => {
      while (tree.size < to) {
        const leaf = await leafOf(tree.size);
        if (leaf === undefined) return;
        counts.archived += 1;
        await add(leaf, undefined);
      }
    };
    for await (const page of readPages(sql, { log, from, to: size })) {
      for (const row of page.entries) {
        await addArchived(Number(row.index));
        checkRow(row, tree.size, removals, counts);
        await add(row.leaf_hash, row.entry);
      }
      await addArchived(page.to);
      if (tree.size < page.to) throw new FaultFound('entry_missing', tree.size, 'there is no row for this index');
      if (page.strayIndex !== undefined)
        throw new FaultFound('subject_unknown', page.strayIndex, 'a row of a person belongs to no entry');
    }
    if (counts.erased > removals.erasedOf(log))
      throw new FaultFound('subject_missing', size, 'more rows of people are missing than acts of erasure removed');
    const [later] = roots;
    if (later !== undefined)
      throw new FaultFound('growth', size, `${later.source} has ${later.size} entries, the log ${size}`);
    return result();
  } catch (error) {
    if (error instanceof FaultFound) return result(error.fault);
    throw error;
  }
}

/** Takes the roots that belong to the size of the tree, and compares each. */
function checkRoots(tree: GrowingTree, roots: KnownRoot[]): void {
  while (roots[0]?.size === tree.size) {
    const { root, size, source, kind } = roots.shift() as KnownRoot;
    if (!areEqual(root, tree.root()))
      throw new FaultFound(kind, size, `the first ${size} entries are not those of ${source}`);
  }
}

function checkRow(
  row: EntryRow,
  expected: number,
  removals: Removals,
  counts: { withoutTokens: number; erased: number },
): void {
  const stored = storedEntry(row);
  const { index, intact, body } = stored;
  if (index > expected) throw new FaultFound('entry_missing', expected, 'there is no row for this index');
  if (index < expected) throw new FaultFound('entry_repeated', index, 'a second row has this index');
  if (!intact) throw new FaultFound('leaf', index, 'the bytes do not hash to the stored leaf');
  if (body.kind === 'unreadable') throw new FaultFound('entry_unreadable', index, 'the bytes are not an entry');
  if (!commitsToTokens(body) && row.subjects !== null) counts.withoutTokens += 1;
  const { differences, erased } = unexplained(stored, removals);
  counts.erased += erased;
  const [difference] = differences;
  if (difference !== undefined) throw new FaultFound(difference.kind, index, describeDifference(difference));
}

/** Says what differs, without the values: a column may have been made to hold anything. */
function describeDifference(difference: Difference): string {
  switch (difference.kind) {
    case 'column':
      return `column ${difference.column} is not what the bytes say`;
    case 'subject_missing':
      return `person ${difference.position} has no row, or one without token or salt, and no act of erasure says so`;
    case 'subject_unknown':
      return `a row has position ${difference.position}, which belongs to no person of the entry`;
    case 'subject_token':
      return `token or salt of person ${difference.position} is not the one that the entry commits to`;
    case 'subject_sealed':
      return `the sealed identity of person ${difference.position} is not the one that the entry commits to`;
    case 'subject_at':
      return `the row of person ${difference.position} has another time than the entry`;
  }
}
