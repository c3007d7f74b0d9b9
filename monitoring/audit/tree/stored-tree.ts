import type { Sql, SqlExecutor } from '../../../schemas/ports/sql.js';
import { areEqual } from './check-proofs.js';
import { EMPTY_TREE, frontierOfEdge, growTree, levelsOf, storedTree, type FullTile, type LogTree } from './log-tree.js';
import { hashesIn, type TileReader } from './tile-nodes.js';
import { hashesAtLevel, TILE_WIDTH } from './tiles.js';

/** What is stored of a log does not fit together: entries or tiles are missing, or are not those of its tree. */
export class TreeDiffers extends Error {
  readonly log: string;
  constructor(log: string, problem: string) {
    super(`the tree of ${log}: ${problem}`);
    this.name = 'TreeDiffers';
    this.log = log;
  }
}

/** The head of a log, as a claim reads it. */
export interface TreeHead {
  readonly logId: string;
  /** Entries in the log. */
  readonly size: number;
  /** Entries in the tree; 0 if there is no tree yet. */
  readonly treeSize: number;
  /** Empty if there is no tree yet. */
  readonly frontier: Uint8Array;
}

/** A head that this process has claimed. */
export interface ClaimedTreeHead extends TreeHead {
  readonly epoch: string;
}

/** Leaves that one statement reads. */
const STEP = 5_000;

/**
 * Resolves with the tree of a log that this process has claimed. Adds entries that the tree does not have yet, which
 * are those that an earlier release appended, in steps that stay stored if a later one fails. Resolves with undefined if
 * another process has claimed the log meanwhile. Rejects with `TreeDiffers`.
 *
 * @param leaseMs how long the lease is extended with each step, because many entries take long.
 */
export async function completeTree(sql: Sql, claimed: ClaimedTreeHead, leaseMs: number): Promise<LogTree | undefined> {
  const { logId, size } = claimed;
  let tree = await readTree(sql, claimed);
  while (tree.size < size) {
    const before = tree.size;
    const leaves = await readLeafHashes(sql, logId, before, Math.min(before + STEP, size));
    const grown = growTree(tree, leaves);
    tree = grown.tree;
    const { frontier, root } = storedTree(tree);
    const { rows } = await sql.query<{ readonly is_moved: boolean }>(GROW, [
      logId,
      claimed.epoch,
      before === 0 ? null : before,
      tree.size,
      frontier,
      root,
      leaseMs,
      ...tileColumns(grown.tiles),
    ]);
    if (rows[0]?.is_moved !== true) return undefined;
  }
  return tree;
}

const GROW = `
WITH head AS (
  UPDATE audit_head SET tree_size = $4, frontier = $5, root = $6,
    lease_expires_at = clock_timestamp() + $7 * interval '1 millisecond'
  WHERE log_id = $1 AND epoch = $2 AND tree_size IS NOT DISTINCT FROM $3 RETURNING log_id
), tiles AS (${insertTiles(8)})
SELECT EXISTS (SELECT FROM head) AS is_moved`;

/** Returns the insert of full tiles, as a part of a statement with a `head` that moved. Its four parameters begin at `first`. */
export function insertTiles(first: number): string {
  return `INSERT INTO audit_tile (log_id, level, number, hashes, root)
  SELECT head.log_id, tile.level, tile.number, tile.hashes, tile.root
  FROM head CROSS JOIN unnest($${first}::smallint[], $${first + 1}::bigint[], $${first + 2}::bytea[], $${first + 3}::bytea[]) AS tile (level, number, hashes, root)`;
}

/** Returns the values of {@link insertTiles}. */
export function tileColumns(tiles: readonly FullTile[]): readonly unknown[] {
  return [
    tiles.map(({ level }) => level),
    tiles.map(({ number }) => number),
    tiles.map(({ hashes }) => hashes),
    tiles.map(({ root }) => root),
  ];
}

/** Resolves with the stored tree of a log, which may have fewer entries than the log. Rejects with `TreeDiffers`. */
export async function readTree(sql: SqlExecutor, { logId, treeSize, frontier }: TreeHead): Promise<LogTree> {
  if (treeSize === 0) return EMPTY_TREE;
  const edge = await readEdge(sql, logId, treeSize);
  const derived = frontierOfEdge(treeSize, edge);
  const hashes = hashesIn(frontier);
  const isSame =
    derived?.hashes.length === hashes.length && derived.hashes.every((hash, at) => areEqual(hash, hashes[at] ?? hash));
  if (!isSame) throw new TreeDiffers(logId, 'entries or tiles are not those of its head');
  return { size: treeSize, hashes, edge };
}

/** Returns a reader of the tiles of a log, also of those that are not full. It rejects with `TreeDiffers`. */
export function storedTiles(sql: SqlExecutor, logId: string): TileReader {
  return async ({ level, number, width }) => {
    const { rows } = await sql.query<{ readonly hashes: Buffer }>(
      'SELECT hashes FROM audit_tile WHERE log_id = $1 AND level = $2 AND number = $3',
      [logId, level, number],
    );
    if (rows[0] !== undefined) return rows[0].hashes;
    const from = number * TILE_WIDTH;
    const to = from + width;
    return Buffer.concat(
      level === 0
        ? await readLeafHashes(sql, logId, from, to)
        : await readTileRoots(sql, { logId, level: level - 1, from, to }),
    );
  };
}

/** Resolves with the hashes of the tiles that are not full in the tree of this size. */
export async function readEdge(sql: SqlExecutor, logId: string, size: number): Promise<LogTree['edge']> {
  const edge: (readonly Uint8Array[])[] = [];
  for (let level = 0; level < levelsOf(size); level += 1) {
    const hashes = hashesAtLevel(size, level);
    const from = hashes - (hashes % TILE_WIDTH);
    edge.push(
      level === 0
        ? await readLeafHashes(sql, logId, from, hashes)
        : await readTileRoots(sql, { logId, level: level - 1, from, to: hashes }),
    );
  }
  return edge;
}

async function readLeafHashes(
  sql: SqlExecutor,
  logId: string,
  from: number,
  to: number,
): Promise<readonly Uint8Array[]> {
  const { rows } = await sql.query<{ readonly leaf_hash: Buffer }>(
    'SELECT leaf_hash FROM audit_entry WHERE log_id = $1 AND index >= $2 AND index < $3 ORDER BY index',
    [logId, from, to],
  );
  if (rows.length !== to - from) throw new TreeDiffers(logId, `an entry from ${from} to ${to} is missing`);
  return rows.map(({ leaf_hash: hash }) => hash);
}

interface TileSpan {
  readonly logId: string;
  readonly level: number;
  readonly from: number;
  readonly to: number;
}

async function readTileRoots(sql: SqlExecutor, { logId, level, from, to }: TileSpan): Promise<readonly Uint8Array[]> {
  const { rows } = await sql.query<{ readonly root: Buffer }>(
    'SELECT root FROM audit_tile WHERE log_id = $1 AND level = $2 AND number >= $3 AND number < $4 ORDER BY number',
    [logId, level, from, to],
  );
  if (rows.length !== to - from) throw new TreeDiffers(logId, `a tile of level ${level} is missing`);
  return rows.map(({ root }) => root);
}
