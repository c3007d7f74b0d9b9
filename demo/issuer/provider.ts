import Provider, {
  errors,
  type AuthorizationDetail,
  type Configuration,
  type KoaContextWithOIDC,
  type RichAuthorizationRequestsActiveConfiguration,
} from 'oidc-provider';
import { DETAILS_TYPE, refusalOf } from './authorization-details.js';
import type { Citizens } from './citizens.js';
import { AGENCY_CLIENT_IDS, CITIZEN_CLIENT, CITIZEN_REDIRECT_URI, purposesOf } from './clients.js';
import { publicHalf, type IssuerKeys } from './keys.js';
import { PLAYED_ASSURANCE } from './played-assurance.js';
import { SIGN_IN_PATH } from './sign-in.js';
import { IssuerStore } from './store.js';

const ACCESS_TOKEN_SECONDS = 300;
const SIGN_IN_SECONDS = 600;
const ALGORITHM = 'ES256' as const;

/**
 * The authorization server: client credentials with private_key_jwt for systems, authorization code
 * with PKCE for citizens; access tokens of RFC 9068, bound by DPoP, for one audience, with the
 * authorization details exactly as they were asked for and allowed.
 */
export function issuerProvider(issuer: string, audience: string, keys: IssuerKeys, citizens: Citizens): Provider {
  const store = new IssuerStore();
  const configuration: Configuration = {
    adapter: (model: string) => store.adapterFor(model),
    jwks: { keys: [keys.signing] },
    cookies: { keys: [keys.cookieKey] },
    clients: clients(keys),
    clientDefaults: { id_token_signed_response_alg: ALGORITHM },
    enabledJWA: {
      idTokenSigningAlgValues: [ALGORITHM],
      clientAuthSigningAlgValues: [ALGORITHM],
      dPoPSigningAlgValues: [ALGORITHM],
    },
    scopes: [],
    pkce: { required: () => true },
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      ClientCredentials: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: 60,
      Interaction: SIGN_IN_SECONDS,
      Session: SIGN_IN_SECONDS,
      Grant: SIGN_IN_SECONDS,
      IdToken: SIGN_IN_SECONDS,
    },
    interactions: { url: (_context, interaction) => `${SIGN_IN_PATH}${interaction.uid}` },
    findAccount: (_context, accountId) =>
      citizens.iinOf(accountId) === undefined ? undefined : { accountId, claims: () => ({ sub: accountId }) },
    acrValues: Object.keys(PLAYED_ASSURANCE),
    extraTokenClaims: (context, token) => {
      const iin = token.kind === 'AccessToken' ? citizens.iinOf(token.accountId) : undefined;
      return iin === undefined ? undefined : { iin, acr: context.oidc.entities.AuthorizationCode?.acr };
    },
    clientBasedCORS: () => false,
    renderError: (context, { error }) => {
      context.type = 'text/plain';
      context.body = error;
    },
    features: features(audience),
  };
  return new Provider(issuer, configuration);
}

function features(audience: string): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, resource) => {
        if (resource !== audience) throw new errors.InvalidTarget();
        return {
          scope: '',
          audience,
          accessTokenTTL: ACCESS_TOKEN_SECONDS,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: ALGORITHM } },
        };
      },
    },
    richAuthorizationRequests: richAuthorizationRequests(),
  };
}

function richAuthorizationRequests(): RichAuthorizationRequestsActiveConfiguration {
  return {
    enabled: true,
    types: {
      [DETAILS_TYPE]: {
        validate: (_context, detail, client) => {
          const refusal = refusalOf(detail, purposesOf(client.clientId));
          if (refusal !== undefined) throw new errors.InvalidAuthorizationDetails(refusal);
        },
      },
    },
    authorizationDetailsForGrantSource: (context) => requestedDetails(context),
    authorizationDetailsForAccessToken: (context, _token, source) => source?.rar ?? requestedDetails(context),
  };
}

/** The details of this request, which `validate` has allowed one by one. */
function requestedDetails(context: KoaContextWithOIDC): AuthorizationDetail[] | undefined {
  const text = context.oidc.params?.['authorization_details'];
  return typeof text === 'string' ? (JSON.parse(text) as AuthorizationDetail[]) : undefined;
}

function clients(keys: IssuerKeys): NonNullable<Configuration['clients']> {
  const systems = AGENCY_CLIENT_IDS.map((id) => ({
    client_id: id,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'private_key_jwt' as const,
    token_endpoint_auth_signing_alg: ALGORITHM,
    jwks: { keys: [publicHalf(keys.clients[id])] },
    dpop_bound_access_tokens: true,
    authorization_details_types: [DETAILS_TYPE],
  }));
  const window = {
    client_id: CITIZEN_CLIENT,
    application_type: 'native' as const,
    grant_types: ['authorization_code'],
    response_types: ['code' as const],
    redirect_uris: [CITIZEN_REDIRECT_URI],
    token_endpoint_auth_method: 'none' as const,
    dpop_bound_access_tokens: true,
    authorization_details_types: [DETAILS_TYPE],
  };
  return [...systems, window];
}
