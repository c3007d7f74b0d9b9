import { toBase64 } from '../../../monitoring/audit/tree/base64.js';
import { ED25519, keyIdOf, parseVerifierKey } from '../../../monitoring/audit/tree/note-text.js';
import { openNote, type NoteVerifier } from '../../../monitoring/audit/tree/open-note.js';
import type { LogCrypto } from '../../../monitoring/audit/verify/check-inclusion.js';
import type { AskFor } from './awaited.js';

const PUBLIC_KEY_BYTES = 32;

/** Returns hashes and signatures of a browser (Web Cryptography), with the keys whose signatures are believed. */
export function browserCrypto(ask: AskFor, verifierKeys: readonly string[]): LogCrypto {
  const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
    const bytes = joined(parts);
    return ask(`sha256 ${toBase64(bytes)}`, async () => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
  };
  return {
    // The prefixes of RFC 9162, section 2.1.1.
    leafHash: (entry) => sha256(Uint8Array.of(0), entry),
    nodeHash: (left, right) => sha256(Uint8Array.of(1), left, right),
    openNote: (note) => {
      const opened = openNote(
        note,
        verifierKeys.flatMap((key) => verifierOf(key, sha256, ask)),
      );
      return typeof opened === 'string'
        ? undefined
        : { text: opened.text, names: opened.verifiers.map(({ name }) => name) };
    },
  };
}

/** Returns the verifier of `name+id+base64`; none if the text is not the key of its id. */
function verifierOf(
  text: string,
  sha256: (...parts: readonly Uint8Array[]) => Uint8Array,
  ask: AskFor,
): readonly NoteVerifier[] {
  const parsed = parseVerifierKey(text);
  if (parsed?.type !== ED25519 || parsed.publicKey.length !== PUBLIC_KEY_BYTES) return [];
  const { name, keyId, publicKey } = parsed;
  const encoder = new TextEncoder();
  if (keyIdOf(sha256(encoder.encode(`${name}\n`), Uint8Array.of(ED25519), publicKey)) !== keyId) return [];
  const verify: NoteVerifier['verify'] = (signed, signature) =>
    ask(`ed25519 ${text} ${toBase64(signature)} ${signed}`, async () => {
      const key = await crypto.subtle.importKey('raw', joined([publicKey]), 'Ed25519', false, ['verify']);
      return crypto.subtle.verify('Ed25519', key, joined([signature]), encoder.encode(signed));
    });
  return [{ name, keyId, verify }];
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
