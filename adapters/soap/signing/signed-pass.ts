import { createHash, type Hash } from 'node:crypto';
import type { XmlEvents, XmlTag } from '../xml/tag.js';
import { CanonicalEvents, isDisputed } from './canonical.js';
import { elementsById, isIdOf, signedEnvelope } from './envelope.js';
import { readSignature, type Reference, type Signature } from './signature.js';
import { TreeEvents, type XmlElement } from './xml-tree.js';

/** What becomes of the Body while it is read. */
export interface BodyUse {
  /** Gets the Body and all in it. What it throws is kept until the message is verified. */
  readonly events?: XmlEvents | undefined;
  /** Gets the canonical text of the Body in parts. */
  readonly onText?: ((part: string) => void) | undefined;
}

/** The Body of a message, as it was read with all that precedes it. */
export interface PassedBody {
  readonly signature: Signature;
  readonly digest: Buffer | undefined;
  /** What the use of the Body threw. */
  readonly failure: { readonly error: unknown } | undefined;
}

/**
 * Reads a signed message. What precedes the Body becomes a tree: it says how the Body is to be made canonical. Its digest
 * is made of the same events that its use gets, so that what is read is what was signed; nothing of it is kept.
 *
 * If the Body cannot be read that way, all of the message becomes a tree: the signature follows the Body, an element beside
 * those before the Body is signed, or the message will be refused.
 */
export class SignedPass implements XmlEvents {
  readonly #xml: string;
  readonly #use: BodyUse;
  readonly #tree: TreeEvents;
  #depth = 0;
  #hasDisputedName = false;
  #hasBody = false;
  /** Undefined while all becomes a tree. */
  #body: BodyInPass | undefined;

  constructor(xml: string, use: BodyUse) {
    this.#xml = xml;
    this.#use = use;
    this.#tree = new TreeEvents(xml);
  }

  /** The root of the message. Its Body, and all behind that, have no children if there is a `passed` Body. */
  get root(): XmlElement | undefined {
    return this.#tree.root;
  }

  get passed(): PassedBody | undefined {
    return this.#body;
  }

  /** Whether an Id of a reference came again in the Body or behind it. */
  get repeatsId(): boolean {
    return this.#body?.repeatsId ?? false;
  }

  /** Whether a namespace of the message has a name on which implementations differ, be it signed or not. */
  get hasDisputedName(): boolean {
    return this.#hasDisputedName;
  }

  open(tag: XmlTag, from: number, to: number): void {
    this.#depth += 1;
    if (tag.declared.some(isDisputed)) this.#hasDisputedName = true;
    if (this.#body === undefined || this.#depth === 2) this.#tree.open(tag, from, to);
    if (this.#body !== undefined) this.#body.open(tag, from, to);
    else if (!this.#hasBody && this.#depth === 2 && tag.local === 'Body' && tag.uri === this.#tree.root?.uri) {
      // A message with another Body is refused. To look through all that precedes each of them would take too long.
      this.#hasBody = true;
      this.#body = bodyInPass(this.#xml, this.#tree.root, this.#use);
      this.#body?.begin(tag, from, to);
    }
  }

  text(from: number, to: number, value: string | undefined): void {
    if (this.#body === undefined) this.#tree.text(from, to, value);
    else this.#body.text(from, to, value);
  }

  close(tag: XmlTag, from: number, to: number): void {
    this.#body?.close(tag, from, to);
    if (this.#body === undefined || this.#depth <= 2) this.#tree.close();
    this.#depth -= 1;
  }
}

/** Undefined if not all that the signature covers, but for the Body itself, precedes the Body. */
function bodyInPass(xml: string, root: XmlElement, use: BodyUse): BodyInPass | undefined {
  try {
    const parts = signedEnvelope(root);
    const signature = readSignature(parts.signature);
    const targets = elementsById(root, signature.references.keys());
    const [reference] = [...signature.references].flatMap(([id, one]) => (targets.get(id) === parts.body ? [one] : []));
    const isAllThere = reference !== undefined && ![...targets.values()].includes(root);
    return isAllThere ? new BodyInPass(xml, root, signature, reference, use) : undefined;
  } catch {
    // The tree of the whole message says why it is refused, and in which order.
    return undefined;
  }
}

class BodyInPass implements XmlEvents, PassedBody {
  readonly signature: Signature;
  repeatsId = false;
  digest: Buffer | undefined;
  readonly #hash: Hash;
  readonly #canonical: Guarded;
  readonly #use: Guarded;
  /** Elements of the Body that are open. */
  #depth = 0;
  #isOver = false;

  constructor(xml: string, root: XmlElement, signature: Signature, reference: Reference, use: BodyUse) {
    this.signature = signature;
    this.#hash = createHash(reference.hash);
    this.#use = new Guarded(use.events);
    const write = (part: string): void => {
      this.#hash.update(part);
      use.onText?.(part);
    };
    this.#canonical = new Guarded(new CanonicalEvents(xml, reference.form, root, write));
  }

  get failure(): PassedBody['failure'] {
    return this.#use.failure;
  }

  /** The tag of the Body itself, whose Id is known. */
  begin(tag: XmlTag, from: number, to: number): void {
    this.#depth = 1;
    this.#canonical.open(tag, from, to);
    this.#use.open(tag, from, to);
  }

  open(tag: XmlTag, from: number, to: number): void {
    for (const attribute of tag.attributes) if (isIdOf(attribute, this.signature.references)) this.repeatsId = true;
    if (this.#isOver) return;
    this.#depth += 1;
    this.#canonical.open(tag, from, to);
    this.#use.open(tag, from, to);
  }

  text(from: number, to: number, value: string | undefined): void {
    if (this.#isOver) return;
    this.#canonical.text(from, to, value);
    this.#use.text(from, to, value);
  }

  close(tag: XmlTag, from: number, to: number): void {
    if (this.#isOver) return;
    this.#canonical.close(tag, from, to);
    this.#use.close(tag, from, to);
    this.#depth -= 1;
    if (this.#depth > 0) return;
    this.#isOver = true;
    // Without a canonical form, there is no digest.
    if (this.#canonical.failure === undefined) this.digest = this.#hash.digest();
  }
}

/**
 * Keeps what its events throw, and is done then. Reading goes on: what else is wrong with the message counts first.
 */
class Guarded implements XmlEvents {
  failure: PassedBody['failure'];
  #events: XmlEvents | undefined;

  constructor(events: XmlEvents | undefined) {
    this.#events = events;
  }

  open(tag: XmlTag, from: number, to: number): void {
    try {
      this.#events?.open(tag, from, to);
    } catch (error) {
      this.#fail(error);
    }
  }

  text(from: number, to: number, value: string | undefined): void {
    try {
      this.#events?.text(from, to, value);
    } catch (error) {
      this.#fail(error);
    }
  }

  close(tag: XmlTag, from: number, to: number): void {
    try {
      this.#events?.close(tag, from, to);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.failure = { error };
    this.#events = undefined;
  }
}
