import { isLoopback } from '../loopback.js';
import type { ConfigRule } from './rule.js';

/** Outside `production`, plain http is for keys and issuers on this machine only. */
export const insecureIssuers: ConfigRule = ({ environment, authentication }) => {
  if (environment === 'production') return [];
  return authentication.issuers.flatMap((issuer, position) =>
    (['issuer', 'jwks_uri'] as const)
      .filter((key) => isInsecure(issuer[key]))
      .map((key) => ({
        path: ['authentication', 'issuers', position, key],
        problem: 'must be https, or http on a loopback address',
      })),
  );
};

function isInsecure(text: string): boolean {
  const { protocol, hostname } = new URL(text);
  return protocol !== 'https:' && !isLoopback(hostname);
}
