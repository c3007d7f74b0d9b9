// Imports nothing: the texts of a log also have to be read where there is no Node.

/** Returns the standard base64 of these bytes, with padding (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

const SHAPE = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Returns the bytes of a standard base64, or undefined if it is none, or not the one that {@link toBase64} returns. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (!SHAPE.test(text)) return undefined;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  // Bits beyond the last byte could differ without a difference in the bytes.
  return toBase64(bytes) === text ? bytes : undefined;
}
