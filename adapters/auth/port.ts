/**
 * What proves to a register who the gateway is, for every protocol over HTTP.
 *
 * Contract
 * - `fixed` is what every message carries, if that never changes. It is never fetched, and a 401 has no second try.
 * - `current` returns what the next message carries. It reads no network and takes less than a microsecond. It returns
 *   undefined if that must be fetched first.
 * - `fetch` resolves with what the next message carries. However many callers wait, it is fetched once. It settles before
 *   `deadline`, and at once when `signal` is aborted; the fetch itself goes on for the others.
 * - `refused` takes note that the register answered 401 to a message with these credentials. It returns true if there
 *   are, or may be, others that are worth one more try.
 * - Failure: `fetch` rejects with `RegisterFailure`: `token_refused`, `overloaded`, or the reason of the connection to
 *   the token server. No error, log line or metric holds a secret or what a token server said.
 * - `close` breaks off what is under way.
 */
export interface Credentials {
  readonly fixed?: Presented | undefined;
  current(): Presented | undefined;
  fetch(limits: FetchLimits): Promise<Presented>;
  refused(presented: Presented): boolean;
  close(): void;
}

/** What one message carries. It is never logged. */
export interface Presented {
  readonly headers: Readonly<Record<string, string>>;
  /** A parameter of the query. It is part of the address of the request only: no log line, trace or error holds it. */
  readonly query?: { readonly name: string; readonly value: string } | undefined;
}

export interface FetchLimits {
  /** Absolute, monotonic, milliseconds. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}
