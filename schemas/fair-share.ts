/** The party that work is done for. */
export interface Claimant {
  /** The registered system, or another name under which work is counted together. */
  readonly caller: string;
  /** How much of the places the caller may hold, beside others with weight 1. */
  readonly weight: number;
  /** One of several parties behind the caller, such as the people who sign in at one system. Never a person's number. */
  readonly member?: number;
}

/** How long work waits for a place, and what it fails with when it gets none. */
export interface Claim {
  readonly claimant: Claimant;
  /** Makes the error for work that gives way, waited too long, or is no longer wanted. */
  readonly turnedAway: () => Error;
  /** Longest wait, in milliseconds. If absent, the work waits until its turn comes. */
  readonly waitMs?: number;
  /** Aborted when the work is no longer wanted: it leaves the queue at once. Work that has started goes on. */
  readonly signal?: AbortSignal | undefined;
}

export interface FairShareOptions {
  /** Pieces of work that run at once. */
  readonly places: number;
  /** Pieces of work that wait. */
  readonly maxWaiting: number;
  /**
   * Who gives way when too many wait. `largest`: the last that came of the caller with the most work for its weight.
   * `longest`: the one that has waited longest; the one that comes never gives way.
   */
  readonly givesWay: 'largest' | 'longest';
  /** Pieces of work that wait for one caller; beyond it, the one that has waited longest gives way. Default: no limit. */
  readonly maxWaitingEach?: number;
}

/**
 * How many places a caller of weight 1 may hold for each place that is free. With 2, a caller who is alone holds two
 * thirds of the places, two callers hold two fifths each; the rest stays free for the next that comes.
 */
const HELD_FOR_EACH_FREE = 2;

interface Waiting {
  readonly member: number | undefined;
  /** Order of arrival. */
  readonly order: number;
  readonly start: () => void;
  readonly turnAway: () => void;
}

/** One caller with work here. */
class Party {
  readonly claimant: Claimant;
  readonly waiting: Waiting[] = [];
  readonly #members = new Map<number, number>();
  held = 0;

  constructor(claimant: Claimant) {
    this.claimant = claimant;
  }

  get isIdle(): boolean {
    return this.held === 0 && this.waiting.length === 0;
  }

  /** Work for its weight. */
  get load(): number {
    return (this.held + this.waiting.length) / this.claimant.weight;
  }

  /** Returns whether a member may take one of the free places. A party that holds none may always. */
  mayTake(free: number, member: number | undefined): boolean {
    if (free <= 0) return false;
    const allowed = HELD_FOR_EACH_FREE * this.claimant.weight * free;
    if (this.held >= 1 && this.held >= allowed) return false;
    const held = this.heldBy(member);
    return member === undefined || held === 0 || held < allowed - this.held;
  }

  /** Returns who of the caller may take a free place now: the member who holds fewest, then the first that came. */
  next(free: number): Waiting | undefined {
    let best: Waiting | undefined;
    for (const one of this.waiting) {
      if (best !== undefined && this.heldBy(one.member) >= this.heldBy(best.member)) continue;
      if (this.mayTake(free, one.member)) best = one;
    }
    return best;
  }

  /** Returns the last that came of the member with the most work that waits. */
  last(): Waiting | undefined {
    const counts = new Map<number | undefined, number>();
    for (const { member } of this.waiting) counts.set(member, (counts.get(member) ?? 0) + 1);
    const most = Math.max(0, ...counts.values());
    return this.waiting.findLast(({ member }) => counts.get(member) === most);
  }

  take(member: number | undefined): void {
    this.held += 1;
    if (member !== undefined) this.#members.set(member, this.heldBy(member) + 1);
  }

  giveBack(member: number | undefined): void {
    this.held -= 1;
    if (member === undefined) return;
    const left = this.heldBy(member) - 1;
    if (left === 0) this.#members.delete(member);
    else this.#members.set(member, left);
  }

  heldBy(member: number | undefined): number {
    return member === undefined ? this.held : (this.#members.get(member) ?? 0);
  }
}

/**
 * Shares places out by caller, so that one caller with work that hangs does not take another's place. A caller may
 * hold as many places as its weight allows for those that are free (dynamic thresholds: Choudhury and Hahne, 1998), and
 * always one: some places stay free until many callers are there. Within a caller, its members share in the same way.
 *
 * Work that finds no place waits. A free place goes to the caller that holds fewest for its weight; among equals to the
 * one that came first. The number that waits is bounded (`givesWay`). Memory is bounded by the work that is there.
 */
export class FairShare {
  readonly #options: FairShareOptions;
  readonly #parties = new Map<string, Party>();
  #held = 0;
  #waiting = 0;
  #arrivals = 0;

  constructor(options: FairShareOptions) {
    this.#options = options;
  }

  /** How many places are taken. */
  get held(): number {
    return this.#held;
  }

  /** How many pieces of work wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Resolves with the function that gives the place back; further calls of that function do nothing. Rejects with the
   * error of `turnedAway` if the claim gets no place.
   */
  async enter(claim: Claim): Promise<() => void> {
    return this.#enter(claim);
  }

