import { utf8Text } from '../../schemas/utf8-text.js';

/** Returns the name of the encoding of a label (WHATWG Encoding, section 4.2), or undefined if there is none. */
export function encodingOf(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** Returns the text of bytes, or undefined if they are not of the encoding. */
export function decoded(bytes: Buffer, encoding: string): string | undefined {
  if (encoding === 'utf-8') return utf8Text(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
