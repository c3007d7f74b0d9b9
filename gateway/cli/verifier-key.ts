import { createNoteVerifier } from '../../monitoring/audit/tree/note.js';
import type { NoteVerifier } from '../../monitoring/audit/tree/open-note.js';
import { CommandFailure } from './command-failure.js';

/** Returns the verifier of `name+id+base64`, as a command takes it with `--key`. */
export function readVerifierKey(text: string): NoteVerifier {
  const verifier = createNoteVerifier(text);
  if (verifier === undefined) throw new CommandFailure('usage', '--key takes a verifier key, `name+id+base64`');
  return verifier;
}
