import { NO_CREDENTIALS } from '../auth/fixed.js';
import type { Credentials } from '../auth/port.js';
import { presentedUrl, withCredentials } from '../auth/with-credentials.js';
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

/**
 * Returns a client for registers that are called directly. The id of a call is in the header `Tereze-Call`. Without
 * `credentials` nothing proves to the register who the gateway is.
 */
export function createRestClient(
  json: JsonClient,
  carriesId: boolean,
  credentials: Credentials = NO_CREDENTIALS,
): RestClient {
  return {
    ask: ({ url, body, keys }, { requestId, calls, deadline, signal }) =>
      withCredentials(credentials, { deadline, signal }, (presented) => {
        const message = calls.next({ carriesId, keys });
        const headers = carriesId ? { ...presented.headers, [CALL_ID]: message.id } : presented.headers;
        return json.post({ url: presentedUrl(url, presented), body, requestId, message, deadline, signal, headers });
      }),
    close: () => json.close(),
  };
}
