import { parseExactJson } from '../../schemas/exact-json.js';
import { JSON_REASONS } from '../../schemas/json-reasons.js';
import { JsonInvalid } from '../../schemas/strict-json.js';
import { RegisterDeclined, RegisterFailure } from '../port.js';
import { JSON_TYPES, type ContentRules } from './content.js';
import { createTextClient, type Exchange, type TextCall, type TextClientOptions } from './post-text.js';
import type { TextReply } from './read-reply.js';

export interface JsonClientOptions extends Omit<TextClientOptions, 'content'> {
  readonly content?: Omit<ContentRules, 'mediaTypes'>;
}

/** A call with a body instead of its text. */
export interface JsonCall extends Omit<TextCall, 'text'> {
  readonly body: unknown;
}

export interface JsonReply {
  readonly status: number;
  /** A numeral that a number would round or spell in another way is a `Numeral`. Undefined: there is no body to read. */
  readonly body: unknown;
  readonly headers?: TextReply['headers'] | undefined;
}

/**
 * Sends requests and reads JSON. Resolves with the register's answers. Rejects with `RegisterFailure` for any other reply;
 * JSON that readers could take for different values is refused. Follows no redirect, retries nothing. No error holds an
 * address, a body or a value.
 */
export interface JsonClient extends JsonPoster {
  /** Sends a request whose headers say what its text is and what is accepted. The answer may have no body. */
  exchange(call: Exchange): Promise<JsonReply>;
}

/** The part of a {@link JsonClient} that protocols need of which every question is JSON. */
export interface JsonPoster {
  /** Posts a value as JSON. The answer is JSON. */
  post(call: JsonCall): Promise<JsonReply>;
  close(): void;
}

const POST_HEADERS = { Accept: 'application/json', 'Content-Type': 'application/json; charset=utf-8' };

export function createJsonClient({ content, ...options }: JsonClientOptions): JsonClient {
  const client = createTextClient({ ...options, content: { ...content, mediaTypes: JSON_TYPES } });
  const { register } = options;
  return {
    post: async ({ body, headers, ...call }) => {
      const sent = { ...call, text: JSON.stringify(body), headers: { ...POST_HEADERS, ...headers } };
      const { text, ...reply } = await client.post(sent);
      return { ...reply, body: parseJson(text, register) };
    },
    exchange: async (call) => {
      const { text, ...reply } = await client.exchange(call);
      if (text === '') return { ...reply, body: undefined };
      return { ...reply, body: parseAnswer(text, reply.status, register) };
    },
    close: () => client.close(),
  };
}

/** If an error status has a body that is no JSON, the status is the fault: a proxy or another address answered. */
function parseAnswer(text: string, status: number, register: string): unknown {
  if (status < 400) return parseJson(text, register);
  try {
    return parseJson(text, register);
  } catch {
    throw new RegisterDeclined(register, 'status_unexpected');
  }
}

function parseJson(text: string, register: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    if (!(error instanceof JsonInvalid)) throw error;
    throw new RegisterFailure(register, JSON_REASONS[error.rule]);
  }
}
