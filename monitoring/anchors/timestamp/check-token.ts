import { createHash } from 'node:crypto';
import { BitString, fromBER, ObjectIdentifier, OctetString, Sequence, type Integer } from 'asn1js';
import {
  CryptoEngine,
  ExtKeyUsage,
  SignedData,
  TimeStampResp,
  TSTInfo,
  type Certificate,
  type SignedDataVerifyResult,
  type SignerInfo,
} from 'pkijs';
import type { AnchorFault, CheckedProof } from '../anchor.js';
import { SHA_256, sha256 } from './request.js';

/** What a time stamp must fit. */
export interface ExpectedTimeStamp {
  readonly data: Uint8Array;
  /** Undefined for a stored one, whose request is over. */
  readonly nonce: Integer | undefined;
  /** Undefined: any. */
  readonly policy: string | undefined;
  readonly authorities: readonly Certificate[];
}

const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const KEY_USAGE = '2.5.29.15';
/** Of `keyUsage`: digitalSignature and nonRepudiation, the only bits that a signer of time stamps may have. */
const SIGNING_BITS = 0xc0;
const HASHES: Readonly<Record<string, string>> = {
  [SHA_256]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
/** Each may be tried as the issuer of each other. */
const MOST_CERTIFICATES = 12;
const GRANTED = new Set([0, 1]);

/** The engine of this module: pkijs would else use one that anyone may replace. */
const engine = new CryptoEngine({ name: 'node', crypto: globalThis.crypto });

/**
 * Resolves with the time that an answer of a time-stamp authority (RFC 3161, section 2.4.2) proves for the data, or with
 * why it proves none. It demands what `openssl ts -verify` demands, and in addition SHA-2: SHA-256 of the data, one signer,
 * whose certificate is bound by the signature, is for time stamps only and was valid at that time, and a chain to an
 * authority. Revocation is not asked for. Never rejects.
 */
export async function checkTimeStamp(
  answer: Uint8Array,
  expected: ExpectedTimeStamp,
): Promise<CheckedProof | AnchorFault | 'refused'> {
  try {
    return await check(answer, expected);
  } catch {
    // A parser threw at bytes from outside.
    return 'malformed';
  }
}

async function check(answer: Uint8Array, expected: ExpectedTimeStamp): Promise<CheckedProof | AnchorFault | 'refused'> {
  const { status, timeStampToken: token } = parseAnswer(answer);
  if (!GRANTED.has(status.status)) return 'refused';
  if (token?.contentType !== SIGNED_DATA) return 'malformed';
  const signed = new SignedData({ schema: token.content });
  const content = contentOf(signed);
  if (content === undefined) return 'malformed';
  const { info, signerInfo } = content;
  const fault = faultOfInfo(info, expected) ?? (isSignedSafely(signerInfo) ? undefined : 'malformed');
  if (fault !== undefined) return fault;
  // Revocation lists in the answer would be those of its maker's choice.
  delete signed.crls;
  const verified = await verifySigned(signed, expected);
  if (typeof verified === 'string') return verified;
  const { signerCertificate: signer } = verified;
  if (!signer || !isForTimeStamps(signer) || !isBound(signer, signerInfo)) return 'signer';
  return { provenAt: info.genTime };
}

/** Returns what is signed, and who signed it; undefined if it is no time stamp of one signer. */
function contentOf({
  signerInfos,
  encapContentInfo,
  certificates = [],
}: SignedData): { readonly info: TSTInfo; readonly signerInfo: SignerInfo } | undefined {
  const [signerInfo, ...moreSigners] = signerInfos;
  const { eContentType, eContent } = encapContentInfo;
  if (signerInfo === undefined || moreSigners.length > 0 || certificates.length > MOST_CERTIFICATES) return undefined;
  if (eContentType !== TST_INFO || eContent === undefined) return undefined;
  return { info: TSTInfo.fromBER(eContent.getValue()), signerInfo };
}

function faultOfInfo(
  { messageImprint, nonce: answered, policy: named }: TSTInfo,
  { data, nonce, policy }: ExpectedTimeStamp,
): AnchorFault | undefined {
  const { hashAlgorithm, hashedMessage } = messageImprint;
  if (hashAlgorithm.algorithmId !== SHA_256 || !areSame(hashedMessage.valueBlock.valueHexView, sha256(data)))
    return 'other_checkpoint';
  if (nonce !== undefined && answered?.isEqual(nonce) !== true) return 'nonce';
  return policy !== undefined && named !== policy ? 'policy' : undefined;
}

/** Reads an answer that is exactly one value in BER. Throws if it is not. */
function parseAnswer(answer: Uint8Array): TimeStampResp {
  const { offset, result } = fromBER(Uint8Array.from(answer));
  if (offset !== answer.length) throw new RangeError('not one value');
  return new TimeStampResp({ schema: result });
}

/** Signed attributes bind the kind of content (RFC 5652, section 5.3); a hash that can be forged binds nothing. */
function isSignedSafely({ signedAttrs, digestAlgorithm }: SignerInfo): boolean {
  const types = signedAttrs?.attributes.filter(({ type }) => type === CONTENT_TYPE) ?? [];
  const [type] = types[0]?.values ?? [];
  return (
    types.length === 1 &&
    type instanceof ObjectIdentifier &&
    type.valueBlock.toString() === TST_INFO &&
    HASHES[digestAlgorithm.algorithmId] !== undefined
  );
}

async function verifySigned(
  signed: SignedData,
  { data, authorities }: ExpectedTimeStamp,
): Promise<SignedDataVerifyResult | AnchorFault> {
  const options = { signer: 0, trustedCerts: [...authorities], data: Uint8Array.from(data).buffer, checkChain: true };
  try {
    const result = await signed.verify({ ...options, extendedMode: true }, engine);
    return result.signatureVerified === true ? result : 'signature';
  } catch (error) {
    return faultOf(error);
  }
}

/** Codes of `SignedData.verify`: 3, the certificate of the signer is not there; 5, its chain does not hold. */
function faultOf(error: unknown): AnchorFault {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 2 || code === 3) return 'signer';
  return code === 5 ? 'untrusted_signer' : 'signature';
}

