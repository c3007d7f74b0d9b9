import { isLoopback } from '../loopback.js';
import type { ConfigRule, RuleBreach } from './rule.js';

/**
 * In `production` a database that went back in time must be noticed, so there is a place for the head, and a store
 * is https, or on this machine, and knows who writes. A certificate and its key are named together everywhere.
 */
export const anchorPlaces: ConfigRule = ({ environment, state: { anchor } }) => {
  const none =
    environment === 'production' && Object.keys(anchor).length === 0
      ? [
          {
            path: ['state', 'anchor'],
            problem: 'needs at least one place in `environment: production`: a directory or a store off the database',
          },
        ]
      : [];
  return [...none, ...Object.entries(anchor).flatMap(([name, place]) => placeBreaches(name, place, environment))];
};

function placeBreaches(
  name: string,
  place: Parameters<ConfigRule>[0]['state']['anchor'][string],
  environment: string,
): readonly RuleBreach[] {
  if (place.kind !== 'http') return [];
  const breach = (key: string, problem: string): RuleBreach => ({ path: ['state', 'anchor', name, key], problem });
  const { client_certificate_file: certificate, client_key_file: key, bearer_file: bearer } = place;
  const { protocol, hostname } = new URL(place.url);
  return [
    ...(certificate !== undefined && key === undefined
      ? [breach('client_key_file', 'is missing: a certificate needs its private key')]
      : []),
    ...(certificate === undefined && key !== undefined
      ? [breach('client_certificate_file', 'is missing: a private key needs its certificate')]
      : []),
    ...(environment === 'production' && protocol !== 'https:' && !isLoopback(hostname)
      ? [breach('url', 'must be https, or on a loopback address, in `environment: production`')]
      : []),
    ...(environment === 'production' && bearer === undefined && certificate === undefined
      ? [
          breach(
            'bearer_file',
            'is missing: in `environment: production` a store must know who writes (or client_certificate_file)',
          ),
        ]
      : []),
  ];
}
