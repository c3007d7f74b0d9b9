import { createHash, verify as verifyValue, type KeyObject } from 'node:crypto';
import type { Clock } from '../../../schemas/ports/clock.js';
import { WSU } from '../xml/namespaces.js';
import { nextTurn, scanInParts, type Turn } from '../xml/scan-in-parts.js';
import { XmlRefused } from '../xml/xml-refused.js';
import { CanonicalEvents, canonicalText, type CanonicalForm } from './canonical.js';
import { elementsById, signedEnvelope } from './envelope.js';
import { freshUntil } from './freshness.js';
import { SignatureRefused, type Freshness, type Verifier } from './port.js';
import { readSignature, type Reference, type Signature } from './signature.js';
import { SignedPass, type BodyUse, type PassedBody } from './signed-pass.js';
import { pinnedKey, type Trust } from './trust.js';
import { childrenOf, onlyChild, replayInParts, textOf, type XmlElement } from './xml-tree.js';

export interface VerifierOptions {
  /** The only accepted key, or another way to trust. */
  readonly trust: KeyObject | Trust;
  readonly freshness?: Freshness | undefined;
  /** Greatest age of a Timestamp. */
  readonly maxAgeMs?: number | undefined;
  readonly clock: Pick<Clock, 'now'>;
  /** Between the parts of a long message. */
  readonly turn?: Turn | undefined;
}

/**
 * Returns a verifier in this process. It reads a message once, and hands on only what that pass saw: nothing of it is found
 * by a search that another text could answer. A long message takes several turns of the event loop.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const { trust } = options;
  const { turn = nextTurn } = options;
  const verification = { ...options, turn, trust: typeof trust === 'function' ? trust : pinnedKey(trust) };
  return {
    verify: async (message) => {
      let text = '';
      const { expiresAt, body } = await verified(message, { onText: (part) => (text += part) }, verification);
      const xml = body.passed === undefined ? canonicalText(body.element, body.form) : text;
      return { xml, ...(expiresAt === undefined ? {} : { expiresAt }) };
    },
    read: async (message, reading) => {
      const events = reading.begin(message);
      const { expiresAt, body } = await verified(message, { events }, verification);
      if (body.passed === undefined) await replayInParts(body.element, events, verification.turn);
      else if (body.passed.failure !== undefined) throw body.passed.failure.error;
      return { read: reading.finish(), ...(expiresAt === undefined ? {} : { expiresAt }) };
    },
  };
}

interface Verification extends VerifierOptions {
  readonly trust: Trust;
  readonly turn: Turn;
}

/** A message that is taken. */
interface Verified {
  readonly expiresAt: number | undefined;
  readonly body: {
    /** Without its content, if it was read in the pass. */
    readonly element: XmlElement;
    readonly form: CanonicalForm;
    readonly passed: PassedBody | undefined;
  };
}

async function verified(message: string, use: BodyUse, verification: Verification): Promise<Verified> {
  try {
    const pass = new SignedPass(message, use);
    await scanInParts(message, pass, verification.turn);
    return await concluded(pass, verification);
  } catch (error) {
    if (error instanceof SignatureRefused) throw error;
    // Other errors, of parsers and libraries, may quote the message.
    throw new SignatureRefused(error instanceof XmlRefused ? error.reason : 'signature_invalid');
  }
}

async function concluded(pass: SignedPass, verification: Verification): Promise<Verified> {
  const { root, passed } = pass;
  if (root === undefined) throw new SignatureRefused('xml_invalid');
  const now = verification.clock.now();
  const parts = signedEnvelope(root);
  const signature = passed?.signature ?? readSignature(parts.signature);
  checkValue(signature, verification.trust(signature.keyInfo, parts.security, now));
  if (pass.repeatsId) throw new SignatureRefused('signature_scope');
  if (pass.hasDisputedName) throw new SignatureRefused('signature_invalid');
  const signed = await signedElements(root, parts.body, signature, passed, verification.turn);
  const form = signed.get(parts.body)?.form;
  if (form === undefined) throw new SignatureRefused('signature_scope');
  return {
    body: { element: parts.body, form, passed },
    expiresAt: expiryOf(parts.timestamps, signed, verification, now),
  };
}

/** Returns the elements that are signed. Throws {@link SignatureRefused} if one is not what its digest says. */
async function signedElements(
  root: XmlElement,
  body: XmlElement,
  { references }: Signature,
  passed: PassedBody | undefined,
  turn: Turn,
): Promise<ReadonlyMap<XmlElement, Reference>> {
  const targets = elementsById(root, references.keys());
  const signed = new Map<XmlElement, Reference>();
  for (const [id, reference] of references) {
    const target = targets.get(id);
    if (target === undefined) continue;
    const digest = target === body && passed !== undefined ? passed.digest : await digestOf(target, reference, turn);
    if (digest?.equals(reference.digest) !== true) throw new SignatureRefused('signature_invalid');
    signed.set(target, reference);
  }
  return signed;
}

/** Returns the end of the Timestamp, if the message needs one. */
function expiryOf(
  [timestamp, ...more]: readonly XmlElement[],
  signed: ReadonlyMap<XmlElement, Reference>,
  { freshness = 'timestamp', maxAgeMs }: Verification,
  now: Date,
): number | undefined {
  if (freshness === 'response_date') return undefined;
  if (timestamp === undefined) throw new SignatureRefused('timestamp_missing');
  if (more.length > 0 || !signed.has(timestamp)) throw new SignatureRefused('signature_scope');
  return freshUntil(timesOf(timestamp), now, maxAgeMs);
}

/** Checks that the key signed SignedInfo. ECDSA values are two numbers side by side (RFC 6931, section 2.3.6). */
function checkValue({ method, signedInfo, value }: Signature, key: KeyObject): void {
  if (key.asymmetricKeyType !== method.keyType) throw new SignatureRefused('signature_algorithm');
  const isRight = verifyValue(method.hash, Buffer.from(signedInfo), { key, dsaEncoding: 'ieee-p1363' }, value);
  if (!isRight) throw new SignatureRefused('signature_invalid');
}

async function digestOf(element: XmlElement, { form, hash: algorithm }: Reference, turn: Turn): Promise<Buffer> {
  const hash = createHash(algorithm);
  const canonical = new CanonicalEvents('', form, element.parent, (part) => hash.update(part));
  await replayInParts(element, canonical, turn);
  return hash.digest();
}

function timesOf(timestamp: XmlElement): {
  readonly created: string | undefined;
  readonly expires?: string | undefined;
} {
  const created = onlyChild(timestamp, WSU, 'Created');
  const expires = childrenOf(timestamp, WSU, 'Expires');
  if (expires.length > 1) throw new SignatureRefused('timestamp_missing');
  return {
    created: created && textOf(created),
    // One that cannot be read must not count as none.
    expires: expires[0] && (textOf(expires[0]) ?? ''),
  };
}
