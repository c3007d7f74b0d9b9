import { X509Certificate, type KeyObject } from 'node:crypto';
import { WSSE, WSU, XMLDSIG } from '../xml/namespaces.js';
import { methodOfKey } from './algorithms.js';
import { SignatureRefused } from './port.js';
import { bytesOf } from './signature.js';
import { attributeOf, childrenOf, onlyChild, type XmlElement } from './xml-tree.js';

/** Returns the key that a signature must be of. Throws {@link SignatureRefused} if no trusted one is named. */
export type Trust = (keyInfo: XmlElement | undefined, security: XmlElement, now: Date) => KeyObject;

/** Trusts one key. A key that a message names is ignored. */
export function pinnedKey(key: KeyObject): Trust {
  if (key.type !== 'public' || methodOfKey(key) === undefined)
    throw new Error(
      'a signature is verified with a public key: RSA of at least 2048 bits, or EC on P-256, P-384 or P-521',
    );
  return () => key;
}

export interface CertificateTrust {
  /** Issuers. Each is trusted on its own, so that an intermediate one must be among them. */
  readonly issuers: readonly X509Certificate[];
  /** Attributes of the subject, by their short names (`CN`, `O`, `serialNumber`), that the certificate must have. */
  readonly subject: Readonly<Record<string, string>>;
}

/**
 * Trusts the key of the certificate in a message, if one of the issuers signed it, both are valid now, and its subject is
 * the register. An issuer signs for many: without the subject, each of them could answer in its place. Revocation is not
 * asked for.
 */
export function issuedCertificate({ issuers, subject }: CertificateTrust): Trust {
  if (issuers.some(({ ca }) => !ca)) throw new Error('a certificate that is no issuer (CA) can issue nothing');
  const wanted = Object.entries(subject);
  if (issuers.length === 0 || wanted.length === 0)
    throw new Error('a certificate is trusted by an issuer and a subject');
  return (keyInfo, security, now) => {
    const certificate = keyInfo && certificateOf(keyInfo, security);
    const isTrusted =
      certificate !== undefined &&
      isValidAt(certificate, now) &&
      wanted.every(([name, value]) => subjectOf(certificate)[name] === value) &&
      issuers.some(
        (issuer) => isValidAt(issuer, now) && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey),
      );
    if (!isTrusted || methodOfKey(certificate.publicKey) === undefined)
      throw new SignatureRefused('certificate_untrusted');
    return certificate.publicKey;
  };
}

function subjectOf(certificate: X509Certificate): Readonly<Record<string, unknown>> {
  // An attribute that occurs more than once is a list there, and equals no text.
  return certificate.toLegacyObject().subject as unknown as Readonly<Record<string, unknown>>;
}

function isValidAt({ validFrom, validTo }: X509Certificate, now: Date): boolean {
  return Date.parse(validFrom) <= now.getTime() && now.getTime() <= Date.parse(validTo);
}

/**
 * The certificate in the message: in KeyInfo itself, or in the BinarySecurityToken that it refers to (X.509 Certificate
 * Token Profile, 3.2). Undefined if it holds none, or several.
 */
function certificateOf(keyInfo: XmlElement, security: XmlElement): X509Certificate | undefined {
  const reference = onlyChild(keyInfo, WSSE, 'SecurityTokenReference') ?? keyInfo;
  const data = onlyChild(reference, XMLDSIG, 'X509Data');
  const element = (data && onlyChild(data, XMLDSIG, 'X509Certificate')) ?? tokenOf(reference, security);
  if (element === undefined) return undefined;
  try {
    return new X509Certificate(bytesOf(element));
  } catch {
    return undefined;
  }
}

function tokenOf(reference: XmlElement, security: XmlElement): XmlElement | undefined {
  const named = onlyChild(reference, WSSE, 'Reference');
  const uri = named && attributeOf(named, 'URI');
  const [token, ...more] = childrenOf(security, WSSE, 'BinarySecurityToken').filter(({ attributes }) =>
    attributes.some(({ local, uri: space, value }) => local === 'Id' && space === WSU && `#${value}` === uri),
  );
  return more.length === 0 ? token : undefined;
}
