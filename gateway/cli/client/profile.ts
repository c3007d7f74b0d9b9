import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { z } from 'zod';
import { CommandFailure } from '../command-failure.js';

const profileSchema = z.strictObject({
  client_id: z.string(),
  /** Issuer identifier (RFC 8414). */
  issuer: z.url(),
  /** Public address of the gateway, without path. */
  gateway: z.url(),
  /** Resource indicator (RFC 8707) for which tokens are asked. */
  audience: z.string(),
  /** Private key for private_key_jwt; absent for the citizens' public client. */
  private_key_jwk: z.record(z.string(), z.unknown()).optional(),
  purposes: z.array(z.string()).default([]),
  /** Agency that leads this client's cases. */
  agency: z.string().optional(),
  redirect_uri: z.string().optional(),
  /** The client through which the officers sign in that this one acts for. Its profile lies in the same folder. */
  desk: z.string().optional(),
  /** The officer that it acts for if no one else is named. */
  officer: z.string().optional(),
});

/** How one registered client reaches issuer and gateway. */
export interface ClientProfile {
  readonly clientId: string;
  readonly issuer: string;
  readonly gateway: string;
  readonly audience: string;
  readonly privateKey: JWK | undefined;
  readonly purposes: readonly string[];
  readonly agency: string | undefined;
  readonly redirectUri: string | undefined;
  /** Undefined for a client that acts for itself. */
  readonly desk?: string | undefined;
  readonly officer?: string | undefined;
}

/** Where profiles lie: `TEREZE_CLIENTS`, else the demo's under the working directory. */
export function profileDirectory(environment: NodeJS.ProcessEnv): string {
  return environment['TEREZE_CLIENTS'] ?? join(process.cwd(), '.tereze', 'demo', 'clients');
}

/** Reads `<directory>/<client>.json`. */
export async function readProfile(client: string, directory: string): Promise<ClientProfile> {
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(client)) throw new CommandFailure('usage', `"${client}" is not a client's name`);
  const parsed = profileSchema.parse(JSON.parse(await readProfileText(client, directory)));
  return {
    clientId: parsed.client_id,
    issuer: parsed.issuer,
    gateway: parsed.gateway,
    audience: parsed.audience,
    privateKey: parsed.private_key_jwk as JWK | undefined,
    purposes: parsed.purposes,
    agency: parsed.agency,
    redirectUri: parsed.redirect_uri,
    desk: parsed.desk,
    officer: parsed.officer,
  };
}

async function readProfileText(client: string, directory: string): Promise<string> {
  try {
    return await readFile(join(directory, `${client}.json`), 'utf8');
  } catch {
    throw new CommandFailure(
      'usage',
      `no profile of a client "${client}" in ${directory}`,
      'Start the demo with `npm start`, or set TEREZE_CLIENTS to the folder of your profiles.',
    );
  }
}