  /**
   * Takes a place if the claimant may have one now, and returns whether it did. It is given back with `leave`. The way
   * for work that mostly finds a place: it makes nothing that has to be thrown away.
   */
  tryEnter(claimant: Claimant): boolean {
    const party = this.#partyOf(claimant);
    const isFree = party.mayTake(this.#options.places - this.#held, claimant.member);
    if (isFree) this.#take(party, claimant.member);
    else this.#forgetIdle(claimant.caller);
    return isFree;
  }

  /** Gives back one place of the claimant: that of `tryEnter`, or one of `enter` instead of its function. Must be called once for it. */
  leave({ caller, member }: Claimant): void {
    this.#held -= 1;
    this.#parties.get(caller)?.giveBack(member);
    this.#forgetIdle(caller);
    this.#serve();
  }

  /**
   * Runs `work` in a place; starts it before it returns if there is one. Resolves or rejects as the work does; rejects
   * with the error of `turnedAway` if the work was not started.
   */
  run<T>(work: () => Promise<T>, claim: Claim): Promise<T> {
    const leave = this.#enter(claim);
    return leave instanceof Promise ? leave.then((left) => workThen(work, left)) : workThen(work, leave);
  }

  /** Returns the function that gives the place back, as a promise if the claim has to wait. */
  #enter(claim: Claim): (() => void) | Promise<() => void> {
    const { claimant, signal } = claim;
    const party = this.#partyOf(claimant);
    if (signal?.aborted === true) return Promise.reject(this.#turnedAway(party, claim));
    if (!party.mayTake(this.#options.places - this.#held, claimant.member))
      return this.#wait(party, claim).then(() => this.#leaving(claimant));
    this.#take(party, claimant.member);
    return this.#leaving(claimant);
  }

  #leaving(claimant: Claimant): () => void {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.leave(claimant);
    };
  }

  #partyOf(claimant: Claimant): Party {
    let party = this.#parties.get(claimant.caller);
    if (party === undefined) this.#parties.set(claimant.caller, (party = new Party(claimant)));
    return party;
  }

  #forgetIdle(caller: string): void {
    if (this.#parties.get(caller)?.isIdle === true) this.#parties.delete(caller);
  }

  #take(party: Party, member: number | undefined): void {
    this.#held += 1;
    party.take(member);
  }

  /** Resolves once the place is taken for the claim. */
  #wait(party: Party, claim: Claim): Promise<void> {
    if (!this.#makeRoom(party)) return Promise.reject(this.#turnedAway(party, claim));
    const { claimant, turnedAway, waitMs, signal } = claim;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', turnAway);
        party.waiting.splice(party.waiting.indexOf(waiting), 1);
        this.#waiting -= 1;
      };
      const turnAway = (): void => {
        leave();
        this.#forgetIdle(claimant.caller);
        reject(turnedAway());
      };
      const start = (): void => {
        leave();
        this.#take(party, claimant.member);
        resolve();
      };
      const waiting: Waiting = { member: claimant.member, order: this.#arrivals++, start, turnAway };
      const timer = waitMs === undefined ? undefined : setTimeout(turnAway, waitMs);
      signal?.addEventListener('abort', turnAway, { once: true });
      // The one that gave way may have been the last of this caller, and the caller forgotten with it.
      this.#parties.set(claimant.caller, party);
      party.waiting.push(waiting);
      this.#waiting += 1;
    });
  }

  #turnedAway(party: Party, { turnedAway }: Claim): Error {
    this.#forgetIdle(party.claimant.caller);
    return turnedAway();
  }

  /** Makes room for one more that waits. Returns false if the one that comes is the one that gives way. */
  #makeRoom(party: Party): boolean {
    const { maxWaiting, maxWaitingEach = Infinity, givesWay } = this.#options;
    if (maxWaiting <= 0 || maxWaitingEach <= 0) return false;
    if (party.waiting.length >= maxWaitingEach) party.waiting[0]?.turnAway();
    if (this.#waiting < maxWaiting) return true;
    if (givesWay === 'longest') {
      this.#first()?.turnAway();
      return true;
    }
    const largest = this.#largest();
    if (largest === undefined || largest.load <= party.load) return false;
    largest.last()?.turnAway();
    return true;
  }

  #first(): Waiting | undefined {
    let first: Waiting | undefined;
    for (const { waiting } of this.#parties.values()) {
      const one = waiting[0];
      if (one !== undefined && (first === undefined || one.order < first.order)) first = one;
    }
    return first;
  }

  #largest(): Party | undefined {
    let largest: Party | undefined;
    for (const party of this.#parties.values())
      if (party.waiting.length > 0 && (largest === undefined || party.load > largest.load)) largest = party;
    return largest;
  }

  /** Gives free places to those that wait and may have one. */
  #serve(): void {
    while (this.#waiting > 0) {
      const next = this.#next(this.#options.places - this.#held);
      if (next === undefined) return;
      next.start();
    }
  }

  #next(free: number): Waiting | undefined {
    if (free <= 0) return undefined;
    let best: { readonly waiting: Waiting; readonly held: number } | undefined;
    for (const party of this.#parties.values()) {
      const waiting = party.next(free);
      if (waiting === undefined) continue;
      const held = party.held / party.claimant.weight;
      if (best === undefined || held < best.held || (held === best.held && waiting.order < best.waiting.order))
        best = { waiting, held };
    }
    return best?.waiting;
  }
}

async function workThen<T>(work: () => Promise<T>, end: () => void): Promise<T> {
  try {
    return await work();
  } finally {
    end();
  }
}
