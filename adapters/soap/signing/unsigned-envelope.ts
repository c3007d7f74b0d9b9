import { SOAP, SOAP_12, WSSE, WSU } from '../xml/namespaces.js';
import { scanXml } from '../xml/scanner.js';
import type { XmlEvents, XmlTag } from '../xml/tag.js';
import { CanonicalEvents, isRelative } from './canonical.js';

/** An envelope that is to be signed: where its parts are, and what is signed of it. Positions are of its text. */
export interface UnsignedEnvelope {
  readonly prefix: string;
  /** Its namespace, which says the version of SOAP. */
  readonly uri: string;
  /** Behind the start tag of the Envelope. */
  readonly envelopeStart: number;
  /** Behind the start tag of the Header. Undefined if there is none. */
  readonly headerStart: number | undefined;
  /** Behind the name in the start tag of the Body. */
  readonly bodyName: number;
  /** Exclusive canonical form of the Body, with the Id that it will have. */
  readonly signedBody: string;
}

/**
 * Reads the envelope of a template once, and writes the canonical form of its Body meanwhile. Throws for any other text:
 * without one Body, with an empty Header, with attributes of the Body, with prefixes that the Security header binds, or with
 * a relative name of a namespace.
 */
export function readUnsigned(message: string): UnsignedEnvelope {
  const events = new UnsignedEvents(message);
  scanXml(message, events);
  return events.envelope();
}

const EXCLUSIVE = { exclusive: true, inherited: 'none', prefixes: [] } as const;
const ID = { prefix: 'wsu', local: 'Id', uri: WSU, name: 'wsu:Id', value: 'Body' };
/** Prefixes that the Security header and the Body bind. A name that uses them would change its meaning. */
const BOUND: ReadonlyMap<string, string> = new Map([
  ['wsse', WSSE],
  ['wsu', WSU],
]);

class UnsignedEvents implements XmlEvents {
  readonly #canonical: CanonicalEvents;
  #signedBody = '';
  #depth = 0;
  #root: { readonly tag: XmlTag; readonly end: number } | undefined;
  #header: { readonly start: number; hasContent: boolean } | undefined;
  #bodyName: number | undefined;
  /** The part of the Envelope that is being read. */
  #part: 'header' | 'body' | undefined;

  constructor(message: string) {
    this.#canonical = new CanonicalEvents(message, EXCLUSIVE, undefined, (part) => (this.#signedBody += part));
  }

  open(tag: XmlTag, from: number, to: number): void {
    if (tag.declared.some(isRelative)) throw new Error('the name of a namespace is relative');
    if (this.#depth === 0) this.#openEnvelope(tag, to);
    else if (this.#depth === 1) this.#openPart(tag, from, to);
    else if (this.#part === 'body') this.#canonical.open(tag, from, to);
    else this.#inHeader();
    this.#depth += 1;
  }

  text(from: number, to: number, value: string | undefined): void {
    if (this.#part === 'body') this.#canonical.text(from, to, value);
    else this.#inHeader();
  }

  close(tag: XmlTag, from: number, to: number): void {
    this.#depth -= 1;
    if (this.#part === 'body') this.#canonical.close(tag, from, to);
    if (this.#depth === 1) this.#part = undefined;
  }

  envelope(): UnsignedEnvelope {
    const [root, header, bodyName] = [this.#root, this.#header, this.#bodyName];
    if (root === undefined || bodyName === undefined || header?.hasContent === false) throw notOfTemplate();
    const { prefix, uri } = root.tag;
    return {
      prefix,
      uri,
      envelopeStart: root.end,
      headerStart: header?.start,
      bodyName,
      signedBody: this.#signedBody,
    };
  }

  #openEnvelope(tag: XmlTag, end: number): void {
    const { prefix, local, uri, declared } = tag;
    const isEnvelope = local === 'Envelope' && (uri === SOAP || uri === SOAP_12) && prefix !== '';
    const isBound = declared.some((one) => (BOUND.get(one.prefix) ?? one.uri) !== one.uri);
    if (!isEnvelope || isBound) throw notOfTemplate();
    this.#root = { tag, end };
  }

  #openPart(tag: XmlTag, from: number, to: number): void {
    const { name, local, uri, attributes, declared } = tag;
    if (uri !== this.#root?.tag.uri) return;
    if (local === 'Header') {
      if (this.#header !== undefined) throw notOfTemplate();
      this.#header = { start: to, hasContent: false };
      this.#part = 'header';
    }
    if (local !== 'Body') return;
    const isTaken = this.#bodyName !== undefined || attributes.length > 0;
    if (isTaken || declared.some(({ prefix }) => prefix === ID.prefix)) throw notOfTemplate();
    this.#bodyName = from + 1 + name.length;
    this.#part = 'body';
    this.#canonical.open({ ...tag, attributes: [ID], declared: [...declared, ID] }, from, to);
  }

  #inHeader(): void {
    if (this.#part === 'header' && this.#header !== undefined) this.#header.hasContent = true;
  }
}

function notOfTemplate(): Error {
  return new Error('this is no envelope of a template');
}
