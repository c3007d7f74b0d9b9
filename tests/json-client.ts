import type { JsonCall, JsonClient, JsonReply } from '../adapters/http/post-json.js';

/** What a posted JSON body is answered with. */
export type AnswerJson = (call: Pick<JsonCall, 'url' | 'body' | 'message' | 'headers'>) => Promise<JsonReply>;

/** A client whose register is a function of what is posted. */
export function jsonClientOf(answer: AnswerJson): JsonClient {
  return {
    post: answer,
    exchange: ({ text, ...call }) => answer({ ...call, body: text === undefined ? undefined : JSON.parse(text) }),
    close: () => undefined,
  };
}
