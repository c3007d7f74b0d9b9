/** The last checkpoint of a log, as it is kept outside the database. */
export interface OutsideCheckpoint {
  readonly size: number;
  /** Root of the tree, hex. Null: two trees of this log are known. */
  readonly root: string | null;
}

/**
 * Keeps the last checkpoint of each log outside the database, so that a database that went back in time, or was rewritten,
 * is not signed another way.
 *
 * Contract
 * - `last` returns at once what was last read or written outside. Undefined: no checkpoint of this log is known there.
 * - `keep` takes over checkpoints that were checked to continue the last ones. It resolves with true once one place outside
 *   the database has them, or later ones, on its disk. It resolves with false if no place could be written in time, and never rejects.
 */
export interface OutsideCheckpoints {
  last(log: string): OutsideCheckpoint | undefined;
  /** @param checkpoints by name of the log. */
  keep(checkpoints: ReadonlyMap<string, OutsideCheckpoint>): Promise<boolean>;
}
