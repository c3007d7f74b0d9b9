import { RegisterFailure } from '../port.js';
import type { Credentials, FetchLimits, Presented } from './port.js';

/**
 * Sends a message with the gateway's credentials. If the register answers 401 and there may be newer credentials, the
 * message is sent once more with them. `send` takes a message of its own from `calls` each time, so that both are
 * numbered and recorded. Fails like `send`, and like `Credentials.fetch`.
 */
export function withCredentials<Answer>(
  credentials: Credentials,
  limits: FetchLimits,
  send: (presented: Presented) => Promise<Answer>,
): Promise<Answer> {
  const { fixed } = credentials;
  // Mostly nothing changes, and then nothing waits for it.
  return fixed === undefined ? withChanging(credentials, limits, send) : send(fixed);
}

async function withChanging<Answer>(
  credentials: Credentials,
  limits: FetchLimits,
  send: (presented: Presented) => Promise<Answer>,
): Promise<Answer> {
  const presented = credentials.current() ?? (await credentials.fetch(limits));
  try {
    return await send(presented);
  } catch (error) {
    if (!isRefusal(error) || !credentials.refused(presented)) throw error;
    return send(credentials.current() ?? (await credentials.fetch(limits)));
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof RegisterFailure && error.reason === 'credentials_refused';
}

/** Returns an address with the parameter that carries a key. Without one it is the same address. */
export function presentedUrl(url: URL, { query }: Presented): URL {
  if (query === undefined) return url;
  const { name, value } = query;
  const keyed = new URL(url);
  const parameter = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  keyed.search = keyed.search === '' ? parameter : `${keyed.search}&${parameter}`;
  return keyed;
}
