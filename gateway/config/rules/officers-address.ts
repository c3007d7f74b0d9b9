import { isLoopback } from '../loopback.js';
import type { ConfigRule, RuleBreach } from './rule.js';

/**
 * An address for officers needs tokens of its own: another audience than that of callers, and at least one client. It
 * shares no port with the other addresses.
 */
export const officersAddress: ConfigRule = ({ server, officers, authentication }) => {
  const { audit } = server;
  const isSame = officers.audience !== undefined && officers.audience === authentication.audience;
  const ofAudience: readonly RuleBreach[] = isSame
    ? [{ path: ['officers', 'audience'], problem: 'must differ from authentication.audience' }]
    : [];
  if (audit === undefined) return ofAudience;
  const others = [
    ['server.port', server],
    ['server.operations.port', server.operations],
    ...(server.log === undefined ? [] : [['server.log.port', server.log] as const]),
  ] as const;
  return [
    ...ofAudience,
    ...(officers.audience === undefined
      ? [{ path: ['officers', 'audience'], problem: 'is missing: server.audit takes tokens for this audience only' }]
      : []),
    ...(officers.clients.length === 0
      ? [{ path: ['officers', 'clients'], problem: 'is missing: with server.audit, officers sign in through a client' }]
      : []),
    ...(officers.cli_client === undefined || officers.clients.includes(officers.cli_client)
      ? []
      : [{ path: ['officers', 'cli_client'], problem: 'is none of officers.clients' }]),
    ...others
      .filter(([, other]) => areOne(audit, other))
      .map(([name]) => ({ path: ['server', 'audit', 'port'], problem: `must differ from ${name}` })),
  ];
};

interface Place {
  readonly host: string;
  readonly port: number;
}

function areOne(one: Place, other: Place): boolean {
  if (one.port === 0 || one.port !== other.port) return false;
  return one.host === other.host || !isLoopback(one.host) || !isLoopback(other.host);
}
