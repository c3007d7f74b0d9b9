import { Refusal } from '../../schemas/refusal.js';

/** Limits the questions and acts of known callers that are worked on at once. */
export class Slots {
  readonly #max: number;
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /**
   * Takes a slot. Returns the function that frees it; further calls of that function do nothing.
   *
   * @throws Refusal `OVERLOADED` if every slot is taken.
   */
  enter(): () => void {
    if (this.#taken >= this.#max) throw new Refusal('OVERLOADED', { reasons: ['in_flight'] });
    this.#taken += 1;
    let isIn = true;
    return () => {
      if (isIn) this.#taken -= 1;
      isIn = false;
    };
  }
}
