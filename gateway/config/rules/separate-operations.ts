import { isLoopback } from '../loopback.js';
import type { Config } from '../schema.js';
import type { RuleBreach } from './rule.js';

/** Callers and operations are two addresses: metrics never share the callers' port. */
export const separateOperations = ({
  server,
}: {
  readonly server: Pick<Config['server'], 'host' | 'port' | 'operations'>;
}): readonly RuleBreach[] => {
  const isShared = server.port !== 0 && server.port === server.operations.port;
  const overlaps =
    server.host === server.operations.host || !isLoopback(server.host) || !isLoopback(server.operations.host);
  return isShared && overlaps
    ? [{ path: ['server', 'operations', 'port'], problem: 'must differ from server.port' }]
    : [];
};
