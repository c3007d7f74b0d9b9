import { isLoopback } from '../loopback.js';
import type { ConfigRule } from './rule.js';

/**
 * Tokens for the identity process are good nowhere else, and its address is https and not this machine in `production`.
 */
export const separateIdentity: ConfigRule = ({ environment, audit, authentication, officers }) => {
  const server = audit.identity === 'none' ? undefined : audit.identity?.server;
  if (server === undefined) return [];
  const path = ['audit', 'identity', 'server'];
  const { protocol, hostname } = new URL(server.public_url);
  return [
    ...([authentication.audience, officers.audience].includes(server.audience)
      ? [{ path: [...path, 'audience'], problem: 'must be another than that of callers and of officers' }]
      : []),
    ...(environment === 'production' && (protocol !== 'https:' || isLoopback(hostname))
      ? [
          {
            path: [...path, 'public_url'],
            problem: 'must be https and not a loopback address in `environment: production`',
          },
        ]
      : []),
  ];
};

/** After a breach the people affected must be told. In `production` the file says whether that will be possible. */
export const statedIdentity: ConfigRule = ({ environment, audit }) =>
  environment === 'production' && audit.identity === undefined
    ? [
        {
          path: ['audit', 'identity'],
          problem:
            'is missing: in `environment: production` name recipients, so that people can be found from entries, or say `none`',
        },
      ]
    : [];
