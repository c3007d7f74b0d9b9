import { SOAP, SOAP_12, WSSE, WSU, XMLDSIG } from '../xml/namespaces.js';
import type { XmlAttribute } from '../xml/tag.js';
import { SignatureRefused } from './port.js';
import { childrenOf, type XmlElement } from './xml-tree.js';

/** The parts of a signed message, each in its place. The same names elsewhere in a message mean nothing. */
export interface SignedEnvelope {
  /** The Body that is the Envelope's own child. */
  readonly body: XmlElement;
  /** The Security header with the signature. */
  readonly security: XmlElement;
  readonly signature: XmlElement;
  /** The Timestamps of that header. */
  readonly timestamps: readonly XmlElement[];
}

/**
 * Returns the parts of a signed message. Throws {@link SignatureRefused} `signature_missing` if no Security header has a
 * signature, `signature_scope` if there are several, and what `envelopeParts` throws.
 */
export function signedEnvelope(root: XmlElement): SignedEnvelope {
  const { header, body } = envelopeParts(root);
  const headers = header === undefined ? [] : childrenOf(header, WSSE, 'Security');
  const signatures = headers.flatMap((security) =>
    childrenOf(security, XMLDSIG, 'Signature').map((signature) => ({ security, signature })),
  );
  const [found, ...more] = signatures;
  if (found === undefined) throw new SignatureRefused('signature_missing');
  if (more.length > 0) throw new SignatureRefused('signature_scope');
  return { ...found, body, timestamps: childrenOf(found.security, WSU, 'Timestamp') };
}

/**
 * Returns Header and Body of an envelope. Throws {@link SignatureRefused} `envelope_missing` if there is none of SOAP 1.1
 * or 1.2 with a Body, and `signature_scope` if a part is there twice.
 */
export function envelopeParts(root: XmlElement): {
  readonly header: XmlElement | undefined;
  readonly body: XmlElement;
} {
  const { uri, local } = root;
  const [body, ...bodies] = childrenOf(root, uri, 'Body');
  const [header, ...headers] = childrenOf(root, uri, 'Header');
  if (local !== 'Envelope' || (uri !== SOAP && uri !== SOAP_12) || body === undefined)
    throw new SignatureRefused('envelope_missing');
  if (bodies.length > 0 || headers.length > 0) throw new SignatureRefused('signature_scope');
  return { header, body };
}

/**
 * Returns the elements of these Ids. An Id is an attribute `wsu:Id`, or `Id` without a namespace. Throws
 * {@link SignatureRefused} `signature_scope` if one is missing, or if an attribute called `id` in any spelling says it
 * once more: another reader might take that element for the signed one. Other Ids mean nothing.
 */
export function elementsById(root: XmlElement, ids: Iterable<string>): ReadonlyMap<string, XmlElement> {
  const wanted = new Set(ids);
  const found = new Map<string, XmlElement>();
  const visit = (element: XmlElement): void => {
    for (const attribute of element.attributes) {
      if (!isIdOf(attribute, wanted)) continue;
      const { local, uri, value } = attribute;
      if (found.has(value) || local !== 'Id' || (uri !== '' && uri !== WSU))
        throw new SignatureRefused('signature_scope');
      found.set(value, element);
    }
    for (const child of element.children) if (typeof child !== 'string') visit(child);
  };
  visit(root);
  if (found.size !== wanted.size) throw new SignatureRefused('signature_scope');
  return found;
}

/** Whether an attribute is called `id`, in any spelling, and says one of these Ids. */
export function isIdOf({ local, value }: XmlAttribute, ids: { has(id: string): boolean }): boolean {
  return local.length === 2 && local.toLowerCase() === 'id' && ids.has(value);
}
