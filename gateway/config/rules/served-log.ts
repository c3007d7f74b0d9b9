import { isLoopback } from '../loopback.js';
import type { ConfigRule } from './rule.js';

/** The log is served at an address of its own, and there is something to serve: signed checkpoints. */
export const servedLog: ConfigRule = ({ server, audit }) => {
  const { log } = server;
  if (log === undefined) return [];
  const others = [
    { name: 'server.port', host: server.host, port: server.port },
    { name: 'server.operations.port', ...server.operations },
  ];
  const shared = others.find(
    ({ host, port }) =>
      port !== 0 && port === log.port && (host === log.host || !isLoopback(host) || !isLoopback(log.host)),
  );
  return [
    ...(shared === undefined ? [] : [{ path: ['server', 'log', 'port'], problem: `must differ from ${shared.name}` }]),
    ...(audit.key_file === undefined
      ? [{ path: ['server', 'log'], problem: 'serves signed checkpoints: name the key in audit.key_file' }]
      : []),
  ];
};
