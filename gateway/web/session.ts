import { createHash, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Officer } from '../officers/officer.js';
import type { AskedSearch } from '../officers/searching.js';

/** A session ends when it was not used for this long, in milliseconds. */
export const IDLE_MS = 15 * 60_000;
/** A session ends this long after the sign-in, in milliseconds: a working day. */
const LONGEST_MS = 10 * 3_600_000;
/** Sessions at once. When there are more, the one that has been idle longest ends. */
const MOST_SESSIONS = 10_000;
/** Searches that one session keeps. When there are more, the one that was read longest ago is forgotten. */
const MOST_SEARCHES = 50;
/** Random bytes of ids. */
const ID_BYTES = 32;

/** A search that no address may hold, because it names a person or uses an approval. */
export interface KeptSearch extends Omit<AskedSearch, 'after' | 'limit'> {
  /** Cursors of the pages that were shown; that of the second page first. */
  readonly cursors: string[];
}

/** What an officer who has signed in brings to each request. Only the memory of this process holds it. */
export interface OfficerSession {
  /** As the officer signed in. What the officer may do now, the registration says. */
  readonly officer: Officer;
  /** Shown to the issuer when the officer signs out. */
  readonly idToken: string;
  /** Every form of this session carries it. */
  readonly formToken: string;
  /** Searches of this session, by id. */
  readonly searches: LRUCache<string, KeptSearch>;
}

interface Held {
  readonly session: OfficerSession;
  readonly begunAt: number;
  usedAt: number;
}

export interface SessionsOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'bytes'>;
}

/**
 * Sessions of officers, in the memory of this process: a restart ends them all.
 *
 * Contract
 * - The key of a session is made when it begins, never taken from a browser, and kept as its hash only.
 * - A session that was idle for 15 minutes, or began 10 hours ago, is over: `find` does not return it, and forgets it.
 */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #held = new LRUCache<string, Held>({ max: MOST_SESSIONS });

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** Begins a session. Returns its key, for the cookie of one browser. */
  begin(who: Pick<OfficerSession, 'officer' | 'idToken'>): string {
    const key = this.newId();
    const now = this.#now();
    const session: OfficerSession = {
      ...who,
      formToken: this.newId(),
      searches: new LRUCache<string, KeptSearch>({ max: MOST_SEARCHES }),
    };
    this.#held.set(hashOf(key), { session, begunAt: now, usedAt: now });
    return key;
  }

  /** Returns the session with this key, and notes that it is in use; undefined if there is none. */
  find(key: string | undefined): OfficerSession | undefined {
    if (key === undefined) return undefined;
    const held = this.#held.get(hashOf(key));
    if (held === undefined) return undefined;
    const now = this.#now();
    if (now - held.usedAt >= IDLE_MS || now - held.begunAt >= LONGEST_MS) {
      this.end(key);
      return undefined;
    }
    held.usedAt = now;
    return held.session;
  }

  /** Ends a session. */
  end(key: string): void {
    this.#held.delete(hashOf(key));
  }

  /** Keeps a search under a new id, which may stand in an address. */
  keep({ searches }: OfficerSession, search: Omit<KeptSearch, 'cursors'>): string {
    const id = this.newId();
    searches.set(id, { ...search, cursors: [] });
    return id;
  }

  /** Returns a new id that no one can guess, in base64url. */
  newId(): string {
    return this.#options.random.bytes(ID_BYTES).toString('base64url');
  }

  #now(): number {
    return this.#options.clock.now().getTime();
  }
}

/** Returns whether a form carries the token of its session. */
export function isFormOf({ formToken }: OfficerSession, given: string | null): boolean {
  const [wanted, found] = [Buffer.from(formToken), Buffer.from(given ?? '')];
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('base64url');
