import { createHash } from 'node:crypto';

/** Returns the hash of the node above two others, the left one first. */
export type NodeHash = (left: Uint8Array, right: Uint8Array) => Uint8Array;

/** Bytes of a hash (SHA-256). */
export const HASH_BYTES = 32;

const NODE_PREFIX = Buffer.from([1]);

/** Returns SHA-256(0x01 ‖ left ‖ right) (RFC 9162, section 2.1.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(NODE_PREFIX).update(left).update(right).digest();
}

/** Returns the root of a tree without leaves: SHA-256 of nothing (RFC 9162, section 2.1.1). */
export function emptyRoot(): Buffer {
  return createHash('sha256').digest();
}
