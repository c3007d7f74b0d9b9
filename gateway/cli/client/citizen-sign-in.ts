import { accessWith, authorizationDetails, type Access } from './access.js';
import type { ClientProfile } from './profile.js';
import { signIn } from './sign-in.js';

/** The registered client through which citizens sign in. */
export const CITIZENS_CLIENT = 'citizen-window';

/**
 * Signs a citizen in at the issuer and returns their access to the gateway.
 *
 * @param acr how the issuer is to authenticate the citizen (`acr_values`); as it likes if not given.
 */
export async function accessForCitizen(profile: ClientProfile, iin: string, acr?: string): Promise<Access> {
  const { configuration, token, proof } = await signIn(
    profile,
    { iin },
    {
      authorization_details: authorizationDetails({ purpose: 'own_data' }),
      ...(acr === undefined ? {} : { acr_values: acr }),
    },
  );
  return accessWith(configuration, profile, token, proof);
}
