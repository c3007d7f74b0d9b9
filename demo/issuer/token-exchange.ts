import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  decodeProtectedHeader,
  EmbeddedJWK,
  jwtVerify,
  type JWK,
  type JWTPayload,
} from 'jose';
import {
  errors,
  type AuthorizationDetail,
  type TokenEndpointGrantContext,
  type default as Provider,
} from 'oidc-provider';
import { CASE_OFFICERS, DESK_CLIENT, type CaseOfficer } from './case-officers.js';
import { AGENCY_CLIENTS } from './clients.js';

/** The grant type of RFC 8693, section 2.1. */
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
/** What such a grant is called in the tokens that come of it. */
export const EXCHANGED = 'token_exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const PARAMETERS = ['subject_token', 'subject_token_type', 'requested_token_type', 'resource', 'authorization_details'];
/** How old a proof may be, in seconds. */
const PROOF_SECONDS = 60;

interface Exchange {
  readonly subject_token?: string;
  readonly subject_token_type?: string;
  readonly requested_token_type?: string;
  readonly authorization_details?: string;
}

export interface ExchangeOptions {
  /** The resource of systems and citizens: for it the officer's token is, and the one that is given for it. */
  readonly audience: string;
  /** The issuer's signing key, public. */
  readonly key: JWK;
}

/**
 * Adds the exchange of tokens (RFC 8693) for AI services: with the access token of an officer of the same agency who is
 * signed in, the client gets a token whose `sub` is the officer and whose `act.sub` is the client. It is bound to the
 * client's key by DPoP.
 */
export function addTokenExchange(provider: Provider, options: ExchangeOptions): void {
  const keys = createLocalJWKSet({ keys: [options.key] });
  provider.registerGrantType<Exchange>(
    TOKEN_EXCHANGE,
    async (context) => {
      const { client, params } = context.oidc;
      if (params.subject_token_type !== ACCESS_TOKEN || (params.requested_token_type ?? ACCESS_TOKEN) !== ACCESS_TOKEN)
        throw new errors.InvalidRequest('only access tokens are exchanged');
      const { payload } = await jwtVerify(params.subject_token ?? '', keys, {
        issuer: provider.issuer,
        audience: options.audience,
        typ: 'at+jwt',
      }).catch(() => {
        throw new errors.InvalidRequest('subject_token is no valid token of this issuer');
      });
      const officer = officerFor(client.clientId, payload);
      const token = new provider.AccessToken({
        client,
        accountId: officer.subject,
        grantId: '',
        gty: EXCHANGED,
        ...detailsOf(params),
      });
      token.resourceServer = new provider.ResourceServer(options.audience, {
        scope: '',
        audience: options.audience,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      });
      token.setThumbprint('jkt', await provenKey(provider, context));
      context.oidc.entity('AccessToken', token);
      context.body = {
        access_token: await token.save(),
        issued_token_type: ACCESS_TOKEN,
        token_type: 'DPoP',
        expires_in: token.expiration,
      };
    },
    PARAMETERS,
  );
}

/** Returns the officer of a token of the desk, if the client is of the same agency. */
function officerFor(clientId: string, { sub, client_id: signedInThrough }: JWTPayload): CaseOfficer {
  const agency = Object.entries(AGENCY_CLIENTS).find(([id]) => id === clientId)?.[1].agency;
  const officer = CASE_OFFICERS.find(({ subject }) => subject === sub);
  if (signedInThrough !== DESK_CLIENT || officer === undefined || officer.agency !== agency)
    throw new errors.InvalidRequest('subject_token is not that of an officer of the same agency');
  return officer;
}

/** The details of this request, which the provider has checked one by one. */
function detailsOf({ authorization_details: text }: Exchange): { readonly rar?: AuthorizationDetail[] } {
  return text === undefined ? {} : { rar: JSON.parse(text) as AuthorizationDetail[] };
}

/** Returns the thumbprint of the key that a DPoP proof of this request proves (RFC 9449, section 4.3). */
async function provenKey(provider: Provider, context: TokenEndpointGrantContext<Exchange>): Promise<string> {
  const proof = context.get('DPoP');
  const invalid = (): never => {
    throw new errors.InvalidDpopProof('a valid DPoP proof is needed');
  };
  const { payload } = await jwtVerify(proof, EmbeddedJWK, {
    typ: 'dpop+jwt',
    algorithms: ['ES256'],
    maxTokenAge: PROOF_SECONDS,
  }).catch(invalid);
  const { htm, htu, jti } = payload;
  if (htm !== 'POST' || htu !== `${provider.issuer}${context.path}` || typeof jti !== 'string') return invalid();
  const until = Math.floor(Date.now() / 1000) + PROOF_SECONDS;
  if (!(await provider.ReplayDetection.unique(context.oidc.client.clientId, jti, until))) return invalid();
  return calculateJwkThumbprint(decodeProtectedHeader(proof).jwk as JWK);
}
