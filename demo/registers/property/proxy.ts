import { connect, createServer, type Socket } from 'node:net';
import { INTERNAL_ERROR_TEXT, SLOW_MS, type Fault } from '../fault.js';
import { listen, type Listener } from '../listener.js';
import type { Meter } from '../meter.js';
import { ClientFrames, type Frame } from './frames.js';

/**
 * Stands before the property register, whose PostgreSQL listens on a Unix socket only: passes PostgreSQL messages on, counts the statements that
 * are run (`Query` and `Execute`) and the persons in their parameters. Fails on command.
 */
export function servePropertyProxy(
  socketPath: string,
  meter: Meter,
  fault: Fault,
  host: string,
  port: number,
): Promise<Listener> {
  const server = createServer((client) => {
    if (fault.mode === 'refuse') client.destroy();
    else relay(client, connect(socketPath), meter, fault);
  });
  return listen(server, host, port);
}

function relay(client: Socket, server: Socket, meter: Meter, fault: Fault): void {
  const frames = new ClientFrames();
  const link = new Link(client, server, meter, fault);
  client.on('data', (chunk: Buffer) => {
    try {
      for (const frame of frames.push(chunk)) link.fromClient(frame);
    } catch {
      client.destroy();
    }
  });
  server.on('data', (chunk: Buffer) => {
    link.fromServer(chunk);
  });
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.setNoDelay(true);
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}

/** Parse, Bind, Describe, Execute, Close: they take effect together, at Sync or Flush. */
const BATCHED = new Set(['P', 'B', 'D', 'E', 'C']);
const STATEMENTS: Readonly<Record<string, string>> = { Q: 'query', E: 'execute' };

/** An unknown message, and then no message at all. */
const GARBAGE = Buffer.from('!\0\0\0\x0cgarbage.<html>{"rows": [[[', 'latin1');

function isOfCatalogue(batch: readonly Frame[]): boolean {
  return batch.some(({ type, payload }) => type === 'P' && payload.includes('pg_attribute'));
}

/** One connection through the proxy. */
class Link {
  #batch: Frame[] = [];
  /** Break off in the middle of the next answer. */
  #halving = false;

  constructor(
    readonly client: Socket,
    readonly server: Socket,
    readonly meter: Meter,
    readonly fault: Fault,
  ) {}

  fromClient(frame: Frame): void {
    this.#batch.push(frame);
    if (BATCHED.has(frame.type)) return;
    const batch = this.#batch;
    this.#batch = [];
    // What tables there are is no question about a person.
    const statements = isOfCatalogue(batch) ? [] : batch.filter(({ type }) => STATEMENTS[type] !== undefined);
    const subjects = batch
      .filter(({ type }) => type === 'B' || type === 'Q')
      .flatMap(({ payload }) => numbersIn(payload));
    for (const { type } of statements) this.meter.count(STATEMENTS[type] ?? '', subjects);
    if (statements.length > 0) this.#run(batch);
    else if (this.fault.mode !== 'hang' || frame.type === 'X') this.#forward(batch);
  }

  fromServer(chunk: Buffer): void {
    if (!this.#halving) this.client.write(chunk);
    else this.client.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => this.client.destroy());
  }

  #run(batch: readonly Frame[]): void {
    const held = this.fault.takeHold();
    if (held !== undefined) return void held.then(() => this.#forward(batch));
    switch (this.fault.mode) {
      case 'off':
        this.#forward(batch);
        break;
      case 'slow':
        setTimeout(() => {
          this.#forward(batch);
        }, SLOW_MS).unref();
        break;
      case 'hang':
        break;
      case '500':
        this.client.write(FAILURE);
        break;
      case 'flood':
        this.client.write(TOO_MANY);
        break;
      case 'garbage':
        this.client.write(GARBAGE);
        break;
      case 'half':
        this.#halving = true;
        this.#forward(batch);
        break;
      case 'refuse':
        this.client.destroy();
    }
  }

  #forward(batch: readonly Frame[]): void {
    this.server.write(Buffer.concat(batch.map(({ bytes }) => bytes)));
  }
}

/** ErrorResponse and ReadyForQuery: the statement failed, the connection stands. */
const FAILURE = failure(`SERROR\0VERROR\0CXX000\0M${INTERNAL_ERROR_TEXT}\0\0`);
/** SQLSTATE 53300, too_many_connections. */
const TOO_MANY = failure('SERROR\0VERROR\0C53300\0Mtoo many clients already\0\0');

function failure(fields: string): Buffer {
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, Buffer.from(fields, 'latin1'), Buffer.from('Z\0\0\0\x05I', 'latin1')]);
}

/** Twelve-digit numbers in a statement or its parameters. */
function numbersIn(payload: Buffer): string[] {
  return payload.toString('latin1').match(/(?<![0-9-])[0-9]{12}(?![0-9-])/g) ?? [];
}
