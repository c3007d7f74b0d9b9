import { isLoopback } from '../loopback.js';
import type { ConfigRule, RuleBreach } from './rule.js';

/**
 * In `production` personal data crosses a network encrypted only: registers, case systems and
 * the list of protected people are https, databases TLS with a known authority, unless they (or what encrypts for them) are on this machine.
 */
export const encryptedConnections: ConfigRule = ({ environment, registers, policies }) => {
  if (environment !== 'production') return [];
  const ofRegisters = Object.entries(registers).flatMap(([name, register]) =>
    register.protocol === 'sql'
      ? unlessTls(register, ['registers', name, 'tls_ca_file'])
      : unlessEncrypted(register.url, ['registers', name, 'url']),
  );
  const ofCaseSystems = Object.entries(policies.nexus.sources).flatMap(([agency, { url }]) =>
    unlessEncrypted(url, ['policies', 'nexus', 'sources', agency, 'url']),
  );
  const ofProtection =
    policies.protection === undefined
      ? []
      : unlessEncrypted(policies.protection.url, ['policies', 'protection', 'url']);
  return [...ofRegisters, ...ofCaseSystems, ...ofProtection];
};

function unlessEncrypted(text: string, path: RuleBreach['path']): readonly RuleBreach[] {
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || isLoopback(hostname)
    ? []
    : [{ path, problem: 'must be https, or on a loopback address, in `environment: production`' }];
}

function unlessTls(
  { host, tls_ca_file: authority }: { readonly host: string; readonly tls_ca_file?: string | undefined },
  path: RuleBreach['path'],
): readonly RuleBreach[] {
  return authority !== undefined || isLoopback(host)
    ? []
    : [
        {
          path,
          problem: 'is missing: in `environment: production` a database off this machine is reached by TLS only',
        },
      ];
}
