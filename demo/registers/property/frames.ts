/** One message of a PostgreSQL client: its type (empty for the untyped first ones) and its bytes. */
export interface Frame {
  readonly type: string;
  readonly bytes: Buffer;
  /** What follows type and length. */
  readonly payload: Buffer;
}

const SSL_REQUEST = 80_877_103;
const GSSENC_REQUEST = 80_877_104;

/** Cuts what a PostgreSQL client sends into messages (protocol 3). */
export class ClientFrames {
  #rest: Buffer = Buffer.alloc(0);
  #typed = false;

  /** The messages that are complete with this chunk. */
  push(chunk: Buffer): Frame[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    const head = this.#typed ? 1 : 0;
    if (this.#rest.length < head + 4) return undefined;
    const length = head + this.#rest.readInt32BE(head);
    if (length < head + 4) throw new RangeError('not a PostgreSQL client');
    if (this.#rest.length < length) return undefined;
    const bytes = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    const frame = { type: this.#typed ? bytes.toString('latin1', 0, 1) : '', bytes, payload: bytes.subarray(head + 4) };
    if (!this.#typed) this.#typed = !asksForEncryption(frame.payload);
    return frame;
  }
}

/** SSLRequest and GSSENCRequest come before the startup message, and another untyped message follows them. */
function asksForEncryption(payload: Buffer): boolean {
  if (payload.length !== 4) return false;
  const code = payload.readInt32BE(0);
  return code === SSL_REQUEST || code === GSSENC_REQUEST;
}
