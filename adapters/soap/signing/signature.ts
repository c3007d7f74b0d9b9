import { XMLDSIG } from '../xml/namespaces.js';
import { canonicalFormOf, digestOf, EXCLUSIVE_C14N, INCLUSIVE_C14N, signatureMethodOf } from './algorithms.js';
import type { SignatureMethod } from './algorithms.js';
import { canonicalText, type CanonicalForm } from './canonical.js';
import { SignatureRefused } from './port.js';
import { attributeOf, childrenOf, hasAtMost, onlyChild, textOf, type XmlElement } from './xml-tree.js';

/** What a ds:Signature says. Nothing of it is trusted before its value was verified. */
export interface Signature {
  readonly method: SignatureMethod;
  readonly value: Buffer;
  /** Canonical text of SignedInfo: what the value signs. */
  readonly signedInfo: string;
  /** By the Id that each names. */
  readonly references: ReadonlyMap<string, Reference>;
  readonly keyInfo: XmlElement | undefined;
}

export interface Reference {
  readonly form: CanonicalForm;
  readonly hash: string;
  readonly digest: Buffer;
}

/** A message needs few. Each is made canonical on its own. */
const MAX_REFERENCES = 10;
/** Elements and texts of a SignedInfo with that many references, and line ends between them. It is made canonical at once. */
const MAX_NODES = 1_000;

/**
 * Reads a ds:Signature (XML Signature 1.1, section 4). Throws {@link SignatureRefused} `signature_algorithm` for an
 * algorithm or transform that is not on the list, `signature_scope` for a reference to anything but an Id, and
 * `signature_invalid` for any other content than one SignedInfo, one SignatureValue and at most one KeyInfo, and for a
 * SignedInfo of more than 1,000 elements and texts.
 */
export function readSignature(signature: XmlElement): Signature {
  const signedInfo = requiredChild(signature, 'SignedInfo');
  if (!hasAtMost(signedInfo, MAX_NODES)) throw new SignatureRefused('signature_invalid');
  const method = known(signatureMethodOf(algorithmOf(requiredChild(signedInfo, 'SignatureMethod'))));
  const form = formOf(requiredChild(signedInfo, 'CanonicalizationMethod'));
  const references = childrenOf(signedInfo, XMLDSIG, 'Reference');
  const byId = new Map(references.map((reference) => [idOf(reference), readReference(reference)]));
  if (references.length === 0 || references.length > MAX_REFERENCES || byId.size !== references.length)
    throw new SignatureRefused('signature_scope');
  const keyInfos = childrenOf(signature, XMLDSIG, 'KeyInfo');
  if (keyInfos.length > 1) throw new SignatureRefused('signature_invalid');
  return {
    method,
    value: bytesOf(requiredChild(signature, 'SignatureValue')),
    signedInfo: canonicalText(signedInfo, form),
    references: byId,
    keyInfo: keyInfos[0],
  };
}

function readReference(reference: XmlElement): Reference {
  return {
    form: transformOf(reference),
    hash: known(digestOf(algorithmOf(requiredChild(reference, 'DigestMethod')))),
    digest: bytesOf(requiredChild(reference, 'DigestValue')),
  };
}

/** Without a transform, a reference is made canonical by the inclusive form (section 4.4.3.2). */
function transformOf(reference: XmlElement): CanonicalForm {
  const all = onlyChild(reference, XMLDSIG, 'Transforms');
  if (all === undefined && childrenOf(reference, XMLDSIG, 'Transforms').length === 0)
    return { ...known(canonicalFormOf(INCLUSIVE_C14N)), prefixes: [] };
  const [transform, ...more] = all === undefined ? [] : childrenOf(all, XMLDSIG, 'Transform');
  if (transform === undefined || more.length > 0) throw new SignatureRefused('signature_algorithm');
  return formOf(transform);
}

/** The canonical form that a CanonicalizationMethod or a Transform names, with the prefixes that it lists. */
function formOf(element: XmlElement): CanonicalForm {
  const form = known(canonicalFormOf(algorithmOf(element)));
  const [list, ...more] = element.children.filter((child): child is XmlElement => typeof child !== 'string');
  if (list === undefined) return { ...form, prefixes: [] };
  // Parameters that are not understood would change what was signed.
  if (!form.exclusive || more.length > 0 || list.uri !== EXCLUSIVE_C14N || list.local !== 'InclusiveNamespaces')
    throw new SignatureRefused('signature_algorithm');
  const prefixes = (attributeOf(list, 'PrefixList') ?? '').split(/\s+/).filter((prefix) => prefix !== '');
  return { ...form, prefixes: prefixes.map((prefix) => (prefix === '#default' ? '' : prefix)) };
}

function idOf(reference: XmlElement): string {
  const uri = attributeOf(reference, 'URI') ?? '';
  if (!/^#[^#\s()/]+$/.test(uri)) throw new SignatureRefused('signature_scope');
  return uri.slice(1);
}

function algorithmOf(element: XmlElement): string {
  return attributeOf(element, 'Algorithm') ?? '';
}

function requiredChild(element: XmlElement, local: string): XmlElement {
  const child = onlyChild(element, XMLDSIG, local);
  if (child === undefined) throw new SignatureRefused('signature_invalid');
  return child;
}

function known<Algorithm>(algorithm: Algorithm | undefined): Algorithm {
  if (algorithm === undefined) throw new SignatureRefused('signature_algorithm');
  return algorithm;
}

/** Returns the bytes of an element of xs:base64Binary. */
export function bytesOf(element: XmlElement): Buffer {
  const text = textOf(element)?.replaceAll(/[ \t\r\n]/g, '') ?? '';
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) throw new SignatureRefused('signature_invalid');
  return Buffer.from(text, 'base64');
}
