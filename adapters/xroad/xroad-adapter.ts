import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Credentials } from '../auth/port.js';
import type { JsonClient } from '../http/post-json.js';
import type { Adapter, CallRecorder, RegisterAnswer } from '../port.js';
import { createRestAdapter } from '../rest/rest-adapter.js';
import type { HashTolerance } from './hash-tolerance.js';
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
  /** Until when and why a reply with another request hash than ours is taken. By default none is. */
  readonly hashTolerance?: HashTolerance | undefined;
}

/** Version of the protocol, the first part of every path. */
const PROTOCOL = 'r1';

/**
 * Returns the adapter of a register behind X-Road (PR-REST r1). Its records are read like those of a REST register. Numbers
 * are sent in the body, because security servers log paths; in a path or query only by the owner's agreement.
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
  hashTolerance,
}: XroadAdapterOptions): Adapter {
  const {
    instance,
    member_class: memberClass,
    member_code: memberCode,
    subsystem,
    service_code: serviceCode,
    version,
  } = source.service;
  const service = [instance, memberClass, memberCode, subsystem, serviceCode];
  /** Reads whose request hash was not ours, by their recorder: parts of a read share it. */
  const tolerated = new WeakSet<CallRecorder>();
  const xroad = createXroadClient({
    register,
    json,
    client: client.split('/'),
    service,
    carriesCallId: carriesCallId(source),
    credentials,
    random,
    observer,
    takesWrongHash: ({ calls }) => {
      if (hashTolerance === undefined || clock.factDate() > hashTolerance.until) return false;
      tolerated.add(calls);
      return true;
    },
  });
  const adapter = createRestAdapter({
    register,
    source,
    url: `${url.replace(/\/+$/, '')}/${PROTOCOL}/${encodeIdentifier(version === undefined ? service : [...service, version])}`,
    client: xroad,
    clock,
    observer,
  });
  if (hashTolerance === undefined) return adapter;
  return {
    ...adapter,
    read: async (call) => {
      const answer = await adapter.read(call);
      return tolerated.has(call.calls) ? withNote(answer) : answer;
    },
  };
}

/** Says in the provenance that no hash ties the answer to its question. */
const NOTE = 'request hash: not verified';

function withNote({ groups, ...answer }: RegisterAnswer): RegisterAnswer {
  return { ...answer, groups: groups.map((group) => ({ ...group, converted: [...(group.converted ?? []), NOTE] })) };
}
