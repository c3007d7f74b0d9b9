import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../schemas/ports/clock.js';
import type { AccessToken } from './access-token.js';

/** Verified for at most this long: a withdrawn key or registration is noticed within a minute. */
const KEPT_MS = 60_000;

interface Kept {
  readonly token: AccessToken;
  /** Milliseconds of the epoch. */
  readonly until: number;
}

/** Remembers tokens whose signature and claims were verified, by SHA-256, until the earlier of `exp` and a minute. Bounded. */
export class VerifiedTokens {
  readonly #kept: LRUCache<string, Kept>;
  readonly #clock: Clock;
  /** What is being verified, so that a token that is sent many times at once is verified once. */
  readonly #underWay = new Map<string, Promise<AccessToken>>();

  constructor(max: number, clock: Clock) {
    this.#kept = new LRUCache({ max });
    this.#clock = clock;
  }

  /** The token, from memory or through `verify`. Only what `verify` resolved with is remembered. */
  async get(token: string, verify: (token: string) => Promise<AccessToken>): Promise<AccessToken> {
    const key = createHash('sha256').update(token).digest('base64url');
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.#clock.now().getTime() < kept.until) return kept.token;
    return this.#underWay.get(key) ?? this.#begin(key, token, verify);
  }

  #begin(key: string, token: string, verify: (token: string) => Promise<AccessToken>): Promise<AccessToken> {
    const begun = verify(token)
      .then((verified) => {
        // Not if everything was forgotten meanwhile.
        if (this.#underWay.get(key) === begun) this.#keep(key, verified);
        return verified;
      })
      .finally(() => {
        if (this.#underWay.get(key) === begun) this.#underWay.delete(key);
      });
    this.#underWay.set(key, begun);
    return begun;
  }

  #keep(key: string, token: AccessToken): void {
    this.#kept.set(key, {
      token,
      until: Math.min(token.expiresAt, this.#clock.now().getTime() + KEPT_MS),
    });
  }

  /** Forgets everything: keys have changed. */
  clear(): void {
    this.#kept.clear();
    this.#underWay.clear();
  }
}
