import type { Protocol } from '../../../adapters/protocol.js';
import { isLoopback } from '../loopback.js';
import type { ConfigRule, RuleBreach } from './rule.js';

/**
 * Returns the rule that in `production` personal data crosses a network encrypted only: registers, token servers, case
 * systems, the list of protected people and sinks of the log are https, databases TLS with a known authority. A loopback address is exempt: the service,
 * or what encrypts for it, is on this machine.
 */
export const encryptedConnections =
  (protocols: readonly Protocol[]): ConfigRule =>
  ({ environment, registers, policies, audit }) => {
    if (environment !== 'production') return [];
    const ofRegisters = Object.entries(registers).flatMap(([name, settings]) => {
      const location = protocols.find((one) => one.name === settings.protocol)?.locationOf(settings);
      if (location === undefined) return [];
      const { isEncrypted, hostname, encryptedBy, tokenServer } = location;
      const ofRegister =
        isEncrypted || isLoopback(hostname)
          ? []
          : [{ path: ['registers', name, encryptedBy], problem: UNENCRYPTED[encryptedBy] }];
      const ofTokenServer =
        tokenServer === undefined
          ? []
          : unlessEncrypted(tokenServer.url, ['registers', name, 'auth', tokenServer.setting]);
      return [...ofRegister, ...ofTokenServer];
    });
    const ofCaseSystems = Object.entries(policies.nexus.sources).flatMap(([agency, { url }]) =>
      unlessEncrypted(url, ['policies', 'nexus', 'sources', agency, 'url']),
    );
    const ofProtection =
      policies.protection === undefined
        ? []
        : unlessEncrypted(policies.protection.url, ['policies', 'protection', 'url']);
    const ofSinks = Object.entries(audit.sinks).flatMap(([name, sink]) =>
      sink.kind === 'https' ? unlessEncrypted(sink.url, ['audit', 'sinks', name, 'url']) : [],
    );
    return [...ofRegisters, ...ofCaseSystems, ...ofProtection, ...ofSinks];
  };

/** The problem, by the setting that would encrypt the connection. */
const UNENCRYPTED = {
  url: 'must be https, or on a loopback address, in `environment: production`',
  tls_ca_file: 'is missing: in `environment: production` a database off this machine is reached by TLS only',
} as const;

function unlessEncrypted(text: string, path: RuleBreach['path']): readonly RuleBreach[] {
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || isLoopback(hostname) ? [] : [{ path, problem: UNENCRYPTED.url }];
}
