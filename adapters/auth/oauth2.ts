import type { Clock } from '../../schemas/ports/clock.js';
import { HttpFailure } from '../../schemas/ports/http-client.js';
import { connectionReason } from '../../schemas/failures/connection-reason.js';
import { retryAfterMs } from '../http/retry-after.js';
import { RegisterFailure } from '../port.js';
import type { Credentials, FetchLimits, Presented } from './port.js';
import { causeOf, TokenServerBusy, type AccessToken, type TokenServer } from './token-server.js';

export interface Oauth2Options {
  readonly register: string;
  readonly server: TokenServer;
  readonly clock: Clock;
  /** Closes the connections to the token server. */
  readonly close: () => void;
}

/** A token is no longer used this long before its end, or the tenth part of its life, whichever is shorter. */
const MARGIN_MS = 30_000;
const MARGIN_SHARE = 0.1;
/**
 * Shortest time between two tokens that are fetched because the register answered 401. A register that refuses a new
 * token, too, refuses the client, and not the token.
 */
const REPLACED_MS = 30_000;
/** Life of a token of which the token server does not say how long it lives. */
const UNSTATED_SECONDS = 300;

interface Kept {
  readonly presented: Presented;
  /** Monotonic. */
  readonly until: number;
}

/**
 * Returns credentials with the access token of a token server (RFC 6749, section 4.4). A token is kept until shortly
 * before its end. Callers that come while it is fetched wait for the same one. A token that the register answered with a
 * 401 is dropped, but not twice in half a minute: the second one stays in use, and its 401 has no second try. A token
 * server that fails is asked again by the next caller: the breaker of the register ends that.
 */
export function oauth2Credentials({ register, server, clock, close }: Oauth2Options): Credentials {
  let kept: Kept | undefined;
  let fetching: Promise<Presented> | undefined;
  let droppedAt = -Infinity;
  const fetchToken = async (): Promise<Presented> => {
    const askedAt = clock.monotonic();
    try {
      kept = keptUntilEnd(await server.requestToken(), askedAt);
      return kept.presented;
    } catch (error) {
      throw failureOf(register, error, clock);
    } finally {
      fetching = undefined;
    }
  };
  return {
    current: () => (kept !== undefined && clock.monotonic() < kept.until ? kept.presented : undefined),
    fetch: (limits) => within(limits, (fetching ??= fetchToken()), { register, clock }),
    refused: (presented) => {
      if (presented !== kept?.presented) return true;
      const now = clock.monotonic();
      if (now < droppedAt + REPLACED_MS) return false;
      droppedAt = now;
      kept = undefined;
      return true;
    },
    close,
  };
}

/** The token's life is counted from when it was asked for: it began then at the earliest. */
function keptUntilEnd({ token, lifetimeSeconds = UNSTATED_SECONDS }: AccessToken, askedAt: number): Kept {
  const lifetimeMs = lifetimeSeconds * 1_000;
  const until = askedAt + lifetimeMs - Math.min(MARGIN_MS, lifetimeMs * MARGIN_SHARE);
  return { presented: { headers: { Authorization: `Bearer ${token}` } }, until };
}

/** Waits for a token no longer than one caller does. The fetch goes on for the others. */
function within(
  { deadline, signal }: FetchLimits,
  fetching: Promise<Presented>,
  { register, clock }: Pick<Oauth2Options, 'register' | 'clock'>,
): Promise<Presented> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      end();
      reject(RegisterFailure.cancelled(register));
    };
    const onDeadline = (): void => {
      end();
      reject(new RegisterFailure(register, 'deadline'));
    };
    const timer = setTimeout(onDeadline, deadline - clock.monotonic());
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    fetching.then(resolve, reject).finally(end);
  });
}

/** What went wrong at the token server, as a failure of the register's call. It holds nothing that the server said. */
function failureOf(register: string, error: unknown, clock: Clock): RegisterFailure {
  const busy = causeOf(error, TokenServerBusy);
  if (busy !== undefined) {
    const afterMs = retryAfterMs(busy.retryAfter, clock.now());
    return new RegisterFailure(register, 'overloaded', { retryAfterMs: afterMs });
  }
  const failure = causeOf(error, HttpFailure);
  if (failure === undefined || failure.kind === 'not_http' || failure.kind === 'too_large')
    return new RegisterFailure(register, 'token_refused');
  if (failure.kind === 'timeout' && failure.code === undefined) return new RegisterFailure(register, 'deadline');
  return new RegisterFailure(register, connectionReason(failure.code), { cause: failure.code });
}
