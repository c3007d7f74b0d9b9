import { join } from 'node:path';
import {
  AGENCY_CLIENT_IDS,
  AGENCY_CLIENTS,
  CITIZEN_CLIENT,
  CITIZEN_PURPOSES,
  CITIZEN_REDIRECT_URI,
} from './issuer/clients.js';
import type { IssuerKeys } from './issuer/keys.js';
import { writePrivate } from './secrets.js';

export interface ProfileFacts {
  readonly issuer: string;
  /** Public address of the gateway. */
  readonly gateway: string;
  readonly audience: string;
}

/** Writes `<client>.json` for each registered client: what `tereze ask --as CLIENT` needs, the private key included. */
export async function writeClientProfiles(directory: string, facts: ProfileFacts, keys: IssuerKeys): Promise<void> {
  const systems = AGENCY_CLIENT_IDS.map((id) => {
    const { agency, purposes } = AGENCY_CLIENTS[id];
    return { client_id: id, ...facts, agency, purposes, private_key_jwk: keys.clients[id] };
  });
  const window = {
    client_id: CITIZEN_CLIENT,
    ...facts,
    purposes: CITIZEN_PURPOSES,
    redirect_uri: CITIZEN_REDIRECT_URI,
  };
  await Promise.all(
    [...systems, window].map((profile) =>
      writePrivate(join(directory, `${profile.client_id}.json`), `${JSON.stringify(profile, undefined, 2)}\n`),
    ),
  );
}
