import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { InspectedJsonCall, JsonCall, JsonClient } from '../http/post-json.js';
import { Unreadable } from '../http/read-reply.js';
import { checkReply, refuseDuplicates } from './check-reply.js';
import { classifyError } from './error-class.js';
import { requestHeaders } from './request-headers.js';
import type { SentRequest } from './request-hash.js';

export interface XroadClientOptions {
  readonly register: string;
  /** Carries the messages to the security server. */
  readonly json: JsonClient<InspectedJsonCall>;
  /** Parts of our identifier: instance, member class, member code, subsystem. */
  readonly client: readonly string[];
  /** Parts of the service's: the same, and the service code. */
  readonly service: readonly string[];
  readonly random: Random;
  readonly observer: Observer;
}

/**
 * A JSON client that speaks the X-Road Message Protocol for REST, r1: it says who asks, and takes no
 * reply that is not proven to answer what was asked. The ids of each exchange go to the internal log
 * under the request id. The request hash does not: whoever has it, with what else is known of the
 * request, can try out all numbers until it fits.
 */
export function createXroadClient({
  register,
  json,
  client,
  service,
  random,
  observer,
}: XroadClientOptions): JsonClient {
  const inspect =
    (call: JsonCall, id: string) =>
    (response: IncomingMessage, request: ClientRequest): void => {
      refuseDuplicates(response);
      refuseErrors(response, (fault) =>
        observer.log('warn', 'xroad_error', { requestId: call.requestId, register, xroadId: id, fault }),
      );
      // Other statuses are failures, whoever they are from.
      if (response.statusCode !== 200 && response.statusCode !== 404) return;
      const xroadRequestId = checkReply(response, { id, client, service, request: sentRequest(request, call) });
      observer.log('info', 'xroad_exchange', { requestId: call.requestId, register, xroadId: id, xroadRequestId });
    };
  return {
    post: async (call) => {
      const id = random.uuid();
      return json.post({ ...call, headers: requestHeaders(client, id, call.onBehalfOf), inspect: inspect(call, id) });
    },
    close: () => json.close(),
  };
}

function refuseErrors({ headers }: IncomingMessage, tell: (fault: string) => void): void {
  const error = headers['x-road-error'];
  if (error === undefined) return;
  const { fault, kind } = classifyError(String(error));
  tell(fault);
  throw new Unreadable(kind);
}

function sentRequest(request: ClientRequest, { body }: JsonCall): SentRequest {
  const headers = request.getRawHeaderNames().map((name) => [name, String(request.getHeader(name))] as const);
  return { method: request.method, target: request.path, headers, body: JSON.stringify(body) };
}
