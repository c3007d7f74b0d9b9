import type { EventEmitter } from 'node:events';
import type pg from 'pg';

/** The server sent more than the limit of an answer. */
export class AnswerTooLarge extends Error {}

/**
 * Counts the bytes that come on a connection during one statement. The driver keeps all rows, and a row only after it is
 * complete. So only the bytes on the wire show in time that an answer is too large.
 */
export class AnswerSize {
  /** Rejects with {@link AnswerTooLarge} beyond the limit. */
  readonly exceeded: Promise<never>;
  over = false;
  readonly #wire: EventEmitter;
  #onData: (chunk: Buffer) => void = () => undefined;

  constructor(client: pg.PoolClient, maxBytes: number) {
    this.#wire = wireOf(client);
    this.exceeded = new Promise<never>((_, reject) => {
      let bytes = 0;
      this.#onData = (chunk) => {
        bytes += chunk.length;
        if (bytes <= maxBytes) return;
        this.over = true;
        reject(new AnswerTooLarge());
      };
    });
    this.#wire.on('data', this.#onData);
  }

  end(): void {
    this.#wire.off('data', this.#onData);
  }
}

/** The socket, or TLS over it. The driver keeps it, but its types do not show it. */
function wireOf(client: pg.PoolClient): EventEmitter {
  return (client as unknown as { readonly connection: { readonly stream: EventEmitter } }).connection.stream;
}
