import { NO_CREDENTIALS } from '../auth/fixed.js';
import type { Credentials } from '../auth/port.js';
import { presentedUrl, withCredentials } from '../auth/with-credentials.js';
import { CALL_ID } from '../call-id.js';
import type { JsonPoster } from '../http/post-json.js';
import { RegisterDeclined, type Adapter } from '../port.js';
import { mergeGroups, prepareGraphql } from './merge-groups.js';
import { readGroups } from './read-groups.js';

export interface GraphqlAdapterOptions {
  readonly register: string;
  /** Address of the service. */
  readonly url: string;
  readonly client: JsonPoster;
  /** Whether calls carry their ids, in the header `Tereze-Call`. */
  readonly carriesCallId: boolean;
  /** What proves to the service who the gateway is. By default nothing does. */
  readonly credentials?: Credentials;
}

/** Returns the adapter of a federated GraphQL service. All groups go in one request. It hands on no error text. */
export function createGraphqlAdapter({
  register,
  url,
  client,
  carriesCallId,
  credentials = NO_CREDENTIALS,
}: GraphqlAdapterOptions): Adapter {
  const address = new URL(url);
  return {
    register,
    prepare: (selection) => prepareGraphql(register, selection),
    read: async (call) => {
      const { groups, requestId, calls, deadline, signal } = call;
      const question = mergeGroups(groups);
      const { status, body } = await withCredentials(credentials, call, (presented) => {
        const message = calls.next({ carriesId: carriesCallId });
        return client.post({
          url: presentedUrl(address, presented),
          body: question,
          requestId,
          message,
          deadline,
          signal,
          headers: presented.headers,
          ownHeaders: carriesCallId ? [CALL_ID, message.id] : undefined,
        });
      });
      if (status !== 200) throw new RegisterDeclined(register, 'status_unexpected');
      return readGroups(groups, body, register);
    },
    close: async () => client.close(),
  };
}
