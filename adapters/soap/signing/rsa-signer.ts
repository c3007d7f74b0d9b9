import { X509Certificate, type KeyObject } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import type { Clock } from '../../../schemas/ports/clock.js';
import { SOAP, WSSE, WSU } from '../namespaces.js';
import { EXCLUSIVE_C14N, RSA_SHA256, SHA256 } from './algorithms.js';
import type { Signer } from './port.js';

/** How long a signed message is fresh. */
const VALID_MS = 5 * 60_000;
const X509_TOKEN = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3';
const BASE64 = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary';

export interface RsaSignerOptions {
  readonly key: KeyObject;
  /** PEM. The message carries it as a BinarySecurityToken. Some registers find the key by it. */
  readonly certificate?: string | undefined;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Returns a signer in this process. It takes 2 ms a message. WS-Security 1.0; RSA-SHA256 over exclusive canonical forms
 * of Body and Timestamp.
 */
export function createRsaSigner({ key, certificate, clock }: RsaSignerOptions): Signer {
  const token = certificate === undefined ? '' : binaryToken(certificate);
  return { sign: async (envelope) => sign(withSecurity(envelope, clock.now(), token), key, token !== '') };
}

function sign(message: string, key: KeyObject, refersToToken: boolean): string {
  const signature = new SignedXml({
    idMode: 'wssecurity',
    privateKey: key,
    signatureAlgorithm: RSA_SHA256,
    canonicalizationAlgorithm: EXCLUSIVE_C14N,
    getKeyInfoContent: () => (refersToToken ? TOKEN_REFERENCE : null),
  });
  for (const xpath of ["/*/*[local-name(.)='Body']", "/*/*[local-name(.)='Header']/*/*[local-name(.)='Timestamp']"]) {
    signature.addReference({ xpath, transforms: [EXCLUSIVE_C14N], digestAlgorithm: SHA256 });
  }
  signature.computeSignature(message, {
    prefix: 'ds',
    location: { reference: "/*/*[local-name(.)='Header']/*", action: 'append' },
  });
  return signature.getSignedXml();
}

const TOKEN_REFERENCE = `<wsse:SecurityTokenReference xmlns:wsse="${WSSE}"><wsse:Reference URI="#Token" ValueType="${X509_TOKEN}"/></wsse:SecurityTokenReference>`;

function binaryToken(certificate: string): string {
  const der = new X509Certificate(certificate).raw.toString('base64');
  return `<wsse:BinarySecurityToken wsu:Id="Token" EncodingType="${BASE64}" ValueType="${X509_TOKEN}">${der}</wsse:BinarySecurityToken>`;
}

/** The beginning of an envelope of a template. The template chooses the prefix. */
const START = new RegExp(`^<(\\w+):Envelope xmlns:\\1="${SOAP.replaceAll('.', '\\.')}"><\\1:Body>`);

function withSecurity(envelope: string, now: Date, token: string): string {
  const [start, prefix] = START.exec(envelope) ?? [];
  if (start === undefined || prefix === undefined) throw new Error('this is no envelope of a template');
  const [created, expires] = [now, new Date(now.getTime() + VALID_MS)].map((moment) => moment.toISOString());
  const timestamp = `<wsu:Timestamp wsu:Id="Timestamp"><wsu:Created>${created}</wsu:Created><wsu:Expires>${expires}</wsu:Expires></wsu:Timestamp>`;
  const header = `<${prefix}:Header><wsse:Security xmlns:wsse="${WSSE}" xmlns:wsu="${WSU}" ${prefix}:mustUnderstand="1">${token}${timestamp}</wsse:Security></${prefix}:Header>`;
  return `<${prefix}:Envelope xmlns:${prefix}="${SOAP}">${header}<${prefix}:Body xmlns:wsu="${WSU}" wsu:Id="Body">${envelope.slice(start.length)}`;
}
