import { createHash, sign, X509Certificate, type KeyObject } from 'node:crypto';
import type { Clock } from '../../../schemas/ports/clock.js';
import { SOAP_12, WSSE, WSU, XMLDSIG } from '../xml/namespaces.js';
import { EXCLUSIVE_C14N, methodOfKey, SHA256, type SignatureMethod } from './algorithms.js';
import type { Signer } from './port.js';
import { readUnsigned, type UnsignedEnvelope } from './unsigned-envelope.js';

/** How long a signed message is fresh. */
const VALID_MS = 5 * 60_000;
const X509_TOKEN = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3';
const BASE64 = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary';

export interface SignerOptions {
  /** Private: RSA of at least 2048 bits, or EC on P-256, P-384 or P-521. */
  readonly key: KeyObject;
  /** PEM. The message carries it as a BinarySecurityToken. Some registers find the key by it. */
  readonly certificate?: string | undefined;
  /** Whether a signed Timestamp goes with the message. Yes, if left out. */
  readonly timestamp?: boolean | undefined;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Returns a signer in this process: WS-Security 1.0, over exclusive canonical forms with SHA-256. What is signed is
 * written in its canonical form, so that the operation with the private key takes most of the time. That one runs beside
 * the event loop.
 */
export function createSigner({ key, certificate, timestamp = true, clock }: SignerOptions): Signer {
  const method = key.type === 'private' ? methodOfKey(key) : undefined;
  if (method === undefined)
    throw new Error(
      'a message is signed with a private key: RSA of at least 2048 bits, or EC on P-256, P-384 or P-521',
    );
  const token = certificate === undefined ? '' : binaryToken(certificate);
  const keyInfo = token === '' ? '' : `<ds:KeyInfo>${TOKEN_REFERENCE}</ds:KeyInfo>`;
  const operation = operationWith(key, method);
  return {
    sign: async (envelope) => {
      const unsigned = readUnsigned(envelope);
      const time = timestamp ? timestampOf(clock.now()) : '';
      const info = signedInfo(method.name, [
        ['Body', unsigned.signedBody],
        ...(timestamp ? [['Timestamp', time] as const] : []),
      ]);
      const signature = `<ds:Signature xmlns:ds="${XMLDSIG}">${info}<ds:SignatureValue>${(await operation(info)).toString('base64')}</ds:SignatureValue>${keyInfo}</ds:Signature>`;
      return withSecurity(envelope, unsigned, `${token}${time}${signature}`);
    },
  };
}

/** ECDSA values are two numbers side by side (RFC 6931, section 2.3.6). */
function operationWith(key: KeyObject, { keyType, hash }: SignatureMethod): (text: string) => Buffer | Promise<Buffer> {
  const options = { key, dsaEncoding: 'ieee-p1363' } as const;
  // On P-256 the operation costs less than the way to another thread.
  if (keyType === 'ec' && hash === 'sha256') return (text) => sign(hash, Buffer.from(text), options);
  return (text) =>
    new Promise((resolve, reject) => {
      sign(hash, Buffer.from(text), options, (error, value) => (error === null ? resolve(value) : reject(error)));
    });
}

const TOKEN_REFERENCE = `<wsse:SecurityTokenReference xmlns:wsse="${WSSE}"><wsse:Reference URI="#Token" ValueType="${X509_TOKEN}"/></wsse:SecurityTokenReference>`;

function binaryToken(certificate: string): string {
  const der = new X509Certificate(certificate).raw.toString('base64');
  return `<wsse:BinarySecurityToken wsu:Id="Token" EncodingType="${BASE64}" ValueType="${X509_TOKEN}">${der}</wsse:BinarySecurityToken>`;
}

function timestampOf(now: Date): string {
  const [created, expires] = [now, new Date(now.getTime() + VALID_MS)].map((moment) => moment.toISOString());
  return `<wsu:Timestamp xmlns:wsu="${WSU}" wsu:Id="Timestamp"><wsu:Created>${created}</wsu:Created><wsu:Expires>${expires}</wsu:Expires></wsu:Timestamp>`;
}

function signedInfo(method: string, signed: readonly (readonly [id: string, text: string])[]): string {
  const references = signed.map(
    ([id, text]) =>
      `<ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="${EXCLUSIVE_C14N}"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="${SHA256}"></ds:DigestMethod><ds:DigestValue>${createHash('sha256').update(text).digest('base64')}</ds:DigestValue></ds:Reference>`,
  );
  return `<ds:SignedInfo xmlns:ds="${XMLDSIG}"><ds:CanonicalizationMethod Algorithm="${EXCLUSIVE_C14N}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="${method}"></ds:SignatureMethod>${references.join('')}</ds:SignedInfo>`;
}

/** Writes the Security header and the Id of the Body into the message, and leaves the rest as it is. */
function withSecurity(message: string, unsigned: UnsignedEnvelope, content: string): string {
  const { prefix, uri, envelopeStart, headerStart, bodyName } = unsigned;
  const mustUnderstand = uri === SOAP_12 ? 'true' : '1';
  const security = `<wsse:Security xmlns:wsse="${WSSE}" xmlns:wsu="${WSU}" ${prefix}:mustUnderstand="${mustUnderstand}">${content}</wsse:Security>`;
  const at = headerStart ?? envelopeStart;
  return [
    message.slice(0, at),
    headerStart === undefined ? `<${prefix}:Header>${security}</${prefix}:Header>` : security,
    message.slice(at, bodyName),
    ` xmlns:wsu="${WSU}" wsu:Id="Body"`,
    message.slice(bodyName),
  ].join('');
}
