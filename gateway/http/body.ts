import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Refusal } from '../../schemas/refusal.js';
import { assertJson } from './negotiate.js';
import { parseStrictJson } from './strict-json.js';

export interface BodyLimits {
  readonly maxBytes: number;
  readonly maxDepth: number;
  /** Time in which the body must have arrived, in milliseconds. */
  readonly timeoutMs: number;
  /** Least rate at which the body must arrive, from its third second on. */
  readonly bytesPerSecond: number;
}

/** The rate is looked at this often, in milliseconds; the first time lets a short pause be. */
const RATE_EVERY_MS = 1_000;

/** How much of a refused body is still read and thrown away, so that most clients see the answer. */
const DISCARDED_BYTES = 1_048_576;

/**
 * Reads a request's body: one JSON object in UTF-8.
 *
 * @throws Refusal `UNSUPPORTED_MEDIA_TYPE`, `PAYLOAD_TOO_LARGE`, `REQUEST_TIMEOUT`, `INVALID_JSON`,
 * `BATCH_NOT_SUPPORTED` for a list, `BAD_REQUEST` for any other value that is not an object, or a body that breaks off.
 */
export async function readJsonBody(
  request: IncomingMessage,
  limits: BodyLimits,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    checkBodyHeaders(request, limits);
    const value = parseStrictJson(decoded(await readBytes(request, limits)), limits.maxDepth);
    if (Array.isArray(value)) throw new Refusal('BATCH_NOT_SUPPORTED');
    if (typeof value !== 'object' || value === null) throw new Refusal('BAD_REQUEST', { reasons: ['body'] });
    return value as Readonly<Record<string, unknown>>;
  } catch (error) {
    discardRest(request);
    throw error;
  }
}

const FORM = /^application\/x-www-form-urlencoded(?:; *charset=utf-8)?$/i;

/**
 * Reads a request's body: a form as browsers send it, in UTF-8.
 *
 * @throws Refusal `UNSUPPORTED_MEDIA_TYPE`, `PAYLOAD_TOO_LARGE`, `REQUEST_TIMEOUT`, `BAD_REQUEST` for a body that breaks off.
 */
export async function readFormBody(request: IncomingMessage, limits: BodyLimits): Promise<URLSearchParams> {
  try {
    if (!FORM.test(request.headers['content-type'] ?? ''))
      throw new Refusal('UNSUPPORTED_MEDIA_TYPE', { reasons: ['content_type'] });
    if (Number(request.headers['content-length'] ?? 0) > limits.maxBytes) throw new Refusal('PAYLOAD_TOO_LARGE');
    return new URLSearchParams((await readBytes(request, limits)).toString('utf8'));
  } catch (error) {
    discardRest(request);
    throw error;
  }
}

/**
 * Checks what the headers say of a body, before any of it is read.
 *
 * @throws Refusal `UNSUPPORTED_MEDIA_TYPE` or `PAYLOAD_TOO_LARGE`.
 */
export function checkBodyHeaders({ headers }: IncomingMessage, { maxBytes }: Pick<BodyLimits, 'maxBytes'>): void {
  assertJson(headers);
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw new Refusal('PAYLOAD_TOO_LARGE');
}

/** Reads the rest of a body without keeping it. Breaks the connection if much more follows. */
export function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DISCARDED_BYTES) request.destroy();
  });
  request.on('error', () => undefined);
  request.resume();
}

/**
 * Throws the rest of a body away, and calls `answer` once everything that came together with the head has been
 * read: then a request that is here whole keeps its connection.
 */
export function discardThen(request: IncomingMessage, answer: () => void): void {
  discardRest(request);
  if (request.complete || request.destroyed) answer();
  else setImmediate(answer);
}

function readBytes(request: IncomingMessage, { maxBytes, timeoutMs, bytesPerSecond }: BodyLimits): Promise<Buffer> {
  if (request.destroyed) return Promise.reject(new Refusal('BAD_REQUEST', { reasons: ['body_broken_off'] }));
  const here = bytesThatAreHere(request);
  if (here !== undefined)
    return here.length > maxBytes ? Promise.reject(new Refusal('PAYLOAD_TOO_LARGE')) : Promise.resolve(here);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      clearInterval(rating);
      request.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
      request.pause();
      outcome();
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > maxBytes) settle(() => reject(new Refusal('PAYLOAD_TOO_LARGE')));
      else chunks.push(chunk);
    };
    const onEnd = (): void => settle(() => resolve(Buffer.concat(chunks)));
    const onBroken = (): void => settle(() => reject(new Refusal('BAD_REQUEST', { reasons: ['body_broken_off'] })));
    const giveUp = (): void => settle(() => reject(new Refusal('REQUEST_TIMEOUT')));
    const timer = setTimeout(giveUp, timeoutMs);
    let looks = 0;
    const rating = setInterval(() => {
      looks += 1;
      if (looks > 1 && bytes < (looks * RATE_EVERY_MS * bytesPerSecond) / 1_000) giveUp();
    }, RATE_EVERY_MS);
    request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
  });
}

/** Returns the whole body if all of it has arrived already, as it has for most questions: then nothing has to be waited for. */
function bytesThatAreHere(request: IncomingMessage): Buffer | undefined {
  if (!request.complete || request.readableLength === 0 || request.readableFlowing !== null) return undefined;
  return request.read() as Buffer;
}

function decoded(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new Refusal('INVALID_JSON', { reasons: ['utf8'] });
  // A byte order mark stays in the text, and JSON does not allow it there.
  return bytes.toString('utf8');
}
