import * as oidc from 'openid-client';
import { CommandFailure } from '../command-failure.js';
import {
  accessForSystem,
  accessWith,
  authorizationDetails,
  discover,
  tokenOf,
  type Access,
  type AccessRequest,
} from './access.js';
import { readProfile, type ClientProfile } from './profile.js';
import { signIn } from './sign-in.js';

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

export interface ClientOptions {
  /** Folder of the profiles. */
  readonly directory: string;
  /** The officer that the client acts for; the one of its profile if not given. */
  readonly officer?: string | undefined;
}

/**
 * Returns the access of a registered client: for itself; or, if its profile names a desk, for an officer who signs in
 * there, by an exchange of the officer's token (RFC 8693).
 */
export async function accessOfClient(
  profile: ClientProfile,
  request: AccessRequest,
  { directory, officer = profile.officer }: ClientOptions,
): Promise<Access> {
  const { desk, clientId } = profile;
  if (desk === undefined) {
    if (officer !== undefined) throw new CommandFailure('usage', `"${clientId}" acts for no officer`);
    return accessForSystem(profile, request);
  }
  if (officer === undefined)
    throw new CommandFailure('usage', `say for which officer "${clientId}" asks: --officer ID`);
  const signedIn = await signIn(await readProfile(desk, directory), { officer }, {});
  const configuration = await discover(profile);
  const proof = oidc.getDPoPHandle(configuration, await oidc.randomDPoPKeyPair('ES256'));
  const grant = oidc.genericGrantRequest(
    configuration,
    TOKEN_EXCHANGE,
    {
      subject_token: signedIn.token,
      subject_token_type: ACCESS_TOKEN,
      resource: profile.audience,
      authorization_details: authorizationDetails(request),
    },
    { DPoP: proof },
  );
  return accessWith(configuration, profile, await tokenOf(grant), proof);
}
