import { createHash } from 'node:crypto';
import { Integer, Null, ObjectIdentifier, OctetString } from 'asn1js';
import { AlgorithmIdentifier, MessageImprint, TimeStampReq } from 'pkijs';

export const SHA_256 = '2.16.840.1.101.3.4.2.1';

/** What a time stamp is asked for. */
export interface TimeStampQuestion {
  readonly data: Uint8Array;
  /** 16 bytes. */
  readonly nonce: Uint8Array;
  /** Policy that the answer must name, as an OID. */
  readonly policy: string | undefined;
}

/** Returns a request (RFC 3161, section 2.4.1) for a time stamp over SHA-256 of the data, with the certificates of its signer. */
export function timeStampRequest({ data, nonce, policy }: TimeStampQuestion): Uint8Array {
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: SHA_256, algorithmParams: new Null() }),
      hashedMessage: new OctetString({ valueHex: sha256(data) }),
    }),
    certReq: true,
    ...(policy === undefined ? {} : { reqPolicy: new ObjectIdentifier({ value: policy }).valueBlock.toString() }),
    nonce: nonceInteger(nonce),
  });
  return new Uint8Array(request.toSchema().toBER());
}

/** Returns a nonce as a positive integer: with its first bit cleared and the second set, its encoding is its bytes. */
export function nonceInteger(nonce: Uint8Array): Integer {
  const bytes = Uint8Array.from(nonce);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return new Integer({ valueHex: bytes });
}

/** Returns the hash as bytes of an `ArrayBuffer` of their own, as asn1js wants them. */
export function sha256(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(data).digest());
}
