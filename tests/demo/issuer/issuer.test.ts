import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { decodeJwt, decodeProtectedHeader, createRemoteJWKSet, importJWK, jwtVerify, type CryptoKey } from 'jose';
import * as oidc from 'openid-client';
import { generateCountry } from '../../../demo/country/country.js';
import { HOUSING_FAMILY, UNKNOWN_NUMBER } from '../../../demo/country/people.js';
import type { AgencyClientId } from '../../../demo/issuer/clients.js';
import { issuerKeys, type IssuerKeys } from '../../../demo/issuer/keys.js';
import { startIssuer } from '../../../demo/issuer/start-issuer.js';
import type { Listener } from '../../../demo/registers/listener.js';
import { Browser } from './browser.js';

const AUDIENCE = 'http://127.0.0.1:4000/graphql';
const OFFICERS = 'http://127.0.0.1:4125';
const REDIRECT = 'http://127.0.0.1:49152/callback';
const details = (purpose: string, more: object = {}): { authorization_details: string } => ({
  authorization_details: JSON.stringify([{ type: 'tereze_access', purpose, ...more }]),
});
const CASE = { case: { agency: 'housing', number: 'HQ-2026-000101' } };

describe('the issuer', () => {
  let directory: string;
  let keys: IssuerKeys;
  let listener: Listener;
  let issuer: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-issuer-'));
    keys = await issuerKeys(join(directory, 'keys.json'));
    listener = await startIssuer({
      host: '127.0.0.1',
      port: 0,
      audience: AUDIENCE,
      officers: OFFICERS,
      keys,
      persons: generateCountry().persons,
    });
    issuer = `http://127.0.0.1:${listener.port}`;
  });
  after(async () => {
    await listener.close();
    await rm(directory, { recursive: true });
  });

  const discover = (client: string, authentication: oidc.ClientAuth): Promise<oidc.Configuration> =>
    oidc.discovery(new URL(issuer), client, undefined, authentication, {
      algorithm: 'oauth2',
      execute: [oidc.allowInsecureRequests],
    });

  async function system(client: AgencyClientId, keyOf: AgencyClientId = client): Promise<oidc.Configuration> {
    const { kid = '' } = keys.clients[keyOf];
    return discover(
      client,
      oidc.PrivateKeyJwt({ key: (await importJWK(keys.clients[keyOf], 'ES256')) as CryptoKey, kid }),
    );
  }

  const dpop = async (configuration: oidc.Configuration): Promise<oidc.DPoPHandle> =>
    oidc.getDPoPHandle(configuration, await oidc.randomDPoPKeyPair('ES256'));

  async function tokenFor(client: AgencyClientId, parameters: Record<string, string>): Promise<string> {
    const configuration = await system(client);
    return (await oidc.clientCredentialsGrant(configuration, parameters, { DPoP: await dpop(configuration) }))
      .access_token;
  }

  const refusal = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'none',
      (error: unknown) =>
        error instanceof oidc.ResponseBodyError || error instanceof oidc.AuthorizationResponseError
          ? error.error
          : String(error),
    );

  describe('for systems', () => {
    it('gives a token of RFC 9068, bound by DPoP, with the details as they were asked for', async () => {
      const token = await tokenFor('housing', details('housing_queue', CASE));
      const { kid, alg, typ } = decodeProtectedHeader(token);
      expect([alg, typ]).to.deep.equal(['ES256', 'at+jwt']);
      expect(kid).to.match(/^demo-/);
      const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(`${issuer}/jwks`)), {
        issuer,
        audience: AUDIENCE,
        typ: 'at+jwt',
      });
      expect(payload).to.include({ sub: 'housing', client_id: 'housing', aud: AUDIENCE });
      expect(payload['authorization_details']).to.deep.equal([
        { type: 'tereze_access', purpose: 'housing_queue', ...CASE },
      ]);
      expect(payload).to.have.nested.property('cnf.jkt').that.is.a('string');
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).to.equal(300);
      expect(payload.jti).to.be.a('string');
    });

    it('never gives an opaque token: without a resource it is for the gateway', async () => {
      expect(decodeJwt(await tokenFor('social', {})).aud).to.equal(AUDIENCE);
    });

    it('gives each client its own purposes only', async () => {
      const purposes = {
        housing: 'housing_queue',
        social: 'proactive_support',
        allowances: 'birth_allowance',
        integrity: 'declaration_check',
        appeals: 'appeal_review',
        'appeals-ai': 'appeal_review',
      } as const;
      for (const client of Object.keys(purposes) as AgencyClientId[]) {
        for (const purpose of [...new Set([...Object.values(purposes), 'own_data', 'curiosity'])]) {
          const outcome = await refusal(tokenFor(client, details(purpose)));
          expect(outcome, `${client} ${purpose}`).to.equal(
            purpose === purposes[client] ? 'none' : 'invalid_authorization_details',
          );
        }
      }
    });

    it('refuses details of another form', async () => {
      const wrong = [
        details('housing_queue', { case: 'HQ-2026-000101' }),
        details('housing_queue', { case: { agency: 'housing' } }),
        details('housing_queue', { extra: 1 }),
        { authorization_details: '[{"type":"other"}]' },
        { authorization_details: '{' },
      ];
      for (const parameters of wrong)
        expect(await refusal(tokenFor('housing', parameters)), parameters.authorization_details).to.equal(
          'invalid_authorization_details',
        );
    });

    it('refuses another resource, no proof, and another client’s key', async () => {
      expect(await refusal(tokenFor('housing', { resource: 'https://elsewhere.example/' }))).to.equal('invalid_target');
      expect(await refusal(oidc.clientCredentialsGrant(await system('housing'), {}))).to.equal('invalid_grant');
      const impostor = await system('housing', 'social');
      expect(await refusal(oidc.clientCredentialsGrant(impostor, {}, { DPoP: await dpop(impostor) }))).to.equal(
        'invalid_client',
      );
    });
  });

  describe('for citizens', () => {
    const { applicant, children } = HOUSING_FAMILY;

    interface SignIn {
      readonly token: Promise<string>;
      readonly browser: Browser;
    }

    async function signIn(iin: string, parameters: Record<string, string> = details('own_data')): Promise<SignIn> {
      const configuration = await discover('citizen-window', oidc.None());
      const verifier = oidc.randomPKCECodeVerifier();
      const challenge = {
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      };
      const start = oidc.buildAuthorizationUrl(configuration, { redirect_uri: REDIRECT, ...challenge, ...parameters });
      const browser = new Browser();
      const callback = await browser.signIn(start, REDIRECT, { iin });
      const grant = async (): Promise<string> => {
        if (callback === undefined) throw new Error('no code');
        return (
          await oidc.authorizationCodeGrant(
            configuration,
            callback,
            { pkceCodeVerifier: verifier },
            {},
            { DPoP: await dpop(configuration) },
          )
        ).access_token;
      };
      return { token: grant(), browser };
    }

    it('signs in by code and PKCE, and says who it is under an opaque subject', async () => {
      const token = decodeJwt(await (await signIn(applicant.iin)).token);
      expect(token).to.include({
        iin: applicant.iin,
        client_id: 'citizen-window',
        acr: 'urn:tereze:demo:list',
        aud: AUDIENCE,
      });
      expect(token['authorization_details']).to.deep.equal([{ type: 'tereze_access', purpose: 'own_data' }]);
      expect(token.sub).to.match(/^[\w-]{43}$/);
      expect(decodeJwt(await (await signIn(applicant.iin)).token).sub).to.equal(token.sub);
    });

    it('plays the sign-in that the application asks for, and the list for one that it does not know', async () => {
      const acrFor = async (acrValues: string): Promise<unknown> => {
        const wanted = { ...details('own_data'), scope: 'openid', acr_values: acrValues };
        return decodeJwt(await (await signIn(applicant.iin, wanted)).token)['acr'];
      };
      expect(await acrFor('urn:tereze:demo:signature')).to.equal('urn:tereze:demo:signature');
      expect(await acrFor('urn:other urn:tereze:demo:name urn:tereze:demo:signature')).to.equal('urn:tereze:demo:name');
      expect(await acrFor('urn:other constructor')).to.equal('urn:tereze:demo:list');
    });

    it('keeps the number out of every address', async () => {
      const { browser, token } = await signIn(applicant.iin);
      await token;
      expect(browser.visited).to.have.length.greaterThan(3);
      expect(browser.visited.join('\n')).to.not.include(applicant.iin);
    });

    it('lists people by name', async () => {
      const { browser, token } = await signIn(applicant.iin);
      await token;
      expect(browser.pages.join('\n')).to.include('Серікбаев Нұрлан').and.to.include('Серікбаева Айгүл');
    });

    it('signs in no one, no child, and no one without a number', async () => {
      for (const iin of [UNKNOWN_NUMBER, children[0]?.iin ?? '', '']) {
        const { token, browser } = await signIn(iin);
        expect(await refusal(token)).to.equal('Error: no code');
        expect(browser.lastStatus).to.equal(400);
      }
    });

    it('lets citizens ask for their own data only', async () => {
      expect(await refusal((await signIn(applicant.iin, details('housing_queue'))).token)).to.equal(
        'invalid_authorization_details',
      );
    });

    it('has no sign-in that was not begun at the authorization endpoint', async () => {
      const response = await fetch(`${issuer}/sign-in/unknown`, {
        method: 'POST',
        body: new URLSearchParams({ iin: applicant.iin }),
      });
      expect(response.status).to.equal(400);
    });
  });

  it('keeps its keys for the next start, for its owner only', async () => {
    const path = join(directory, 'keys.json');
    expect(await issuerKeys(path)).to.deep.equal(keys);
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    const others = await issuerKeys(join(directory, 'others.json'));
    expect(others.signing.d).to.not.equal(keys.signing.d);
    for (const { kid } of [keys.signing, ...Object.values(keys.clients)]) expect(kid).to.match(/^demo-/);
  });
});
