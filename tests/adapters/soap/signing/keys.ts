import { generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A fresh RSA pair, for a test. */
export function rsaPair(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

/** An envelope as the template makes them, with nothing to say but `text`. */
export function envelopeOf(text: string): string {
  return `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><t:Say xmlns:t="urn:test"><what>${text}</what></t:Say></soap:Body></soap:Envelope>`;
}
