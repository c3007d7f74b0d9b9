import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { packageRoot } from '../../gateway/state/package-root.js';

/** Loopback ports of a measurement. */
export interface Ports {
  readonly gateway: number;
  readonly operations: number;
  readonly issuer: number;
  readonly persons: number;
  readonly archive: number;
  /** The agency's case system and the list of protected people. */
  readonly agency: number;
}

export const AGENCY = 'bench';
export const CASE = 'BENCH-1';
export const PURPOSE = 'measuring';
export const AUDIENCE = 'urn:bench:gateway';
/** Asks OnePerson, at a steady rate. */
export const STEADY = 'steady';
/** Asks the archive, which never answers. */
export const HANGING = 'hanging';
/** Asks what is refused. */
export const REFUSED = 'refused';
export const TOKEN = 'bench-agency';

/** Writes an installation of the gateway into a folder, and returns its configuration file. */
export function writeInstallation(directory: string, ports: Ports, database: string | undefined): string {
  mkdirSync(directory, { recursive: true });
  cpSync(join(packageRoot(), 'bench', 'crowd', 'installation'), directory, { recursive: true });
  const secret = (name: string, text: string): string => {
    const file = join(directory, name);
    writeFileSync(file, `${text}\n`, { mode: 0o600 });
    return file;
  };
  const apiKey = secret('api.key', 'bench');
  const agency = { url: `http://127.0.0.1:${ports.agency}`, token_file: secret('agency.token', TOKEN) };
  const register = (port: number): object => ({
    protocol: 'rest',
    url: `http://127.0.0.1:${port}`,
    api_key_file: apiKey,
    timeout_ms: 5_000,
  });
  const issuer = `http://127.0.0.1:${ports.issuer}`;
  const config = {
    version: 1,
    environment: 'test',
    jurisdiction: { time_zone: 'UTC' },
    audit: { origin: 'crowd.example/tereze' },
    server: {
      host: '0.0.0.0',
      port: ports.gateway,
      public_url: `http://127.0.0.1:${ports.gateway}`,
      operations: { port: ports.operations },
    },
    supergraph: { directory: join(directory, 'registers') },
    documents: { directory: join(directory, 'operations') },
    database: database === undefined ? { directory: join(directory, 'postgres') } : { url: database },
    authentication: {
      audience: AUDIENCE,
      issuers: [{ issuer, jwks_uri: `${issuer}/jwks`, algorithms: ['ES256'] }],
      agencies: [{ id: AGENCY, bin: '990140000106', name: 'Measurement' }],
      systems: [
        // A rate that does not hide what the crowd does to the answers.
        { client_id: STEADY, kind: 'system', agency: AGENCY },
        { client_id: HANGING, kind: 'system', agency: AGENCY },
        { client_id: REFUSED, kind: 'system', agency: AGENCY },
      ],
    },
    policies: {
      rules: join(directory, 'rules'),
      purposes: join(directory, 'purposes.yaml'),
      secret_file: secret('gateway.secret', randomBytes(48).toString('base64')),
      nexus: { sources: { [AGENCY]: agency } },
      // Numbers that were never issued, as a list of protected people needs them.
      protection: { ...agency, decoys: ['890203399700', '150203699705'] },
    },
    registers: { persons: register(ports.persons), archive: register(ports.archive) },
  };
  const file = join(directory, 'tereze.yaml');
  writeFileSync(file, stringify(config));
  return file;
}
