import { leafHash } from '../canonical.js';
import { commitment } from '../commitment.js';
import { nodeHash } from '../tree/hashes.js';
import { openNote, type NoteVerifier } from '../tree/open-note.js';
import type { ReceiptCrypto } from './check-receipt.js';

/** Returns hashes and signatures of Node, with the keys whose signatures are believed. */
export function nodeCrypto(verifiers: readonly NoteVerifier[]): ReceiptCrypto {
  return {
    leafHash,
    nodeHash,
    commitment: (salt, value) => commitment(Buffer.from(salt, 'hex'), value),
    openNote: (note) => {
      const opened = openNote(note, verifiers);
      return typeof opened === 'string'
        ? undefined
        : { text: opened.text, names: opened.verifiers.map(({ name }) => name) };
    },
  };
}
