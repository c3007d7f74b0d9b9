import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { areEqual } from '../tree/check-proofs.js';
import { hashesIn, subtreeRoot } from '../tree/tile-nodes.js';
import { TILE_WIDTH } from '../tree/tiles.js';
import { FaultFound } from './fault.js';
import type { EntryWatcher } from './verify-log.js';

/** Tiles that are read at once: 512 KiB. */
const TILES_A_PAGE = 64;

interface TileRow {
  readonly number: string;
  readonly hashes: Buffer;
  readonly root: Buffer;
}

/**
 * Returns what compares the stored tiles of a log (`audit_tile`) with its entries: every tile that the tree of the first
 * `size` entries fills must be there, with its hashes and the hash above them.
 */
export function watchStoredTiles(sql: SqlExecutor, log: string, size: number): EntryWatcher {
  const pages = new Map<number, ReadonlyMap<number, TileRow>>();
  const read = async (level: number, number: number): Promise<TileRow | undefined> => {
    const known = pages.get(level)?.get(number);
    if (known !== undefined) return known;
    const { rows } = await sql.query<TileRow>(
      'SELECT number, hashes, root FROM audit_tile WHERE log_id = $1 AND level = $2 AND number >= $3 AND number < $4',
      [log, level, number, number + TILES_A_PAGE],
    );
    const page = new Map(rows.map((row) => [Number(row.number), row]));
    pages.set(level, page);
    return page.get(number);
  };
  return async ({ index, filled }) => {
    if (index >= size) return;
    for (const { level, number, bytes } of filled) {
      const first = number * TILE_WIDTH ** (level + 1);
      const tile = await read(level, number);
      if (tile === undefined) throw new FaultFound('tile', first, `there is no tile ${number} of level ${level}`);
      if (!areEqual(tile.hashes, bytes) || !areEqual(tile.root, subtreeRoot(hashesIn(bytes))))
        throw new FaultFound('tile', first, `tile ${number} of level ${level} is not that of the entries`);
    }
  };
}
