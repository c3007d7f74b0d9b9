import { fromBase64, toBase64 } from './base64.js';

/** One signature line of a note. */
export interface NoteSignature {
  readonly name: string;
  /** First four bytes of the hash of name, type and public key. */
  readonly keyId: number;
  readonly signature: Uint8Array;
}

/** A text with signatures that nothing has been believed of (C2SP signed-note v1.0.0). */
export interface UncheckedNote {
  /** What was signed, with its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const DASH = '\u2014';
/** A signature of ML-DSA-44 has 2,420 bytes; a note of 16 of them must be read. */
const MAX_NOTE_LENGTH = 1_000_000;
const MAX_SIGNATURES = 100;
const KEY_ID_BYTES = 4;

/** Returns whether a key may have this name: not empty, no Unicode space, no `+`, no control character. */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\s\u0085+\u0000-\u001f]/u.test(name);
}

/** Returns the note as text. `text` must end in a newline. */
export function formatNote({ text, signatures }: UncheckedNote): string {
  const lines = signatures.map(
    ({ name, keyId, signature }) =>
      `${DASH} ${name} ${toBase64(Uint8Array.from([...bytesOfKeyId(keyId), ...signature]))}\n`,
  );
  return `${text}\n${lines.join('')}`;
}

/** Returns the parts of a note, or undefined if the text is no note. */
export function parseNote(note: string): UncheckedNote | undefined {
  if (note.length > MAX_NOTE_LENGTH || /[\u0000-\u0009\u000b-\u001f]/.test(note)) return undefined;
  const blank = note.lastIndexOf('\n\n');
  if (blank === -1 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, blank + 1);
  const lines = note.slice(blank + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) return undefined;
  const signatures = lines.map(parseSignature);
  return signatures.every((signature) => signature !== undefined) ? { text, signatures } : undefined;
}

function parseSignature(line: string): NoteSignature | undefined {
  const [dash, name, base64, ...more] = line.split(' ');
  if (dash !== DASH || name === undefined || base64 === undefined || more.length > 0 || !isKeyName(name))
    return undefined;
  const bytes = fromBase64(base64);
  if (bytes === undefined || bytes.length <= KEY_ID_BYTES) return undefined;
  return { name, keyId: keyIdOf(bytes), signature: bytes.subarray(KEY_ID_BYTES) };
}

/** Returns the first four bytes as a key id. */
export function keyIdOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
}

export function bytesOfKeyId(keyId: number): Uint8Array {
  const bytes = new Uint8Array(KEY_ID_BYTES);
  new DataView(bytes.buffer).setUint32(0, keyId);
  return bytes;
}

/** Type of an Ed25519 signature over the text itself (C2SP signed-note, signature types). */
export const ED25519 = 1;

/** A public key as `name+id+base64(type ‖ key)`, taken apart. */
export interface VerifierKey {
  readonly name: string;
  readonly keyId: number;
  readonly type: number;
  readonly publicKey: Uint8Array;
}

/** Returns the text of a verifier key: `log.example.kz/tereze/0+1a2b3c4d+AQ...`. */
export function formatVerifierKey({ name, keyId, type, publicKey }: VerifierKey): string {
  return `${name}+${keyId.toString(16).padStart(8, '0')}+${toBase64(Uint8Array.from([type, ...publicKey]))}`;
}

/** Returns the parts of a verifier key, or undefined if the text is none. Whether its id is that of the key is not checked here. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  const [, name, id, base64] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(text) ?? [];
  if (name === undefined || id === undefined || base64 === undefined || !isKeyName(name)) return undefined;
  const [type, ...publicKey] = fromBase64(base64) ?? [];
  if (type === undefined || publicKey.length === 0) return undefined;
  return { name, keyId: Number.parseInt(id, 16), type, publicKey: Uint8Array.from(publicKey) };
}
