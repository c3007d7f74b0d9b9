import { isLoopback } from '../loopback.js';
import type { ConfigRule, RuleBreach } from './rule.js';

/**
 * In `production` issuers, their keys and the gateway’s own addresses are https and not this machine.
 */
export const productionAddresses: ConfigRule = ({ environment, authentication, server }) => {
  if (environment !== 'production') return [];
  const issuers = authentication.issuers.flatMap(({ issuer, jwks_uri }, position) => [
    ...unlessPublic(issuer, ['authentication', 'issuers', position, 'issuer']),
    ...unlessPublic(jwks_uri, ['authentication', 'issuers', position, 'jwks_uri']),
  ]);
  const others = (['audit', 'log'] as const).flatMap((name) => {
    const url = server[name]?.public_url;
    return url === undefined ? [] : unlessPublic(url, ['server', name, 'public_url']);
  });
  return [...issuers, ...unlessPublic(server.public_url, ['server', 'public_url']), ...others];
};

function unlessPublic(text: string, path: RuleBreach['path']): readonly RuleBreach[] {
  const url = new URL(text);
  if (url.protocol !== 'https:') return [{ path, problem: 'must be https in `environment: production`' }];
  return isLoopback(url.hostname)
    ? [{ path, problem: 'must not be a loopback address in `environment: production`' }]
    : [];
}
