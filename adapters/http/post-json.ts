import type { Clock } from '../../schemas/ports/clock.js';
import { RegisterFailure, type OnBehalfOf } from '../port.js';
import { isUtf8 } from './content-type.js';
import { createPooledTextClient } from './pooled-text-client.js';
import { createTextClient, type InspectedTextCall, type TextCall, type TextClient } from './post-text.js';
import type { TextReply } from './read-reply.js';

export interface JsonClientOptions {
  readonly register: string;
  /** Headers of every call: credentials. */
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly maxSockets: number;
  readonly maxResponseBytes: number;
  /** PEM of the authority that signs the server's certificate; the system's authorities without it. */
  readonly tlsCa?: string | undefined;
}

/** A call with a body instead of its text. */
export interface JsonCall extends Omit<TextCall, 'text'> {
  readonly body: unknown;
  /** For clients whose protocol says it. */
  readonly onBehalfOf?: OnBehalfOf;
}

export interface InspectedJsonCall extends JsonCall, Pick<InspectedTextCall, 'inspect'> {}

export interface JsonReply {
  readonly status: TextReply['status'];
  readonly body: unknown;
}

/**
 * Posts JSON and reads JSON. Resolves with the register's answers (200, and 404 where that is one);
 * rejects with `RegisterFailure` for everything else. Follows no redirect, tries nothing twice, and
 * no error of it holds an address, a body or a value.
 */
export interface JsonClient<Call extends JsonCall = JsonCall> {
  post(call: Call): Promise<JsonReply>;
  close(): void;
}

/** A client of one register that speaks JSON, on `node:http(s)`, connections kept alive: for protocols that look at more of a reply than its text. */
export function createJsonClient(options: JsonClientOptions): JsonClient<InspectedJsonCall> {
  return jsonOver(createTextClient(textOptions(options)), options.register);
}

/** The same on `undici`, at half the cost. */
export function createPooledJsonClient(options: JsonClientOptions): JsonClient {
  return jsonOver(createPooledTextClient(textOptions(options)), options.register);
}

function textOptions(options: JsonClientOptions): Parameters<typeof createTextClient>[0] {
  const headers = { ...options.headers, Accept: 'application/json', 'Content-Type': 'application/json; charset=utf-8' };
  return { ...options, headers, accepts: utf8Json() };
}

function jsonOver(client: TextClient<InspectedTextCall>, register: string): JsonClient<InspectedJsonCall> {
  return {
    post: async ({ body, ...call }) => {
      const { status, text } = await client.post({ ...call, text: JSON.stringify(body) });
      return { status, body: parseJson(text, register) };
    },
    close: () => client.close(),
  };
}

/** RFC 8259 section 8.1: JSON between systems is UTF-8. A register mostly says the same of every answer, so what it said last is known. */
function utf8Json(): (contentType: string) => boolean {
  let last = { contentType: '', accepted: false };
  return (contentType) => {
    if (contentType !== last.contentType)
      last = { contentType, accepted: isUtf8(contentType, /^application\/(graphql-response\+)?json$/) };
    return last.accepted;
  };
}

function parseJson(text: string, register: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A parser's message quotes what it read.
    throw new RegisterFailure(register, 'malformed');
  }
}
