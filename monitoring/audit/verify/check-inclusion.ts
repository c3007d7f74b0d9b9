import { isIncluded } from '../tree/check-proofs.js';
import { parseCheckpoint, type Checkpoint } from '../tree/checkpoint.js';
import type { NodeHash } from '../tree/hashes.js';
import type { TlogProof } from '../tree/tlog-proof.js';

// Imports no module of Node: a page checks proofs too. It brings its own hashes and signatures.

/** Hashes and signatures, as the place where this runs has them. */
export interface LogCrypto {
  /** SHA-256(0x00 ‖ entry). */
  readonly leafHash: (entry: Uint8Array) => Uint8Array;
  readonly nodeHash: NodeHash;
  /** Returns text and names of the keys of a note that a trusted key signed, or undefined. */
  readonly openNote: (note: string) => { readonly text: string; readonly names: readonly string[] } | undefined;
}

/** Place and leaf of an entry. */
export interface EntryPlace {
  /** Name of the log, as its checkpoints have it. */
  readonly log: string;
  readonly index: number;
  /** Hex. */
  readonly leafHash: string;
}

/** A check of a proof. */
export type InclusionCheck =
  | 'checkpoint is signed by a given key'
  | 'checkpoint is of the receipt’s log'
  | 'leaf is in the tree of the checkpoint';

/** Takes the result of a check, and returns it. */
export type Holds<Check> = (check: Check, result: boolean) => boolean;

/** Checks signature, log and inclusion, in this order. Returns the checkpoint if all hold. Never throws. */
export function checkInclusion(
  { log, index, leafHash }: EntryPlace,
  { proof, checkpoint: note }: TlogProof,
  crypto: Pick<LogCrypto, 'nodeHash' | 'openNote'>,
  holds: Holds<InclusionCheck>,
): Checkpoint | undefined {
  const opened = crypto.openNote(note);
  const checkpoint = opened && parseCheckpoint(opened.text);
  if (!holds('checkpoint is signed by a given key', checkpoint !== undefined)) return undefined;
  if (opened === undefined || checkpoint === undefined) return undefined;
  const isOfLog = opened.names.includes(checkpoint.origin) && isLogOf(log, checkpoint);
  if (!holds('checkpoint is of the receipt’s log', isOfLog)) return undefined;
  const { size, root } = checkpoint;
  const isIn = isIncluded({ leaf: bytesOfHex(leafHash), index, size, root, proof }, crypto.nodeHash);
  return holds('leaf is in the tree of the checkpoint', isIn) ? checkpoint : undefined;
}

/** Receipts of before logs had an origin name the log by its number only, as `tereze/0`. */
function isLogOf(log: string, { origin }: Checkpoint): boolean {
  return log === origin || (/^tereze\/\d+$/.test(log) && origin.endsWith(log.slice(log.lastIndexOf('/'))));
}

/** Returns bytes as hex, in lower case. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
