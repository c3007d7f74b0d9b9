import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Kept {
  readonly payload: AdapterPayload;
  /** Milliseconds of the epoch. */
  readonly until: number;
}

/** How many writes pass between two sweeps of what has ended. */
const SWEEP_EVERY = 500;

/** What the issuer remembers between requests (sessions, codes, proofs seen): in memory, each entry until it ends. */
export class IssuerStore {
  readonly #kept = new Map<string, Kept>();
  #writes = 0;
  readonly #now: () => number;

  /** @param now real time, in milliseconds of the epoch. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The adapter that `oidc-provider` asks for, one for each of its models. */
  adapterFor(model: string): Adapter {
    const key = (id: string): string => `${model}:${id}`;
    const find = (id: string): Promise<AdapterPayload | undefined> => Promise.resolve(this.#find(key(id)));
    return {
      find,
      findByUid: (uid) => Promise.resolve(this.#first(model, (payload) => payload.uid === uid)),
      findByUserCode: (userCode) => Promise.resolve(this.#first(model, (payload) => payload.userCode === userCode)),
      upsert: (id, payload, expiresIn) => Promise.resolve(this.#keep(key(id), payload, expiresIn)),
      consume: async (id) => {
        const payload = await find(id);
        if (payload !== undefined) payload.consumed = Math.floor(this.#now() / 1000);
      },
      destroy: (id) => {
        this.#kept.delete(key(id));
        return Promise.resolve();
      },
      revokeByGrantId: (grantId) => Promise.resolve(this.#revoke(model, grantId)),
    };
  }

  #find(key: string): AdapterPayload | undefined {
    const kept = this.#kept.get(key);
    return kept !== undefined && kept.until > this.#now() ? kept.payload : undefined;
  }

  #first(model: string, matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const key of this.#kept.keys()) {
      const payload = key.startsWith(`${model}:`) ? this.#find(key) : undefined;
      if (payload !== undefined && matches(payload)) return payload;
    }
    return undefined;
  }

  #keep(key: string, payload: AdapterPayload, expiresIn: number | undefined): void {
    this.#kept.set(key, {
      payload,
      until: expiresIn === undefined ? Number.POSITIVE_INFINITY : this.#now() + expiresIn * 1000,
    });
    this.#writes += 1;
    if (this.#writes % SWEEP_EVERY === 0) this.#sweep();
  }

  /** Of this model only: a sign-in that goes on after a sign-out still names the grant that ended. */
  #revoke(model: string, grantId: string): void {
    for (const [key, { payload }] of this.#kept) {
      if (key.startsWith(`${model}:`) && payload.grantId === grantId) this.#kept.delete(key);
    }
  }

  #sweep(): void {
    const now = this.#now();
    for (const [key, { until }] of this.#kept) {
      if (until <= now) this.#kept.delete(key);
    }
  }
}
