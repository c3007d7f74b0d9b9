import type { FailureReason } from '../../../schemas/failures/register-failure.js';
import type { XmlEvents } from '../xml/tag.js';

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
 * Contract: takes a message only if the one signature of the Security header, by a key that this verifier trusts and by
 * algorithms of its list, covers the Body that is a child of the envelope; and, with the freshness `timestamp`, a Timestamp
 * that is valid now. Rejects with {@link SignatureRefused} for any other message. A caller must read nothing of the message
 * beside what it gets from here, because anyone may have written it.
 */
export interface Verifier {
  /** Resolves with the text that was signed. */
  verify(message: string): Promise<SignedBody>;
  /**
   * Reads the Body while the message is verified, and resolves with what `reading` read of it. Rejects with what `reading`
   * threw, if the message is taken.
   */
  read<Read>(message: string, reading: BodyReading<Read>): Promise<ReadBody<Read>>;
}

export interface SignedBody extends Fresh {
  /** The soap:Body, canonical. */
  readonly xml: string;
}

export interface ReadBody<Read> extends Fresh {
  readonly read: Read;
}

interface Fresh {
  /**
   * End of the Timestamp in milliseconds since the epoch; later the message is refused. Undefined with the freshness
   * `response_date`: then the caller takes it from the date in the Body, with `freshUntil`.
   */
  readonly expiresAt?: number;
}

/** Reads one Body. What it reads must not leave it before `finish`: until then, anyone may have written it. */
export interface BodyReading<Read> {
  /** Called once. Returns what gets the soap:Body and all in it. Places are those in `text`. */
  begin(text: string): XmlEvents;
  /** Returns what was read. Called at most once, if the message is taken and all of the Body was read. */
  finish(): Read;
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
