import type { FailureReason } from '../../../schemas/register-failure.js';

/**
 * Signs messages. Keys may be elsewhere (an HSM, a service with GOST keys), so that signing is asynchronous.
 *
 * Contract of `sign`: takes a SOAP 1.1 envelope of a template (`<p:Envelope xmlns:p><p:Body>`, no header) and returns the
 * same with a WS-Security header. Its single signature covers the Body and a Timestamp. Rejects if it cannot sign.
 */
export interface Signer {
  sign(envelope: string): Promise<string>;
}

/**
 * Contract of `verify`: resolves with the Body only if exactly one signature, by the key of this verifier and by
 * algorithms of its list, covers the Body that is a child of the envelope and a Timestamp that is valid now. The result
 * is the text that was signed. A caller must read nothing else of the message, because anyone may have written it.
 * Rejects with {@link SignatureRefused} for any other message.
 */
export interface Verifier {
  verify(message: string): Promise<SignedBody>;
}

export interface SignedBody {
  /** The soap:Body, canonical. */
  readonly xml: string;
  /** End of the Timestamp in milliseconds since the epoch. Later the message is refused. */
  readonly expiresAt: number;
}

/** The message is not one that the key's owner signed for now. The error's text holds nothing of it. */
export class SignatureRefused extends Error {
  readonly reason: FailureReason;
  constructor(reason: FailureReason) {
    super('the signature of the message is refused');
    this.name = 'SignatureRefused';
    this.reason = reason;
  }
}
