import type { Clock } from '../schemas/ports/clock.js';
import type { Observer } from '../schemas/ports/observer.js';
import { createGraphqlAdapter } from './graphql/graphql-adapter.js';
import { createPooledJsonClient } from './http/post-json.js';
import type { Adapter } from './port.js';
import { resilient, type ResilienceOptions } from './resilience/resilient.js';

export interface ServiceAdaptersOptions {
  /** GraphQL services by name, with their addresses. */
  readonly services: readonly { readonly name: string; readonly url: string }[];
  readonly resilience: Omit<ResilienceOptions, 'clock' | 'observer'>;
  readonly maxResponseBytes: number;
  readonly clock: Clock;
  readonly observer: Observer;
}

/** An adapter for every GraphQL service, by name, to which the gateway proves nothing of itself. Connects to nothing. */
export function createServiceAdapters({
  services,
  resilience,
  maxResponseBytes,
  clock,
  observer,
}: ServiceAdaptersOptions): ReadonlyMap<string, Adapter> {
  return new Map(
    services.map(({ name, url }) => {
      const client = createPooledJsonClient({
        register: name,
        headers: {},
        tlsCa: undefined,
        clock,
        maxSockets: resilience.maxInFlight,
        maxResponseBytes,
      });
      return [
        name,
        resilient(createGraphqlAdapter({ register: name, url, client }), { ...resilience, clock, observer }),
      ] as const;
    }),
  );
}
