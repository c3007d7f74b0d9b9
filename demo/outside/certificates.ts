import { BitString, Integer, PrintableString } from 'asn1js';
import {
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  CryptoEngine,
  ExtKeyUsage,
  Extension,
  Time,
} from 'pkijs';

/** A certificate with its private key. */
export interface Identity {
  readonly certificate: Certificate;
  readonly privateKey: CryptoKey;
}

export interface Issuing {
  readonly name: string;
  readonly serial: number;
  readonly from: Date;
  readonly to: Date;
  readonly isAuthority?: boolean;
  /** OIDs of the extended key usage, and whether it is critical. Without them it has none. */
  readonly purposes?: readonly string[];
  readonly isPurposeCritical?: boolean;
}

export const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const COMMON_NAME = '2.5.4.3';
const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
/** Bits of the key usage: digitalSignature; keyCertSign and cRLSign. */
const [SIGNS, SIGNS_CERTIFICATES] = [0x80, 0x06];
const KEYS = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export const engine = new CryptoEngine({ name: 'node', crypto: globalThis.crypto });

/** Issues a certificate for a new P-256 key. Without an issuer it signs itself. */
export async function issueCertificate(issuing: Issuing, by?: Identity): Promise<Identity> {
  const { privateKey, publicKey } = await globalThis.crypto.subtle.generateKey(KEYS, true, ['sign', 'verify']);
  const certificate = new Certificate();
  certificate.version = 2;
  certificate.serialNumber = new Integer({ value: issuing.serial });
  certificate.subject.typesAndValues.push(commonName(issuing.name));
  certificate.issuer.typesAndValues.push(...(by?.certificate.subject.typesAndValues ?? [commonName(issuing.name)]));
  certificate.notBefore = new Time({ type: 0, value: issuing.from });
  certificate.notAfter = new Time({ type: 0, value: issuing.to });
  certificate.extensions = extensionsOf(issuing);
  await certificate.subjectPublicKeyInfo.importKey(publicKey, engine);
  await certificate.sign(by?.privateKey ?? privateKey, 'SHA-256', engine);
  // As a reader has it, with every part that is only computed when it is read.
  return { certificate: Certificate.fromBER(certificate.toSchema().toBER()), privateKey };
}

function commonName(name: string): AttributeTypeAndValue {
  return new AttributeTypeAndValue({ type: COMMON_NAME, value: new PrintableString({ value: name }) });
}

function extensionsOf({ isAuthority = false, purposes, isPurposeCritical = true }: Issuing): Extension[] {
  const constraints = new BasicConstraints({ cA: isAuthority });
  const usage = new BitString({
    valueHex: Uint8Array.of(isAuthority ? SIGNS_CERTIFICATES : SIGNS),
    unusedBits: isAuthority ? 1 : 7,
  });
  const made = [extension(BASIC_CONSTRAINTS, constraints.toSchema().toBER()), extension(KEY_USAGE, usage.toBER())];
  if (purposes === undefined) return made;
  const extended = new ExtKeyUsage({ keyPurposes: [...purposes] });
  return [...made, extension(EXTENDED_KEY_USAGE, extended.toSchema().toBER(), isPurposeCritical)];
}

function extension(extnID: string, value: ArrayBuffer, critical = true): Extension {
  return new Extension({ extnID, critical, extnValue: value });
}

/** Returns a certificate in PEM. */
export function certificatePem(certificate: Certificate): string {
  return pem('CERTIFICATE', new Uint8Array(certificate.toSchema().toBER()));
}

/** Resolves with a private key in PEM (PKCS #8). */
export async function keyPem(key: CryptoKey): Promise<string> {
  return pem('PRIVATE KEY', new Uint8Array(await globalThis.crypto.subtle.exportKey('pkcs8', key)));
}

/** Resolves with a certificate and key of {@link certificatePem} and {@link keyPem}. */
export async function readIdentity(certificate: string, key: string): Promise<Identity> {
  return {
    certificate: Certificate.fromBER(bytesOf(certificate)),
    privateKey: await globalThis.crypto.subtle.importKey('pkcs8', bytesOf(key), KEYS, true, ['sign']),
  };
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text.replace(/-----[^-]+-----/g, ''), 'base64'));
}

function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
