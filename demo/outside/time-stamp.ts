import { createHash } from 'node:crypto';
import { Integer, ObjectIdentifier, OctetString, Sequence } from 'asn1js';
import {
  Attribute,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  PKIStatusInfo,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
  TimeStampReq,
  TimeStampResp,
  TSTInfo,
  type MessageImprint,
} from 'pkijs';
import { engine, type Identity } from './certificates.js';

/** What a time stamp says. */
export interface StampedFacts {
  /** OID. */
  readonly policy: string;
  readonly messageImprint: MessageImprint;
  readonly serial: number;
  readonly at: Date;
  readonly nonce: Integer | undefined;
}

const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const REJECTED = 2;

/** Returns a request for a time stamp, or undefined if the bytes are none. */
export function readRequest(bytes: Uint8Array): TimeStampReq | undefined {
  try {
    return TimeStampReq.fromBER(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

/** Resolves with the answer (RFC 3161, TimeStampResp) of an authority that says these facts. */
export async function stamp(facts: StampedFacts, signer: Identity): Promise<Uint8Array> {
  const info = new TSTInfo({
    version: 1,
    policy: facts.policy,
    messageImprint: facts.messageImprint,
    serialNumber: new Integer({ value: facts.serial }),
    genTime: facts.at,
    ...(facts.nonce === undefined ? {} : { nonce: facts.nonce }),
  });
  const token = await sign(new Uint8Array(info.toSchema().toBER()), signer);
  const content = new ContentInfo({ contentType: SIGNED_DATA, content: token.toSchema(true) });
  const answer = new TimeStampResp({ status: new PKIStatusInfo({ status: 0 }), timeStampToken: content });
  return new Uint8Array(answer.toSchema().toBER());
}

/** Returns the answer of an authority that gives no time stamp. */
export function refuseToStamp(): Uint8Array {
  return new Uint8Array(new TimeStampResp({ status: new PKIStatusInfo({ status: REJECTED }) }).toSchema().toBER());
}

async function sign(content: Uint8Array<ArrayBuffer>, { certificate, privateKey }: Identity): Promise<SignedData> {
  const signed = new SignedData({
    version: 3,
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: TST_INFO }),
    certificates: [certificate],
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({ issuer: certificate.issuer, serialNumber: certificate.serialNumber }),
        signedAttrs: new SignedAndUnsignedAttributes({ type: 0, attributes: attributesOf(content, certificate) }),
      }),
    ],
  });
  // Set here, because the constructor would cut it into pieces, which is not DER.
  signed.encapContentInfo.eContent = new OctetString({ valueHex: content });
  await signed.sign(privateKey, 0, 'SHA-256', undefined, engine);
  return signed;
}

/** In the order of their encodings, as DER wants the members of a set. */
function attributesOf(content: Uint8Array, certificate: Identity['certificate']): Attribute[] {
  const certHash = new OctetString({ valueHex: sha256(new Uint8Array(certificate.toSchema().toBER())) });
  const named = new Sequence({ value: [new Sequence({ value: [new Sequence({ value: [certHash] })] })] });
  const attributes = [
    new Attribute({ type: CONTENT_TYPE, values: [new ObjectIdentifier({ value: TST_INFO })] }),
    new Attribute({ type: MESSAGE_DIGEST, values: [new OctetString({ valueHex: sha256(content) })] }),
    new Attribute({ type: SIGNING_CERTIFICATE_V2, values: [named] }),
  ];
  const encoded = (attribute: Attribute): Buffer => Buffer.from(attribute.toSchema().toBER());
  return attributes.sort((one, other) => Buffer.compare(encoded(one), encoded(other)));
}

function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(bytes).digest());
}
