import type { Clock } from '../../schemas/ports/clock.js';
import { RegisterFailure, type OnBehalfOf } from '../port.js';
import { isUtf8 } from './content-type.js';
import { createTextClient, type TextCall } from './post-text.js';
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

export interface JsonCall extends Omit<TextCall, 'text'> {
  readonly body: unknown;
  /** For clients whose protocol says it. */
  readonly onBehalfOf?: OnBehalfOf;
}

export interface JsonReply {
  readonly status: TextReply['status'];
  readonly body: unknown;
}

/**
 * Posts JSON and reads JSON. Resolves with the register's answers (200, and 404 where that is one);
 * rejects with `RegisterFailure` for everything else. Follows no redirect, tries nothing twice, and
 * no error of it holds an address, a body or a value.
 */
export interface JsonClient {
  post(call: JsonCall): Promise<JsonReply>;
  close(): void;
}

/** A client of one register that speaks JSON, connections kept alive. */
export function createJsonClient(options: JsonClientOptions): JsonClient {
  const headers = { ...options.headers, Accept: 'application/json', 'Content-Type': 'application/json; charset=utf-8' };
  const client = createTextClient({ ...options, headers, accepts: isUtf8Json });
  return {
    post: async ({ body, ...call }) => {
      const { status, text } = await client.post({ ...call, text: JSON.stringify(body) });
      return { status, body: parseJson(text, options.register) };
    },
    close: () => client.close(),
  };
}

/** RFC 8259 section 8.1: JSON between systems is UTF-8. */
function isUtf8Json(contentType: string): boolean {
  return isUtf8(contentType, /^application\/(graphql-response\+)?json$/);
}

function parseJson(text: string, register: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A parser's message quotes what it read.
    throw new RegisterFailure(register, 'malformed');
  }
}
