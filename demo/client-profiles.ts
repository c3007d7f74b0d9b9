import { join } from 'node:path';
import {
  AGENCY_CLIENT_IDS,
  AGENCY_CLIENTS,
  CITIZEN_CLIENT,
  CITIZEN_PURPOSES,
  CITIZEN_REDIRECT_URI,
} from './issuer/clients.js';
import { CASE_OFFICERS, DESK_CLIENT, DESK_REDIRECT_URI } from './issuer/case-officers.js';
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
    const { kind, agency, purposes } = AGENCY_CLIENTS[id];
    const officer = CASE_OFFICERS.find((one) => one.agency === agency)?.subject;
    const desk = kind === 'ai' ? { desk: DESK_CLIENT, officer } : {};
    return { client_id: id, ...facts, agency, purposes, ...desk, private_key_jwk: keys.clients[id] };
  });
  const window = {
    client_id: CITIZEN_CLIENT,
    ...facts,
    purposes: CITIZEN_PURPOSES,
    redirect_uri: CITIZEN_REDIRECT_URI,
  };
  const desk = { client_id: DESK_CLIENT, ...facts, redirect_uri: DESK_REDIRECT_URI };
  await Promise.all(
    [...systems, window, desk].map((profile) =>
      writePrivate(join(directory, `${profile.client_id}.json`), `${JSON.stringify(profile, undefined, 2)}\n`),
    ),
  );
}
