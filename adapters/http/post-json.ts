import { createExactJsonParser, type ParseExactJson } from '../../schemas/json/exact-json.js';
import { JSON_REASONS } from '../../schemas/failures/json-reasons.js';
import { JsonInvalid } from '../../schemas/json/strict-json.js';
import { RegisterDeclined, RegisterFailure } from '../port.js';
import { JSON_TYPES, type ContentRules } from './content.js';
import { rememberingMerge } from './remembering-merge.js';
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
  const merged = rememberingMerge();
  const parseExact = createExactJsonParser();
  return {
    // Each object is written out: this runs for every message, and a spread takes several times as long.
    post: async ({ url, body, requestId, message, deadline, signal, headers, ownHeaders, inspect }) => {
      const reply = await client.post({
        url,
        text: JSON.stringify(body),
        requestId,
        message,
        deadline,
        signal,
        headers: headers === undefined ? POST_HEADERS : merged(POST_HEADERS, headers),
        ownHeaders,
        inspect,
      });
      return { status: reply.status, body: parseJson(parseExact, reply.text, register), headers: reply.headers };
    },
    exchange: async (call) => {
      const { status, text, headers } = await client.exchange(call);
      return { status, body: text === '' ? undefined : parseAnswer(parseExact, { text, status, register }), headers };
    },
    close: () => client.close(),
  };
}

interface AnswerText {
  readonly text: string;
  readonly status: number;
  readonly register: string;
}

/** If an error status has a body that is no JSON, the status is the fault: a proxy or another address answered. */
function parseAnswer(parse: ParseExactJson, { text, status, register }: AnswerText): unknown {
  if (status < 400) return parseJson(parse, text, register);
  try {
    return parseJson(parse, text, register);
  } catch {
    throw new RegisterDeclined(register, 'status_unexpected');
  }
}

function parseJson(parse: ParseExactJson, text: string, register: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof JsonInvalid)) throw error;
    throw new RegisterFailure(register, JSON_REASONS[error.rule]);
  }
}
