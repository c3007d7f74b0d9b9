import { headerList, type HttpResponseHead } from '../../schemas/ports/http-client.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import { NO_CREDENTIALS } from '../auth/fixed.js';
import type { Credentials } from '../auth/port.js';
import { presentedUrl, withCredentials } from '../auth/with-credentials.js';
import type { JsonClient } from '../http/post-json.js';
import { rememberingMerge } from '../http/remembering-merge.js';
import type { StatusMeaning } from '../http/read-reply.js';
import type { SentRequest } from '../http/post-text.js';
import { Unreadable } from '../http/unreadable.js';
import type { RestCall, RestClient } from '../rest/rest-client.js';
import { checkReply, refuseDuplicates } from './check-reply.js';
import { classifyError } from './error-class.js';
import { requestHeaders } from './request-headers.js';

export interface XroadClientOptions {
  readonly register: string;
  /** Carries the messages to the security server. */
  readonly json: JsonClient;
  /** Parts of our identifier: instance, member class, member code, subsystem. */
  readonly client: readonly string[];
  /** Parts of the service's: the same, and the service code. */
  readonly service: readonly string[];
  /** Whether the id of a call is the message's id. Otherwise the message's id is random. */
  readonly carriesCallId: boolean;
  /** What proves to the register who the gateway is, next to X-Road's own. By default nothing does. */
  readonly credentials?: Credentials | undefined;
  readonly random: Random;
  readonly observer: Observer;
  /** Returns whether a reply with another request hash than ours is taken now. By default none is. */
  readonly takesWrongHash?: ((call: RestCall) => boolean) | undefined;
}

/**
 * Returns a client that speaks the X-Road Message Protocol for REST, r1. It tells the register who asks, and
 * accepts only a reply that is proven to answer its request. It logs the ids of each exchange under the request id. It
 * does not log the request hash: with the rest of the request, one could try all numbers until the hash fits.
 */
export function createXroadClient({
  register,
  json,
  client,
  service,
  carriesCallId,
  credentials = NO_CREDENTIALS,
  random,
  observer,
  takesWrongHash = () => false,
}: XroadClientOptions): RestClient {
  const inspect =
    ({ call, id, meaningOf, operation }: Inspected) =>
    (head: HttpResponseHead, request: SentRequest): void => {
      refuseDuplicates(head);
      refuseErrors(head, (fault) =>
        observer.log('warn', 'xroad_error', { requestId: call.requestId, register, xroadId: id, fault }),
      );
      // Any other status is a failure, whether a security server or the register sent it.
      if (meaningOf(head.status) === undefined) return;
      const { requestId: xroadRequestId, hasOurHash } = checkReply(head, { id, client, service, request });
      if (!hasOurHash) {
        if (!takesWrongHash(call)) throw new Unreadable('hash_mismatch');
        observer.count('tereze_register_failures_total', { register, operation, reason: 'hash_mismatch' });
        observer.log('warn', 'xroad_hash_mismatch', { requestId: call.requestId, register, operation, xroadId: id });
      }
      observer.log('info', 'xroad_exchange', { requestId: call.requestId, register, xroadId: id, xroadRequestId });
    };
  const merged = rememberingMerge();
  return {
    ask: ({ request, keys, operation, meaningOf, identifierInAddress }, call) => {
      const { requestId, calls, deadline, signal, onBehalfOf } = call;
      const { method, url, body: text } = request;
      return withCredentials(credentials, call, (presented) => {
        const message = calls.next({ carriesId: carriesCallId, keys, identifierInAddress });
        const id = carriesCallId ? message.id : random.uuid();
        const common = merged(request.headers, presented.headers);
        const own = requestHeaders(client, id, onBehalfOf);
        // Ours win over those of the mapping.
        const isNamed = Object.keys(common).some((name) => Object.hasOwn(own, name));
        return json.exchange({
          method,
          url: presentedUrl(url, presented),
          text,
          requestId,
          message,
          deadline,
          signal,
          headers: isNamed ? { ...common, ...own } : common,
          ownHeaders: isNamed ? undefined : headerList(own),
          meaningOf,
          inspect: inspect({ call, id, meaningOf, operation }),
        });
      });
    },
    close: () => json.close(),
  };
}

/** A message whose reply is inspected. */
interface Inspected {
  readonly call: RestCall;
  readonly id: string;
  readonly meaningOf: StatusMeaning;
  readonly operation: string;
}

function refuseErrors({ headers }: HttpResponseHead, tell: (fault: string) => void): void {
  const error = headers['x-road-error'];
  if (error === undefined) return;
  const { fault, reason } = classifyError(String(error));
  tell(fault);
  throw new Unreadable(reason);
}
