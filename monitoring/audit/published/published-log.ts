import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { areEqual } from '../tree/check-proofs.js';
import { parseCheckpoint } from '../tree/checkpoint.js';
import { rootOf } from '../tree/frontier.js';
import { HASH_BYTES } from '../tree/hashes.js';
import { frontierOfEdge, levelsOf, type LogTree } from '../tree/log-tree.js';
import { parseNote } from '../tree/note-text.js';
import { proveInclusion } from '../tree/proofs.js';
import { readEdge, TreeDiffers } from '../tree/stored-tree.js';
import { nodesFromTiles, hashesIn, subtreeRoot } from '../tree/tile-nodes.js';
import { hashesAtLevel, TILE_WIDTH } from '../tree/tiles.js';
import { formatTlogProof } from '../tree/tlog-proof.js';
import type { TileStore } from './tile-store.js';

/** A signed checkpoint, as it is stored. */
export interface SignedCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
}

/** What is published of a log at one moment. */
interface Published extends SignedCheckpoint {
  /** By level, the hashes of the tile that is not full. */
  readonly edge: LogTree['edge'];
}

/** Which hashes: a tile, or its first `width`. */
export interface WantedTile {
  readonly level: number;
  readonly number: number;
  /** 1 to 256. */
  readonly width: number;
}

/** Whether an entry can be proved: its proof; `pending` if no checkpoint holds it yet; `other_leaf` if another entry is there. */
export type LogProof = { readonly proof: string } | 'pending' | 'other_leaf';

/** Tiles that are read at once: half a megabyte. */
const TILES_A_PAGE = 64;

interface TileRow {
  readonly number: string;
  readonly hashes: Buffer;
}

/**
 * What others may read of one log: its newest checkpoint that was looked at, and the tiles of its tree. Full tiles are in
 * files, the others in memory: no reader causes a query of the database.
 */
export class PublishedLog {
  readonly #logId: string;
  readonly #store: TileStore;
  #published: Published | undefined;

  /** @param logId name in the database. */
  constructor(logId: string, store: TileStore) {
    this.#logId = logId;
    this.#store = store;
  }

  /** The newest published checkpoint as a signed note, or undefined if there is none yet. */
  get checkpoint(): string | undefined {
    return this.#published?.note;
  }

  /**
   * Publishes a checkpoint with the tiles under it. Rejects with `TreeDiffers`, and goes on with the one before, if the
   * stored tree is not the one that was signed.
   */
  async advance(sql: SqlExecutor, next: SignedCheckpoint): Promise<void> {
    if (next.size === this.#published?.size) return;
    const edge = await readEdge(sql, this.#logId, next.size);
    const frontier = frontierOfEdge(next.size, edge);
    if (frontier === undefined || !areEqual(rootOf(frontier), next.root))
      throw new TreeDiffers(this.#logId, 'entries or tiles are not those of its checkpoint');
    const from = this.#published?.size ?? (await this.#kept(sql));
    // From the top down: each tile is compared with the hash that stands for it, which belongs to the signed root.
    for (let level = levelsOf(next.size) - 2; level >= 0; level -= 1)
      await this.#copyTiles(sql, { level, from: Math.floor(from / TILE_WIDTH ** (level + 1)), size: next.size, edge });
    await this.#store.completed(next.note);
    this.#published = { ...next, edge };
  }

  /** Resolves with the hashes of a tile, or undefined if the published tree does not have them. */
  async tile({ level, number, width }: WantedTile): Promise<Uint8Array | undefined> {
    return this.#published && this.#tileOf(this.#published, { level, number, width });
  }

  /**
   * Proves that the entry at this index has this leaf hash.
   *
   * @param extra bytes to put beside the proof, which nothing authenticates.
   */
  async prove(index: number, leaf: Uint8Array, extra?: Uint8Array): Promise<LogProof> {
    const published = this.#published;
    if (published === undefined || index >= published.size) return 'pending';
    const read = async (wanted: WantedTile): Promise<Uint8Array> => {
      const tile = await this.#tileOf(published, wanted);
      if (tile === undefined) throw new TreeDiffers(this.#logId, 'the file of a published tile is missing');
      return tile;
    };
    const at = index % TILE_WIDTH;
    const hashes = await read({ level: 0, number: Math.floor(index / TILE_WIDTH), width: at + 1 });
    if (!areEqual(hashes.subarray(at * HASH_BYTES), leaf)) return 'other_leaf';
    const proof = await proveInclusion(nodesFromTiles(read), { index, size: published.size });
    return { proof: formatTlogProof({ index, proof, checkpoint: published.note, extra }) };
  }

  async #tileOf({ size, edge }: Published, { level, number, width }: WantedTile): Promise<Uint8Array | undefined> {
    const held = hashesAtLevel(size, level) - number * TILE_WIDTH;
    if (width > held) return undefined;
    if (held < TILE_WIDTH) return Buffer.concat((edge[level] ?? []).slice(0, width));
    return (await this.#store.read({ level, number }))?.subarray(0, width * HASH_BYTES);
  }

  /** Resolves with the size up to which the files are complete. Files of another history are deleted. */
  async #kept(sql: SqlExecutor): Promise<number> {
    const note = await this.#store.complete();
    if (note === undefined) return 0;
    const kept = parseCheckpoint(parseNote(note)?.text ?? '');
    const { rows } = await sql.query('SELECT FROM audit_checkpoint WHERE log_id = $1 AND size = $2 AND note = $3', [
      this.#logId,
      kept?.size ?? 0,
      note,
    ]);
    if (kept !== undefined && rows.length === 1) return kept.size;
    await this.#store.clear();
    return 0;
  }

  /** Copies the full tiles of a level, from this number on. */
  async #copyTiles(
    sql: SqlExecutor,
    { level, from, size, edge }: { level: number; from: number; size: number; edge: LogTree['edge'] },
  ): Promise<void> {
    const end = hashesAtLevel(size, level + 1);
    for (let first = from; first < end; first += TILES_A_PAGE) {
      const last = Math.min(first + TILES_A_PAGE, end);
      const { rows } = await sql.query<TileRow>(
        'SELECT number, hashes FROM audit_tile WHERE log_id = $1 AND level = $2 AND number >= $3 AND number < $4 ORDER BY number',
        [this.#logId, level, first, last],
      );
      if (rows.length !== last - first) throw new TreeDiffers(this.#logId, `a tile of level ${level} is missing`);
      for (const { number, hashes } of rows) {
        const above = await this.#hashAbove({ level, number: Number(number) }, { size, edge });
        if (above === undefined || !areEqual(subtreeRoot(hashesIn(hashes)), above))
          throw new TreeDiffers(this.#logId, `tile ${number} of level ${level} is not the one that was signed`);
        await this.#store.write({ level, number: Number(number) }, hashes);
      }
    }
  }

  /** Resolves with the hash that stands for a full tile, one level above. */
  async #hashAbove(
    { level, number }: { readonly level: number; readonly number: number },
    { size, edge }: { readonly size: number; readonly edge: LogTree['edge'] },
  ): Promise<Uint8Array | undefined> {
    const above = Math.floor(number / TILE_WIDTH);
    const at = number % TILE_WIDTH;
    if (hashesAtLevel(size, level + 1) - above * TILE_WIDTH < TILE_WIDTH) return edge[level + 1]?.[at];
    return (await this.#store.read({ level: level + 1, number: above }))?.subarray(
      at * HASH_BYTES,
      (at + 1) * HASH_BYTES,
    );
  }
}
