import type { Claimant } from '../schemas/fair-share.js';

/** Stages that start in one turn of the event loop. A stage takes some milliseconds at most before it waits for something. */
const STARTS_EACH_TURN = 4;

/** One caller with stages that wait to start. */
interface Party {
  readonly waiting: (() => void)[];
  /** What it has had: its starts, each divided by its weight. A party that comes begins with what the last that started had. */
  had: number;
  readonly weight: number;
}

/**
 * Shares the event loop out by caller: only a few stages start in one turn of it, first those of the caller that has
 * had the fewest for its weight. So the requests of others wait for some stages of a caller that sends many requests
 * at once, not for all of them.
 *
 * A stage does not wait while few of them start, and none is turned away.
 */
export class Turns {
  readonly #later: (call: () => void) => void;
  /** The callers with stages that wait. */
  readonly #parties = new Map<string, Party>();
  #started = 0;
  #isNextTurnAsked = false;
  #had = 0;

  /** @param later calls back in the next turn of the event loop, after what arrived in the meantime. */
  constructor(later: (call: () => void) => void = setImmediate) {
    this.#later = later;
  }

  /** Returns undefined if a stage of this claimant may start at once, else a promise that resolves when it may. */
  next(claimant: Claimant): Promise<void> | undefined {
    this.#askForNextTurn();
    if (this.#parties.size === 0 && this.#started < STARTS_EACH_TURN) {
      this.#started += 1;
      return undefined;
    }
    return new Promise((start) => this.#partyOf(claimant).waiting.push(start));
  }

  #partyOf({ caller, weight }: Claimant): Party {
    let party = this.#parties.get(caller);
    if (party === undefined) this.#parties.set(caller, (party = { waiting: [], had: this.#had, weight }));
    return party;
  }

  #askForNextTurn(): void {
    if (this.#isNextTurnAsked) return;
    this.#isNextTurnAsked = true;
    this.#later(() => this.#nextTurn());
  }

  #nextTurn(): void {
    this.#isNextTurnAsked = false;
    this.#started = 0;
    while (this.#parties.size > 0 && this.#started < STARTS_EACH_TURN) this.#startOne();
    if (this.#started > 0) this.#askForNextTurn();
  }

  #startOne(): void {
    const [caller, party] = [...this.#parties].reduce((least, other) => (other[1].had < least[1].had ? other : least));
    party.had += 1 / party.weight;
    this.#had = Math.max(this.#had, party.had);
    this.#started += 1;
    party.waiting.shift()?.();
    if (party.waiting.length === 0) this.#parties.delete(caller);
  }
}
