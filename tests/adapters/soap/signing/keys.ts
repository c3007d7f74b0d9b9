import { generateKeyPairSync, type KeyObject } from 'node:crypto';

interface RsaPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const made = new Map<string, RsaPair>();

/** Returns the RSA pair of this name: one a process, because making one takes up to half a second. */
export function rsaPair(name: 'gateway' | 'register' | 'other'): RsaPair {
  const pair = made.get(name) ?? generateKeyPairSync('rsa', { modulusLength: 2048 });
  made.set(name, pair);
  return pair;
}

/** An envelope as the template makes them, with nothing to say but `text`. */
export function envelopeOf(text: string): string {
  return `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><t:Say xmlns:t="urn:test"><what>${text}</what></t:Say></soap:Body></soap:Envelope>`;
}
