import type { Credentials, Presented } from './port.js';

/** Returns credentials that stay the same until the configuration is read again. A 401 has no second try. */
export function fixedCredentials(presented: Presented): Credentials {
  return {
    fixed: presented,
    current: () => presented,
    fetch: async () => presented,
    refused: () => false,
    close: () => undefined,
  };
}

/** For registers that ask for nothing. */
export const NO_CREDENTIALS: Credentials = fixedCredentials({ headers: {} });

/** Returns the header of name and password (RFC 7617, section 2), in UTF-8. */
export function basicHeader(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}
