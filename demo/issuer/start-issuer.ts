import type { Listener } from '../registers/listener.js';
import type { IssuerOptions } from './issuer.js';

/**
 * Loads and starts the issuer. `oidc-provider` warns on being loaded by Node 20, for which it
 * promises no support; Tereze's tests run it there, so that one line is kept from the terminal.
 */
export async function startIssuer(options: IssuerOptions): Promise<Listener> {
  const { serveIssuer } = await withoutWarning(UNSUPPORTED_RUNTIME, () => import('./issuer.js'));
  return serveIssuer(options);
}

/** What `oidc-provider` prints when it is loaded by Node 20. */
export const UNSUPPORTED_RUNTIME = /^oidc-provider WARNING: Unsupported runtime/;

/** Does the work, and keeps the warning that is expected from the terminal. */
export async function withoutWarning<T>(expected: RegExp, work: () => Promise<T>): Promise<T> {
  const warn = console.warn;
  console.warn = (...words: unknown[]) => {
    if (!expected.test(String(words[0]))) warn(...words);
  };
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}
