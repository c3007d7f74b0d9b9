import { NO_CREDENTIALS } from '../auth/fixed.js';
import type { Credentials } from '../auth/port.js';
import { presentedUrl, withCredentials } from '../auth/with-credentials.js';
import { CALL_ID } from '../call-id.js';
import type { JsonClient, JsonReply } from '../http/post-json.js';
import { rememberingMerge } from '../http/remembering-merge.js';
import type { StatusMeaning } from '../http/read-reply.js';
import type { RegisterCall } from '../port.js';
import type { FilledRequest } from './request/compile-request.js';

/** One message of a read. */
export interface RestQuestion {
  readonly request: FilledRequest;
  /** The keys that it is about. Undefined: all of the read. */
  readonly keys: readonly string[] | undefined;
  /** Name of the operation. */
  readonly operation: string;
  /** Whether a person's identifier may be in the address. */
  readonly identifierInAddress: boolean;
  readonly meaningOf: StatusMeaning;
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
  const merged = rememberingMerge();
  return {
    ask: ({ request, keys, meaningOf, identifierInAddress }, call) => {
      const { requestId, calls, deadline, signal } = call;
      const { method, url, body: text } = request;
      return withCredentials(credentials, call, (presented) => {
        const message = calls.next({ carriesId, keys, identifierInAddress });
        return json.exchange({
          method,
          url: presentedUrl(url, presented),
          text,
          headers: merged(request.headers, presented.headers),
          ownHeaders: carriesId ? [CALL_ID, message.id] : undefined,
          requestId,
          message,
          deadline,
          signal,
          meaningOf,
        });
      });
    },
    close: () => json.close(),
  };
}
