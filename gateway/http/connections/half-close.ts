import type { Socket } from 'node:net';

/** What every answer begins with, also a refusal. */
const FIRST_BYTES = 'HTTP/1.1 ';

/**
 * Finds out whether a client that has sent its last byte still reads. A client that only closed its
 * own side waits for its answer; one that is gone looks the same until something is written to it.
 * So the first bytes of the answer, which are the same for all answers, are written early, one by
 * one, and taken off the answer. A client that is gone resets the connection, and its request ends
 * like that of any client that goes away.
 *
 * Promise: the bytes on the wire are those of the answer. Made for one whole request of which no
 * byte is answered, when no other request waits on its connection.
 */
export class ReaderProbe {
  readonly #socket: Socket;
  readonly #write: Socket['write'];
  #sent = 0;
  #isOver = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#write = socket.write.bind(socket);
    socket.write = ((chunk: string | Uint8Array, ...others: []) => {
      this.#isOver = true;
      socket.write = this.#write;
      return this.#write(chunk.slice(this.#sent), ...others);
    }) as Socket['write'];
    this.next();
  }

  /** Writes the next byte, if there is one that all answers have. */
  next(): void {
    if (this.#isOver || this.#sent === FIRST_BYTES.length || !this.#socket.writable) return;
    this.#write(FIRST_BYTES.charAt(this.#sent), 'latin1');
    this.#sent += 1;
  }
}
