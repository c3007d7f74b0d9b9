import type { StreamHead } from '../http/stream.js';

/** Sends the texts of an answer. Resolves when the client has taken them. */
type SendTexts = (head: StreamHead, texts: AsyncIterable<string>) => Promise<void>;

/** An answer that streams: nothing of it was read or sent yet. */
export class AnswerStream {
  /** Sends the whole answer, once. What it rejects with before a text has left can still be refused. */
  readonly pour: (send: SendTexts) => Promise<void>;
  constructor(pour: AnswerStream['pour']) {
    this.pour = pour;
  }
}
