import type { EventEmitter } from 'node:events';
import type pg from 'pg';

/** The server sends more than an answer may be. */
export class AnswerTooLarge extends Error {}

/**
 * Watches what comes on a connection during one statement. The driver keeps all rows, and all of a
 * row before it is complete: only what comes on the wire tells in time that it is too much.
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

/** The socket, or TLS over it; the driver keeps it and its types do not tell. */
function wireOf(client: pg.PoolClient): EventEmitter {
  return (client as unknown as { readonly connection: { readonly stream: EventEmitter } }).connection.stream;
}
