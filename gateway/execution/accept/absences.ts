/**
 * Where links of one register's answer led to somebody who is absent: what stood there is left out,
 * and what failed there is not told either.
 */
export class Absences {
  readonly #empty = new Map<object, Set<string>>();
  readonly #leftOut = new Map<object, number[]>();

  /** Nobody stands at this key of an object. */
  empty(holder: object, key: string): void {
    const keys = this.#empty.get(holder);
    if (keys) keys.add(key);
    else this.#empty.set(holder, new Set([key]));
  }

  isEmpty(holder: object, key: string | number): boolean {
    return typeof key === 'string' && this.#empty.get(holder)?.has(key) === true;
  }

  /** The item at this position of the register's list is not in ours. Called in order of position. */
  leaveOut(list: object, position: number): void {
    const positions = this.#leftOut.get(list);
    if (positions) positions.push(position);
    else this.#leftOut.set(list, [position]);
  }

  /** Where an item of the register's list stands in ours; undefined for one that was left out. */
  positionOf(list: object, position: number): number | undefined {
    const leftOut = this.#leftOut.get(list) ?? [];
    return leftOut.includes(position) ? undefined : position - leftOut.filter((before) => before < position).length;
  }
}
