import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { decodeJwt, importJWK, type CryptoKey } from 'jose';
import * as oidc from 'openid-client';
import { generateCountry } from '../../../demo/country/country.js';
import { APPEAL_FAMILY } from '../../../demo/country/people.js';
import type { AgencyClientId } from '../../../demo/issuer/clients.js';
import { issuerKeys, type IssuerKeys } from '../../../demo/issuer/keys.js';
import { startIssuer } from '../../../demo/issuer/start-issuer.js';
import type { Listener } from '../../../demo/registers/listener.js';
import { Browser } from './browser.js';

const AUDIENCE = 'http://127.0.0.1:4000/graphql';
const REDIRECT = 'http://127.0.0.1:49152/callback';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const DETAILS = [{ type: 'tereze_access', purpose: 'appeal_review' }];

describe('the exchange of tokens at the issuer', function () {
  this.timeout(30_000);
  let directory: string;
  let keys: IssuerKeys;
  let listener: Listener;
  let officer: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-exchange-'));
    keys = await issuerKeys(join(directory, 'keys.json'));
    listener = await startIssuer({
      host: '127.0.0.1',
      port: 0,
      audience: AUDIENCE,
      officers: 'http://127.0.0.1:4125',
      keys,
      persons: generateCountry().persons,
    });
    officer = await signedIn('officers-desk', { officer: 'officer-appeals-1' });
  });
  after(async () => {
    await listener.close();
    await rm(directory, { recursive: true });
  });

  const discover = (client: string, authentication: oidc.ClientAuth): Promise<oidc.Configuration> =>
    oidc.discovery(new URL(`http://127.0.0.1:${listener.port}`), client, undefined, authentication, {
      algorithm: 'oauth2',
      execute: [oidc.allowInsecureRequests],
    });
  const dpop = async (configuration: oidc.Configuration): Promise<oidc.DPoPHandle> =>
    oidc.getDPoPHandle(configuration, await oidc.randomDPoPKeyPair('ES256'));

  async function signedIn(client: string, choice: Readonly<Record<string, string>>): Promise<string> {
    const configuration = await discover(client, oidc.None());
    const verifier = oidc.randomPKCECodeVerifier();
    const start = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: REDIRECT,
      scope: 'openid',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      resource: AUDIENCE,
    });
    const callback = (await new Browser().signIn(start, REDIRECT, choice)) ?? expect.fail('no sign-in');
    const DPoP = await dpop(configuration);
    return (
      await oidc.authorizationCodeGrant(
        configuration,
        callback,
        { pkceCodeVerifier: verifier },
        { resource: AUDIENCE },
        { DPoP },
      )
    ).access_token;
  }

  async function exchange(
    client: AgencyClientId,
    token: string,
    changes: Readonly<Record<string, string>> = {},
    options: { readonly proves?: boolean } = {},
  ): Promise<oidc.TokenEndpointResponse> {
    const key = (await importJWK(keys.clients[client], 'ES256')) as CryptoKey;
    const configuration = await discover(client, oidc.PrivateKeyJwt({ key, kid: keys.clients[client].kid ?? '' }));
    const parameters = { subject_token: token, subject_token_type: ACCESS_TOKEN, resource: AUDIENCE };
    return oidc.genericGrantRequest(
      configuration,
      EXCHANGE,
      { ...parameters, authorization_details: JSON.stringify(DETAILS), ...changes },
      options.proves === false ? {} : { DPoP: await dpop(configuration) },
    );
  }

  const refusal = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'none',
      (error: unknown) => (error instanceof oidc.ResponseBodyError ? error.error : String(error)),
    );

  it('gives an AI service a token of the officer that says who acts, without the officer’s number', async () => {
    const { access_token: token, ...rest } = await exchange('appeals-ai', officer);
    expect(rest).to.include({ issued_token_type: ACCESS_TOKEN, token_type: 'dpop' });
    const claims = decodeJwt(token);
    expect(claims).to.deep.include({
      sub: 'officer-appeals-1',
      client_id: 'appeals-ai',
      aud: AUDIENCE,
      act: { sub: 'appeals-ai' },
      authorization_details: DETAILS,
    });
    expect(claims).to.have.nested.property('cnf.jkt').that.is.a('string');
    expect(claims).to.not.have.property('iin');
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).to.equal(300);
  });

  it('gives no one else’s token, and none to a client of another kind', async () => {
    const citizen = await signedIn('citizen-window', { iin: APPEAL_FAMILY.applicant.iin });
    expect(await refusal(exchange('appeals-ai', citizen))).to.equal('invalid_request');
    expect(await refusal(exchange('appeals', officer))).to.equal('invalid_request');
    const { access_token: own } = await exchange('appeals-ai', officer);
    expect(await refusal(exchange('appeals-ai', own))).to.equal('invalid_request');
  });

  it('refuses what is no token of this issuer, of another form, for another purpose, or without proof', async () => {
    const [head = '', body = '', signature = ''] = officer.split('.');
    const forged = [head, body, [...signature].reverse().join('')].join('.');
    for (const token of ['', 'x', forged])
      expect(await refusal(exchange('appeals-ai', token))).to.equal('invalid_request');
    const type = { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' };
    expect(await refusal(exchange('appeals-ai', officer, type))).to.equal('invalid_request');
    const curious = { authorization_details: JSON.stringify([{ type: 'tereze_access', purpose: 'housing_queue' }]) };
    expect(await refusal(exchange('appeals-ai', officer, curious))).to.equal('invalid_authorization_details');
    expect(await refusal(exchange('appeals-ai', officer, {}, { proves: false }))).to.equal('invalid_dpop_proof');
  });
});
