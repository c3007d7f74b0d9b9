import { parseNote } from './note-text.js';

// Imports no module of Node: a page opens notes too. It brings verifiers of its own.

/** Checks the signatures of one key. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: number;
  verify(text: string, signature: Uint8Array): boolean;
}

/** Why a note is not believed. */
export type NoteFault = 'malformed' | 'unknown_keys' | 'wrong_signature';

/** A text that a known key has signed. */
export interface OpenedNote {
  readonly text: string;
  /** The known keys that signed it. At least one. */
  readonly verifiers: readonly NoteVerifier[];
}

/**
 * Returns the text of a note that at least one of these keys has signed, or why it is not believed. Signatures of other
 * keys are ignored. A wrong signature of one of these keys makes the whole note wrong (C2SP signed-note, signatures).
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): OpenedNote | NoteFault {
  const unchecked = parseNote(note);
  if (unchecked === undefined) return 'malformed';
  const { text, signatures } = unchecked;
  const signed = new Set<NoteVerifier>();
  for (const { name, keyId, signature } of signatures) {
    const known = verifiers.find((verifier) => verifier.name === name && verifier.keyId === keyId);
    if (known === undefined) continue;
    if (!known.verify(text, signature)) return 'wrong_signature';
    signed.add(known);
  }
  return signed.size === 0 ? 'unknown_keys' : { text, verifiers: [...signed] };
}
