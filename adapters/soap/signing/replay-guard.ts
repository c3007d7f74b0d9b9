/**
 * Remembers message ids. Each id is kept until its message would be refused for its age. With `limit` ids kept, further
 * messages are refused: forgetting an id would allow a replay.
 */
export class ReplayGuard {
  readonly #limit: number;
  readonly #taken = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Returns true the first time. Times are milliseconds since the epoch. */
  take(id: string, expiresAt: number, now: number): boolean {
    this.#forget(now);
    if (this.#taken.has(id) || this.#taken.size >= this.#limit) return false;
    this.#taken.set(id, expiresAt);
    return true;
  }

  /** Oldest first: all are kept for about as long. */
  #forget(now: number): void {
    for (const [id, expiresAt] of this.#taken) {
      if (expiresAt >= now) return;
      this.#taken.delete(id);
    }
  }
}
