import { CALL_ID } from '../call-id.js';
import type { JsonClient } from '../http/post-json.js';
import { RegisterDeclined, type Adapter } from '../port.js';
import { mergeGroups, prepareGraphql } from './merge-groups.js';
import { readGroups } from './read-groups.js';

export interface GraphqlAdapterOptions {
  readonly register: string;
  /** Address of the service. */
  readonly url: string;
  readonly client: JsonClient;
  /** Whether calls carry their ids, in the header `Tereze-Call`. */
  readonly carriesCallId: boolean;
}

/** Returns the adapter of a federated GraphQL service. All groups go in one request. It hands on no error text. */
export function createGraphqlAdapter({ register, url, client, carriesCallId }: GraphqlAdapterOptions): Adapter {
  const address = new URL(url);
  return {
    register,
    prepare: (selection) => prepareGraphql(register, selection),
    read: async ({ groups, requestId, calls, deadline, signal }) => {
      const message = calls.next({ carriesId: carriesCallId });
      const { status, body } = await client.post({
        url: address,
        body: mergeGroups(groups),
        requestId,
        message,
        deadline,
        signal,
        headers: carriesCallId ? { [CALL_ID]: message.id } : {},
      });
      if (status !== 200) throw new RegisterDeclined(register, 'status_unexpected');
      return readGroups(groups, body, register);
    },
    close: async () => client.close(),
  };
}
