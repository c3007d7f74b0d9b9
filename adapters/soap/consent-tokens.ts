import { isObject } from '../../schemas/objects.js';
import type { Credentials } from '../auth/port.js';
import { withCredentials } from '../auth/with-credentials.js';
import type { JsonPoster } from '../http/post-json.js';
import { RegisterDeclined, RegisterFailure, type RegisterCall } from '../port.js';

/** A token by which a register sees that a person consents, and the key that some registers want with it. */
export interface ConsentToken {
  readonly token: string;
  readonly key?: string | undefined;
}

export type ConsentCall = Pick<RegisterCall, 'requestId' | 'calls' | 'deadline' | 'signal' | 'onBehalfOf'>;

/**
 * Where tokens of consent come from, for registers that answer only with one.
 *
 * Contract: `fetch` resolves with the token for this person and the purpose and case of the call, before `deadline`. It
 * rejects with `RegisterDeclined` `access_refused` if there is no consent, and with `RegisterFailure` if that cannot be
 * known. Every message is taken from `calls`. Nothing of a token is logged, cached or in an error.
 */
export interface ConsentTokens {
  fetch(person: string, call: ConsentCall): Promise<ConsentToken>;
  close(): void;
}

export interface ConsentServerOptions {
  readonly register: string;
  readonly url: string;
  readonly json: JsonPoster;
  readonly credentials: Credentials;
}

/**
 * Returns tokens of a server that takes `{ register, person, purpose, case }` by POST and answers `{ token, key }`, or 404
 * if the person has not consented. The number of the person is in the body only.
 */
export function createConsentServer({ register, url, json, credentials }: ConsentServerOptions): ConsentTokens {
  const base = new URL(url);
  return {
    fetch: async (person, { requestId, calls, deadline, signal, onBehalfOf }) => {
      const body = { register, person, purpose: onBehalfOf?.purpose, case: onBehalfOf?.case };
      const { status, body: answer } = await withCredentials(credentials, { deadline, signal }, ({ headers }) =>
        json.post({
          url: base,
          body,
          headers,
          requestId,
          message: calls.next({ carriesId: false, keys: [person] }),
          deadline,
          signal,
        }),
      );
      if (status === 404) throw new RegisterDeclined(register, 'access_refused');
      if (!isObject(answer) || typeof answer['token'] !== 'string')
        throw new RegisterFailure(register, 'token_refused');
      const { token, key } = answer;
      return { token, key: typeof key === 'string' ? key : undefined };
    },
    close: () => json.close(),
  };
}
