/**
 * How a message is made one's own. Keys may lie elsewhere (an HSM, a service with GOST keys), so both are asynchronous.
 *
 * Contract of `sign`: takes a SOAP 1.1 envelope of a template (`<p:Envelope xmlns:p><p:Body>`, no header), gives the same with a
 * WS-Security header whose one signature covers the Body and a Timestamp. Rejects when it cannot.
 */
export interface Signer {
  sign(envelope: string): Promise<string>;
}

/**
 * Contract of `verify`: resolves with the Body only when exactly one signature, by the key that this
 * verifier was made for and by algorithms of its list, covers the Body that is the envelope's own and
 * a Timestamp that is valid now. What it gives is the text that was signed, never a part of the
 * message beside it: whoever reads anything else reads what anybody may have put there.
 * Rejects with {@link SignatureRefused} for everything else, whatever the message holds.
 */
export interface Verifier {
  verify(message: string): Promise<SignedBody>;
}

export interface SignedBody {
  /** The soap:Body, canonical. */
  readonly xml: string;
  /** End of the Timestamp, after which the message is refused anyway: milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The message is not what the key's owner signed for now. The text says nothing of what is in it. */
export class SignatureRefused extends Error {
  constructor() {
    super('the signature of the message is refused');
    this.name = 'SignatureRefused';
  }
}
