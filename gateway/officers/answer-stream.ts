import type { StreamHead } from '../http/stream.js';

/** Sends the parts of an answer. Resolves when the client has taken them. */
type SendParts = (head: StreamHead, parts: AsyncIterable<string | Uint8Array>) => Promise<void>;

/** An answer that streams: nothing of it was read or sent yet. */
export class AnswerStream {
  /** Sends the whole answer, once. What it rejects with before a part has left can still be refused. */
  readonly pour: (send: SendParts) => Promise<void>;
  constructor(pour: AnswerStream['pour']) {
    this.pour = pour;
  }
}