/** RFC 3161, section 2.3: one extended key usage, for time stamps, critical. */
function isForTimeStamps({ extensions = [] }: Certificate): boolean {
  const usages = extensions.filter(({ extnID }) => extnID === EXTENDED_KEY_USAGE);
  const [usage] = usages;
  const purposes = usage?.parsedValue instanceof ExtKeyUsage ? usage.parsedValue.keyPurposes : [];
  const isOnly =
    usages.length === 1 && usage?.critical === true && purposes.length === 1 && purposes[0] === TIME_STAMPING;
  return isOnly && extensions.every(({ extnID, parsedValue }) => extnID !== KEY_USAGE || isSigningOnly(parsedValue));
}

function isSigningOnly(usage: unknown): boolean {
  if (!(usage instanceof BitString)) return false;
  const [bits = 0, ...more] = usage.valueBlock.valueHexView;
  return bits !== 0 && (bits & ~SIGNING_BITS & 0xff) === 0 && more.every((byte) => byte === 0);
}

/** Whether the signature covers a hash of the signer's certificate (RFC 5035), so that no other one fits. */
function isBound(signer: Certificate, { signedAttrs }: SignerInfo): boolean {
  const der = new Uint8Array(signer.toSchema().toBER());
  const attributes = signedAttrs?.attributes ?? [];
  const named = attributes.filter(({ type }) => type === SIGNING_CERTIFICATE || type === SIGNING_CERTIFICATE_V2);
  return (
    named.length > 0 &&
    named.every(({ type, values }) => {
      const first = child(child(values[0], 0), 0);
      const [head] = membersOf(first);
      if (type === SIGNING_CERTIFICATE) return isHashOf(der, 'sha1', head);
      if (head instanceof OctetString) return isHashOf(der, 'sha256', head);
      const [algorithm] = membersOf(head);
      const name = algorithm instanceof ObjectIdentifier ? HASHES[algorithm.valueBlock.toString()] : undefined;
      return name !== undefined && isHashOf(der, name, membersOf(first)[1]);
    })
  );
}

function membersOf(value: unknown): readonly unknown[] {
  return value instanceof Sequence ? value.valueBlock.value : [];
}

function child(value: unknown, at: number): unknown {
  return membersOf(value)[at];
}

function isHashOf(der: Uint8Array, algorithm: string, hash: unknown): boolean {
  return (
    hash instanceof OctetString && areSame(hash.valueBlock.valueHexView, createHash(algorithm).update(der).digest())
  );
}

function areSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
