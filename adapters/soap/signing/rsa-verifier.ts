import type { KeyObject } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import type { Clock } from '../../../schemas/ports/clock.js';
import { SOAP } from '../namespaces.js';
import { readXml } from '../read-xml.js';
import { EXCLUSIVE_C14N, RSA_SHA256, SHA256 } from './algorithms.js';
import { outlineEnvelope } from './outline.js';
import { SignatureRefused, type SignedBody, type Verifier } from './port.js';
import { checkTimestamp } from './timestamp.js';

export interface RsaVerifierOptions {
  /** The one key that counts, whatever a message says of its own. */
  readonly key: KeyObject;
  readonly clock: Pick<Clock, 'now'>;
}

/** Verifies in this process, 2-3 ms a message; the library's tree of the message is given up with the call. */
export function createRsaVerifier({ key, clock }: RsaVerifierOptions): Verifier {
  if (key.type !== 'public' || key.asymmetricKeyType !== 'rsa')
    throw new Error('a signature is verified with a public RSA key');
  return {
    verify: async (message) => {
      try {
        return verify(message, key, clock.now());
      } catch {
        // The library's errors quote the message.
        throw new SignatureRefused();
      }
    },
  };
}

function verify(message: string, key: KeyObject, now: Date): SignedBody {
  const { bodyId, timestampId, signature } = outlineEnvelope(message);
  const signed = signedParts(message, signature, key);
  const [body, timestamp] = [signed.get(`#${bodyId}`), signed.get(`#${timestampId}`)];
  if (body === undefined || timestamp === undefined || !isBody(body)) throw new SignatureRefused();
  return { xml: body, ...checkTimestamp(timestamp, now) };
}

/** What the signature covers, canonical, by the reference to it. */
function signedParts(message: string, signature: string, key: KeyObject): ReadonlyMap<string, string> {
  const signedXml = new SignedXml({ publicCert: key, getCertFromKeyInfo: () => null });
  allowOnly(signedXml);
  // The library searches the whole message once for each; that no Id of any spelling stands twice is known.
  signedXml.idAttributes = ['Id'];
  signedXml.loadSignature(signature);
  const references = signedXml.getReferences().map(({ uri }) => uri);
  if (new Set(references).size !== references.length || !signedXml.checkSignature(message))
    throw new SignatureRefused();
  const texts = signedXml.getSignedReferences();
  const checked = signedXml.getReferences();
  if (checked.length !== texts.length || checked.some(({ transforms }) => transforms.join() !== EXCLUSIVE_C14N))
    throw new SignatureRefused();
  return new Map(checked.map(({ uri }, place) => [uri, texts[place] ?? '']));
}

/** What is not in these tables is refused by the library. */
function allowOnly(signedXml: SignedXml): void {
  signedXml.CanonicalizationAlgorithms = only(signedXml.CanonicalizationAlgorithms, EXCLUSIVE_C14N);
  signedXml.HashAlgorithms = only(signedXml.HashAlgorithms, SHA256);
  signedXml.SignatureAlgorithms = only(signedXml.SignatureAlgorithms, RSA_SHA256);
}

function only<Algorithm>(all: Record<string, Algorithm>, name: string): Record<string, Algorithm> {
  const algorithm = all[name];
  if (algorithm === undefined) throw new Error('the library lacks an algorithm');
  // Without a prototype: `constructor` is no algorithm.
  return Object.assign(Object.create(null) as Record<string, Algorithm>, { [name]: algorithm });
}

function isBody(xml: string): boolean {
  let is = false;
  readXml(xml, {
    child: ({ uri, local }) => {
      is = uri === SOAP && local === 'Body';
      return undefined;
    },
  });
  return is;
}
