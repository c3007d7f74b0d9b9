import { createHash, verify as verifyValue, type KeyObject } from 'node:crypto';
import type { Clock } from '../../../schemas/ports/clock.js';
import { WSU } from '../namespaces.js';
import { XmlRefused } from '../xml/xml-refused.js';
import { canonicalText } from './canonical.js';
import { elementsById, signedEnvelope } from './envelope.js';
import { freshUntil } from './freshness.js';
import { SignatureRefused, type Freshness, type SignedBody, type Verifier } from './port.js';
import { readSignature, type Reference, type Signature } from './signature.js';
import { pinnedKey, type Trust } from './trust.js';
import { childrenOf, onlyChild, parseTree, textOf, type XmlElement } from './xml-tree.js';

export interface VerifierOptions {
  /** The only accepted key, or another way to trust. */
  readonly trust: KeyObject | Trust;
  readonly freshness?: Freshness | undefined;
  /** Greatest age of a Timestamp. */
  readonly maxAgeMs?: number | undefined;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Returns a verifier in this process. It parses a message once and reads only what that pass saw: nothing of it is found
 * by a search that another text could answer.
 */
export function createVerifier({ trust, freshness = 'timestamp', maxAgeMs, clock }: VerifierOptions): Verifier {
  const keyOf = typeof trust === 'function' ? trust : pinnedKey(trust);
  return {
    verify: async (message) => {
      try {
        const now = clock.now();
        const { body, timestamp } = verify(message, keyOf, freshness, now);
        return timestamp === undefined ? body : { ...body, expiresAt: freshUntil(timesOf(timestamp), now, maxAgeMs) };
      } catch (error) {
        if (error instanceof SignatureRefused) throw error;
        // Other errors, of parsers and libraries, may quote the message.
        throw new SignatureRefused(error instanceof XmlRefused ? error.reason : 'signature_invalid');
      }
    },
  };
}

function verify(
  message: string,
  keyOf: Trust,
  freshness: Freshness,
  now: Date,
): { readonly body: SignedBody; readonly timestamp: XmlElement | undefined } {
  const root = parseTree(message);
  const { body, security, signature: element, timestamps } = signedEnvelope(root);
  const signature = readSignature(element);
  checkValue(signature, keyOf(signature.keyInfo, security, now));
  const targets = elementsById(root, signature.references.keys());
  const signed = new Map<XmlElement, string>();
  for (const [id, reference] of signature.references) {
    const target = targets.get(id);
    if (target !== undefined) signed.set(target, signedText(target, reference));
  }
  const xml = signed.get(body);
  if (xml === undefined) throw new SignatureRefused('signature_scope');
  if (freshness === 'response_date') return { body: { xml }, timestamp: undefined };
  const [timestamp, ...more] = timestamps;
  if (timestamp === undefined) throw new SignatureRefused('timestamp_missing');
  if (more.length > 0 || !signed.has(timestamp)) throw new SignatureRefused('signature_scope');
  return { body: { xml }, timestamp };
}

/** Checks that the key signed SignedInfo. ECDSA values are two numbers side by side (RFC 6931, section 2.3.6). */
function checkValue({ method, signedInfo, value }: Signature, key: KeyObject): void {
  if (key.asymmetricKeyType !== method.keyType) throw new SignatureRefused('signature_algorithm');
  const isRight = verifyValue(method.hash, Buffer.from(signedInfo), { key, dsaEncoding: 'ieee-p1363' }, value);
  if (!isRight) throw new SignatureRefused('signature_invalid');
}

/** Returns the canonical text of an element, if the digest of its reference is that of this text. */
function signedText(element: XmlElement, { form, hash, digest }: Reference): string {
  const text = canonicalText(element, form);
  if (!createHash(hash).update(text).digest().equals(digest)) throw new SignatureRefused('signature_invalid');
  return text;
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
