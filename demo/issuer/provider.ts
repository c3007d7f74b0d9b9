import Provider, {
  errors,
  type AuthorizationDetail,
  type Configuration,
  type KoaContextWithOIDC,
  type RichAuthorizationRequestsActiveConfiguration,
} from 'oidc-provider';
import { DETAILS_TYPE, refusalOf } from './authorization-details.js';
import { DESK_CLIENT, DESK_REDIRECT_URI } from './case-officers.js';
import { AGENCY_CLIENT_IDS, AGENCY_CLIENTS, CITIZEN_CLIENT, CITIZEN_REDIRECT_URI, purposesOf } from './clients.js';
import { publicHalf, type IssuerKeys } from './keys.js';
import {
  OFFICER_CLI_CLIENT,
  OFFICER_CLI_REDIRECT_URI,
  OFFICER_CLIENTS,
  OFFICER_PAGE_CLIENT,
  OFFICER_PAGE_PATHS,
  OFFICERS_PATH,
} from './officers.js';
import { PLAYED_ASSURANCE } from './played-assurance.js';
import { SIGN_IN_PATH } from './sign-in.js';
import type { SignInLists } from './sign-in-list.js';
import { signedOutPage, signOutPage } from './sign-in-page.js';
import type { IssuerStore } from './store.js';
import { addTokenExchange, EXCHANGED, TOKEN_EXCHANGE } from './token-exchange.js';

const ACCESS_TOKEN_SECONDS = 300;
/** Officers work longer than a question takes, and nothing renews their tokens. */
const OFFICER_TOKEN_SECONDS = 1_800;
const SIGN_IN_SECONDS = 600;
const ALGORITHM = 'ES256' as const;

/** For what tokens are issued. */
export interface IssuerResources {
  /** The resource of systems and citizens. */
  readonly audience: string;
  /** Origin of the officers’ address. */
  readonly officers: string;
}

/**
 * The authorization server: client credentials with private_key_jwt for systems, authorization code
 * with PKCE for citizens and officers; access tokens of RFC 9068, bound by DPoP, for one audience, with
 * the authorization details exactly as they were asked for and allowed. An officer’s client gets tokens
 * for the officers’ address, any other for the gateway, and neither for both.
 */
export function issuerProvider(
  issuer: string,
  resources: IssuerResources,
  keys: IssuerKeys,
  lists: SignInLists,
  store: IssuerStore,
): Provider {
  const configuration: Configuration = {
    adapter: (model: string) => store.adapterFor(model),
    jwks: { keys: [keys.signing] },
    cookies: { keys: [keys.cookieKey] },
    clients: clients(keys, resources),
    clientDefaults: { id_token_signed_response_alg: ALGORITHM },
    enabledJWA: {
      idTokenSigningAlgValues: [ALGORITHM],
      clientAuthSigningAlgValues: [ALGORITHM],
      dPoPSigningAlgValues: [ALGORITHM],
    },
    scopes: [],
    pkce: { required: () => true },
    ttl: {
      AccessToken: (_context, token) => token.resourceServer?.accessTokenTTL ?? ACCESS_TOKEN_SECONDS,
      ClientCredentials: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: 60,
      Interaction: SIGN_IN_SECONDS,
      Session: SIGN_IN_SECONDS,
      Grant: SIGN_IN_SECONDS,
      IdToken: SIGN_IN_SECONDS,
    },
    interactions: { url: (_context, interaction) => `${SIGN_IN_PATH}${interaction.uid}` },
    findAccount: (_context, accountId) =>
      lists.iinOf(accountId) === undefined ? undefined : { accountId, claims: () => ({ sub: accountId }) },
    acrValues: Object.keys(PLAYED_ASSURANCE),
    extraTokenClaims: (context, token) => {
      if (token.kind !== 'AccessToken') return undefined;
      // Who acts (RFC 8693, section 4.1). The number of the officer is nothing that the service needs.
      if (token.gty === EXCHANGED) return { act: { sub: token.clientId } };
      const iin = lists.iinOf(token.accountId);
      return iin === undefined ? undefined : { iin, acr: context.oidc.entities.AuthorizationCode?.acr };
    },
    clientBasedCORS: () => false,
    renderError: (context, { error }) => {
      context.type = 'text/plain';
      context.body = error;
    },
    features: features(resources),
  };
  const provider = new Provider(issuer, configuration);
  addTokenExchange(provider, { audience: resources.audience, key: publicHalf(keys.signing) });
  return provider;
}

function features({ audience, officers }: IssuerResources): NonNullable<Configuration['features']> {
  const resourceOf = (clientId = ''): string =>
    OFFICER_CLIENTS.includes(clientId) ? `${officers}${OFFICERS_PATH}` : audience;
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (context, form) => {
        context.body = signOutPage(form);
      },
      postLogoutSuccessSource: (context) => {
        context.body = signedOutPage();
      },
    },
    pushedAuthorizationRequests: { enabled: true },
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_context, client) => resourceOf(client?.clientId),
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, resource, client) => {
        if (resource !== resourceOf(client.clientId)) throw new errors.InvalidTarget();
        return {
          scope: '',
          audience: resource,
          accessTokenTTL: OFFICER_CLIENTS.includes(client.clientId) ? OFFICER_TOKEN_SECONDS : ACCESS_TOKEN_SECONDS,
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

function clients(keys: IssuerKeys, { officers }: IssuerResources): NonNullable<Configuration['clients']> {
  const systems = AGENCY_CLIENT_IDS.map((id) => ({
    client_id: id,
    grant_types: ['client_credentials', ...(AGENCY_CLIENTS[id].kind === 'ai' ? [TOKEN_EXCHANGE] : [])],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'private_key_jwt' as const,
    token_endpoint_auth_signing_alg: ALGORITHM,
    jwks: { keys: [publicHalf(keys.clients[id])] },
    dpop_bound_access_tokens: true,
    authorization_details_types: [DETAILS_TYPE],
  }));
  const code = {
    grant_types: ['authorization_code'],
    response_types: ['code' as const],
    token_endpoint_auth_method: 'none' as const,
    dpop_bound_access_tokens: true,
  };
  const window = {
    ...code,
    client_id: CITIZEN_CLIENT,
    application_type: 'native' as const,
    redirect_uris: [CITIZEN_REDIRECT_URI],
    authorization_details_types: [DETAILS_TYPE],
  };
  const commandLine = {
    ...code,
    client_id: OFFICER_CLI_CLIENT,
    application_type: 'native' as const,
    redirect_uris: [OFFICER_CLI_REDIRECT_URI],
  };
  const page = {
    ...code,
    client_id: OFFICER_PAGE_CLIENT,
    redirect_uris: [`${officers}${OFFICER_PAGE_PATHS.signedIn}`],
    post_logout_redirect_uris: [`${officers}${OFFICER_PAGE_PATHS.signedOut}`],
  };
  const desk = {
    ...code,
    client_id: DESK_CLIENT,
    application_type: 'native' as const,
    redirect_uris: [DESK_REDIRECT_URI],
  };
  return [...systems, window, desk, commandLine, page];
}
