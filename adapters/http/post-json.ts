import { parseExactJson } from '../../schemas/exact-json.js';
import type { FailureReason } from '../../schemas/register-failure.js';
import { JsonInvalid, type JsonRule } from '../../schemas/strict-json.js';
import { RegisterFailure } from '../port.js';
import { isUtf8 } from './content-type.js';
import { createTextClient, type TextCall, type TextClientOptions } from './post-text.js';
import type { TextReply } from './read-reply.js';

export type JsonClientOptions = Omit<TextClientOptions, 'accepts'>;

/** A call with a body instead of its text. */
export interface JsonCall extends Omit<TextCall, 'text'> {
  readonly body: unknown;
}

export interface JsonReply {
  readonly status: TextReply['status'];
  /** A numeral that a number would round or spell in another way is a `Numeral`. */
  readonly body: unknown;
}

/**
 * Posts JSON and reads JSON. Resolves with the register's answers: status 200, and 404 where that is an answer. Rejects
 * with `RegisterFailure` for any other reply; JSON that readers could take for different values is refused. Follows no redirect, retries nothing. No error holds an address, a body or a value.
 */
export interface JsonClient {
  post(call: JsonCall): Promise<JsonReply>;
  close(): void;
}

export function createJsonClient(options: JsonClientOptions): JsonClient {
  const headers = { ...options.headers, Accept: 'application/json', 'Content-Type': 'application/json; charset=utf-8' };
  const client = createTextClient({ ...options, headers, accepts: utf8Json() });
  return {
    post: async ({ body, ...call }) => {
      const { status, text } = await client.post({ ...call, text: JSON.stringify(body) });
      return { status, body: parseJson(text, options.register) };
    },
    close: () => client.close(),
  };
}

/**
 * Returns a check for UTF-8 JSON (RFC 8259, section 8.1). A register mostly sends the same `Content-Type`, so the last
 * result is remembered.
 */
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
    return parseExactJson(text);
  } catch (error) {
    if (!(error instanceof JsonInvalid)) throw error;
    throw new RegisterFailure(register, REASONS[error.rule]);
  }
}

const REASONS: Readonly<Record<JsonRule, FailureReason>> = {
  syntax: 'json_invalid',
  depth: 'json_invalid',
  name: 'json_invalid',
  number: 'json_invalid',
  duplicate_name: 'json_duplicate_name',
  control_character: 'text_invalid',
  surrogate: 'text_invalid',
};
