import type { Config } from '../schema.js';
import type { RuleBreach } from './rule.js';

/** A share of a limit is not larger than the limit; otherwise it would never be reached. */
export const connectionLimits = ({
  server: { limits },
}: {
  readonly server: Pick<Config['server'], 'limits'>;
}): readonly RuleBreach[] => [
  ...(limits.unauthenticated_connections > limits.connections
    ? [
        {
          path: ['server', 'limits', 'unauthenticated_connections'],
          problem: 'must not exceed server.limits.connections',
        },
      ]
    : []),
  ...(limits.unauthenticated_connections_per_source > limits.unauthenticated_connections
    ? [
        {
          path: ['server', 'limits', 'unauthenticated_connections_per_source'],
          problem: 'must not exceed server.limits.unauthenticated_connections',
        },
      ]
    : []),
];
