import { createSecretKey } from 'node:crypto';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import type { SqlExecutor } from '../../schemas/ports/sql.js';
import { AuditUnavailable } from '../audit/port.js';
import { DATA_KEY_BYTES, sealDataKey } from './data-key.js';
import type { Recipient } from '../recipients.js';
import { KEY_ID_BYTES, sealIdentity, type DataKey } from './sealed-identity.js';
import { storeDataKey } from './stored-data-keys.js';

/** Seals one identifier; null where the installation seals none. */
export type SealIdentity = (identifier: string) => Buffer | null;

/**
 * Seals the numbers of people, so that this process cannot open them again later.
 *
 * Contract: `current` resolves with what seals under a data key that is in the database, sealed to the recipients, so
 * that each holder of one of their private keys can open what is sealed. Rejects with {@link AuditUnavailable} if there is
 * none: nothing is recorded then, and so nothing is answered.
 */
export interface IdentitySealing {
  current(): Promise<SealIdentity>;
}

/** For an installation that says `audit.identity: none`. */
export const SEALS_NOTHING: IdentitySealing = { current: async () => () => null };

export interface SealingOptions {
  readonly sql: SqlExecutor;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
  readonly recipients: readonly Recipient[];
  /** Whether the database is the current one. When that changes, the key may not be in it: another one is made. */
  readonly isStateCurrent: () => boolean;
}

const HOUR_MS = 3_600_000;
/** No data key seals longer than this. */
const LONGEST_MS = 24 * HOUR_MS;
/** From then on the next one is being made, so that no request waits for it. */
const RENEWED_AFTER_MS = 23 * HOUR_MS;
/** Identifiers under one data key at most: far below 2^32, the limit for random nonces (NIST SP 800-38D, section 8.3). */
const MOST_SEALED = 2 ** 28;

interface CurrentKey {
  readonly madeAt: number;
  readonly isStateCurrent: boolean;
  readonly seal: SealIdentity;
  sealed: number;
}

/**
 * Seals under a data key that is in memory only. It is replaced after 23 hours, and seals nothing after 24; the old one is
 * forgotten then. What it sealed before can be opened by a recipient alone.
 *
 * A key is used once its sealed form is committed. If the reply to that was lost, another key is made: the row that may
 * be there belongs to a key that never sealed anything.
 */
export class DailySealing implements IdentitySealing {
  readonly #options: SealingOptions;
  #key: CurrentKey | undefined;
  #making: Promise<CurrentKey> | undefined;

  constructor(options: SealingOptions) {
    this.#options = options;
  }

  async current(): Promise<SealIdentity> {
    const key = this.#key;
    const ageMs = key === undefined ? Number.NaN : this.#options.clock.now().getTime() - key.madeAt;
    if (key === undefined || !this.#mayUse(key, ageMs)) {
      this.#key = undefined;
      return (await this.#next()).seal;
    }
    // If that fails, requests go on under this key until it ends.
    if (ageMs >= RENEWED_AFTER_MS) void this.#next().catch(() => undefined);
    return key.seal;
  }

  /** A clock that was set back says nothing about the age of a key. */
  #mayUse(key: CurrentKey, ageMs: number): boolean {
    const isYoung = ageMs >= 0 && ageMs < LONGEST_MS;
    return isYoung && key.isStateCurrent === this.#options.isStateCurrent() && key.sealed < MOST_SEALED;
  }

  #next(): Promise<CurrentKey> {
    return (this.#making ??= this.#make().finally(() => (this.#making = undefined)));
  }

  async #make(): Promise<CurrentKey> {
    const { sql, clock, random, recipients, isStateCurrent } = this.#options;
    const standing = isStateCurrent();
    const madeAt = clock.now();
    const id = random.bytes(KEY_ID_BYTES);
    const raw = random.bytes(DATA_KEY_BYTES);
    try {
      const key = createSecretKey(raw);
      const sealed = await sealDataKey(raw, id, recipients);
      await storeDataKey(sql, { id, madeAt, sealing: 0, sealed });
      return (this.#key = sealingUnder({ id, key }, { madeAt: madeAt.getTime(), isStateCurrent: standing }, random));
    } catch (error) {
      throw new AuditUnavailable({ cause: error });
    } finally {
      raw.fill(0);
    }
  }
}

function sealingUnder(
  dataKey: DataKey,
  made: Pick<CurrentKey, 'madeAt' | 'isStateCurrent'>,
  random: Random,
): CurrentKey {
  const current: CurrentKey = {
    ...made,
    sealed: 0,
    seal: (identifier) => {
      current.sealed += 1;
      return sealIdentity(identifier, dataKey, random);
    },
  };
  return current;
}
