import type { JsonCall, JsonClient, JsonReply } from '../adapters/http/post-json.js';

type Posted = Pick<JsonCall, 'url' | 'body' | 'message' | 'headers'>;

/** What a posted JSON body is answered with. Its headers are all of the call. */
export type AnswerJson = (call: Posted) => Promise<JsonReply>;

/** A client whose register is a function of what is posted. */
export function jsonClientOf(answer: AnswerJson): JsonClient {
  return {
    post: (call) => answer({ ...call, headers: headersOf(call) }),
    exchange: ({ text, ...call }) =>
      answer({ ...call, headers: headersOf(call), body: text === undefined ? undefined : JSON.parse(text) }),
    close: () => undefined,
  };
}

function headersOf({ headers, ownHeaders = [] }: Pick<JsonCall, 'headers' | 'ownHeaders'>): Record<string, string> {
  const all: Record<string, string> = { ...headers };
  for (let at = 0; at < ownHeaders.length; at += 2) all[ownHeaders[at] ?? ''] = ownHeaders[at + 1] ?? '';
  return all;
}
