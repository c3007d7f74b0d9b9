import { parseDecimal } from './checkpoint.js';

/** Hashes of a full tile. */
export const TILE_WIDTH = 256;
/** Tree levels between a tile's hashes and the hash above them. */
export const TILE_HEIGHT = 8;
/** Highest level that a path may have. */
const MAX_LEVEL = 63;

/** A tile by its place (C2SP tlog-tiles v0.1.0). */
export interface TileCoordinate {
  /** Tile level: its hashes stand above 256^level leaves each. `entries` for a bundle of entries. */
  readonly level: number | 'entries';
  /** Position in its level, from 0. */
  readonly number: number;
  /** How many hashes (or entries) it has: 1 to 256. */
  readonly width: number;
}

/** Returns the path below the log's prefix: `tile/0/x001/x234/067`, `tile/1/000.p/17`, `tile/entries/003`. */
export function tilePath({ level, number, width }: TileCoordinate): string {
  return `tile/${level}/${tileNumberPath(number)}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

function tileNumberPath(number: number): string {
  const parts = [String(number % 1000).padStart(3, '0')];
  for (let rest = Math.floor(number / 1000); rest > 0; rest = Math.floor(rest / 1000))
    parts.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  return parts.join('/');
}

const PATH = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** Returns the tile of a path, or undefined if no tile has this path. Each tile has one path only. */
export function parseTilePath(path: string): TileCoordinate | undefined {
  const [, levelText, numberText, widthText] = PATH.exec(path) ?? [];
  if (levelText === undefined || numberText === undefined) return undefined;
  const level = levelText === 'entries' ? 'entries' : Number(levelText);
  const number = parseDecimal(numberText.replaceAll(/[x/]/g, '').replace(/^0+(?=\d)/, ''));
  const width = widthText === undefined ? TILE_WIDTH : Number(widthText);
  if (number === undefined || (level !== 'entries' && level > MAX_LEVEL)) return undefined;
  const tile: TileCoordinate = { level, number, width };
  return tilePath(tile) === path ? tile : undefined;
}

/**
 * Returns the tiles of hashes that the tree of this size has, those of the lowest level first, each level from `from`
 * on: full ones, then at most one that is not. `from` is a size whose full tiles are left out.
 */
export function tilesOf(size: number, from = 0): readonly TileCoordinate[] {
  const tiles: TileCoordinate[] = [];
  let level = 0;
  for (let hashes = size, before = from; hashes > 0; hashes = Math.floor(hashes / TILE_WIDTH)) {
    const full = Math.floor(hashes / TILE_WIDTH);
    for (let number = Math.floor(before / TILE_WIDTH); number < full; number += 1)
      tiles.push({ level, number, width: TILE_WIDTH });
    if (hashes % TILE_WIDTH > 0) tiles.push({ level, number: full, width: hashes % TILE_WIDTH });
    before = Math.floor(before / TILE_WIDTH);
    level += 1;
  }
  return tiles;
}

/** Returns how many hashes a level of tiles has in the tree of this size. */
export function hashesAtLevel(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}
