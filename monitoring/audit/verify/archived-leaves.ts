import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { HASH_BYTES } from '../tree/hashes.js';
import { TILE_WIDTH } from '../tree/tiles.js';

/**
 * Returns a reader of the leaf hashes of entries that were archived: of those before `below`, from the tiles that stay.
 * Resolves with undefined for any other entry. Nothing is believed of them before the caller has compared the root.
 */
export function archivedLeaves(
  sql: SqlExecutor,
  log: string,
  below: number,
): (index: number) => Promise<Uint8Array | undefined> {
  let tile: { readonly number: number; readonly hashes: Uint8Array } | undefined;
  return async (index) => {
    if (index >= below) return undefined;
    const number = Math.floor(index / TILE_WIDTH);
    if (tile?.number !== number) {
      const { rows } = await sql.query<{ readonly hashes: Buffer }>(
        'SELECT hashes FROM audit_tile WHERE log_id = $1 AND level = 0 AND number = $2',
        [log, number],
      );
      if (rows[0] === undefined) return undefined;
      tile = { number, hashes: rows[0].hashes };
    }
    const at = (index % TILE_WIDTH) * HASH_BYTES;
    return tile.hashes.subarray(at, at + HASH_BYTES);
  };
}
