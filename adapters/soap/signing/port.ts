import type { FailureReason } from '../../../schemas/register-failure.js';

/**
 * Signs messages. Keys may be elsewhere (an HSM, a service with GOST keys), so that signing is asynchronous.
 *
 * Contract of `sign`: takes an envelope of a template, of SOAP 1.1 or 1.2, with one Body and at most one Header, and
 * returns the same with a WS-Security header. Its single signature covers the Body, and a Timestamp if the settings ask
 * for one. Rejects if it cannot sign.
 */
export interface Signer {
  sign(envelope: string): Promise<string>;
}

/**
 * Contract of `verify`: resolves with the Body only if the one signature of the Security header, by a key that this
 * verifier trusts and by algorithms of its list, covers the Body that is a child of the envelope; and, with the freshness
 * `timestamp`, a Timestamp that is valid now. The result is the text that was signed. A caller must read nothing else of
 * the message, because anyone may have written it. Rejects with {@link SignatureRefused} for any other message.
 */
export interface Verifier {
  verify(message: string): Promise<SignedBody>;
}

export interface SignedBody {
  /** The soap:Body, canonical. */
  readonly xml: string;
  /**
   * End of the Timestamp in milliseconds since the epoch; later the message is refused. Undefined with the freshness
   * `response_date`: then the caller takes it from the date in the Body, with `freshUntil`.
   */
  readonly expiresAt?: number;
}

/**
 * How a signed message shows that it is new: by a Timestamp in its Security header, or by the date in its Body. In both
 * cases the Body names the message that it answers, and a `ReplayGuard` takes each message once.
 */
export type Freshness = 'timestamp' | 'response_date';

/** The message is not one that the key's owner signed for now. The error's text holds nothing of it. */
export class SignatureRefused extends Error {
  readonly reason: FailureReason;
  constructor(reason: FailureReason) {
    super(`the signature of the message is refused: ${reason}`);
    this.name = 'SignatureRefused';
    this.reason = reason;
  }
}
