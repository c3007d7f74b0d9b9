import { Certificate } from 'pkijs';
import { AnchorFileFailure } from '../anchor.js';

const PEM = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g;

/** Returns the certificates of a PEM text. Throws `AnchorFileFailure`, which names `file`, if there is none or one is malformed. */
export function trustedAuthorities(text: string, file: string): readonly Certificate[] {
  const found = [...text.matchAll(PEM)];
  if (found.length === 0) throw new AnchorFileFailure(`${file} holds no certificate in PEM`);
  return found.map((match) => {
    try {
      return Certificate.fromBER(Uint8Array.from(Buffer.from(match[1] ?? '', 'base64')));
    } catch (cause) {
      const line = text.slice(0, match.index).split('\n').length;
      throw new AnchorFileFailure(`${file}, line ${line}: this is not a certificate`, cause);
    }
  });
}
