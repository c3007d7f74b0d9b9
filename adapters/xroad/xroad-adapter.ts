import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Credentials } from '../auth/port.js';
import type { JsonClient } from '../http/post-json.js';
import type { Adapter } from '../port.js';
import { createRestAdapter } from '../rest/rest-adapter.js';
import type { XroadSource } from './source.js';
import { carriesCallId } from '../call-id.js';
import { encodeIdentifier } from './identifiers.js';
import { createXroadClient } from './xroad-client.js';

export interface XroadAdapterOptions {
  readonly register: string;
  readonly source: XroadSource;
  /** Address of our security server. */
  readonly url: string;
  /** Our identifier: `instance/member class/member code/subsystem`. */
  readonly client: string;
  readonly json: JsonClient;
  /** What proves to the register who the gateway is, next to X-Road's own. By default nothing does. */
  readonly credentials?: Credentials;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
}

/** Version of the protocol, the first part of every path. */
const PROTOCOL = 'r1';

/**
 * Returns the adapter of a register behind X-Road (PR-REST r1). Its records are read like those of a REST register. Numbers
 * are sent in the body only, because security servers log paths.
 */
export function createXroadAdapter({
  register,
  source,
  url,
  client,
  json,
  credentials,
  clock,
  random,
  observer,
}: XroadAdapterOptions): Adapter {
  const {
    instance,
    member_class: memberClass,
    member_code: memberCode,
    subsystem,
    service_code: serviceCode,
  } = source.service;
  const service = [instance, memberClass, memberCode, subsystem, serviceCode];
  const xroad = createXroadClient({
    register,
    json,
    client: client.split('/'),
    service,
    carriesCallId: carriesCallId(source),
    credentials,
    random,
    observer,
  });
  return createRestAdapter({
    register,
    source,
    url: `${url.replace(/\/+$/, '')}/${PROTOCOL}/${encodeIdentifier(service)}`,
    client: xroad,
    clock,
    observer,
  });
}
