/**
 * Message ids that were taken. Each is kept until its message would be refused for its age anyway;
 * when `limit` are kept at once, further ones are refused: forgetting one would let it be played again.
 */
export class ReplayGuard {
  readonly #limit: number;
  readonly #taken = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** True the first time. Times are milliseconds since the epoch. */
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
