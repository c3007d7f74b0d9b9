import { CALL_ID } from '../call-id.js';
import type { JsonClient, JsonReply } from '../http/post-json.js';
import type { RegisterCall } from '../port.js';

/** One message of a read. */
export interface RestQuestion {
  readonly url: URL;
  readonly body: unknown;
  /** The keys that it is about. */
  readonly keys: readonly string[];
}

/** What a message takes from the read that it belongs to. */
export type RestCall = Pick<RegisterCall, 'requestId' | 'calls' | 'deadline' | 'signal' | 'onBehalfOf'>;

/** Sends the messages of REST reads. Fails like {@link JsonClient}. */
export interface RestClient {
  ask(question: RestQuestion, call: RestCall): Promise<JsonReply>;
  close(): void;
}

/** Returns a client for registers that are called directly. The id of a call is in the header `Tereze-Call`. */
export function createRestClient(json: JsonClient, carriesId: boolean): RestClient {
  return {
    ask: ({ url, body, keys }, { requestId, calls, deadline, signal }) => {
      const message = calls.next({ carriesId, keys });
      const headers = carriesId ? { [CALL_ID]: message.id } : {};
      return json.post({ url, body, requestId, message, deadline, signal, headers });
    },
    close: () => json.close(),
  };
}
