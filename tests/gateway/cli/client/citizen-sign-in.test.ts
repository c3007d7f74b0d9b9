import { createHash } from 'node:crypto';
import { expect } from 'chai';
import nock from 'nock';
import { accessForCitizen } from '../../../../gateway/cli/client/citizen-sign-in.js';
import type { ClientProfile } from '../../../../gateway/cli/client/profile.js';
import { rejection } from '../../../rejection.js';
import {
  createClient,
  expectDiscovery,
  expectRequests,
  GATEWAY,
  granted,
  ISSUER,
  mockNetwork,
  networkError,
  only,
  proofOf,
  type Replied,
  type Sent,
} from './mocked-issuer.js';

const IIN = '001122334455';
const CALLBACK = 'https://window.example/callback';
const FORM_PAGE: Replied = { body: '<html><form method="post" action="/sign-in/1?a=1&amp;b=2"></form></html>' };

const redirectTo = (location: string, ...cookies: string[]): Replied => ({
  status: 303,
  headers: { location, ...(cookies.length > 0 ? { 'set-cookie': cookies.join() } : {}) },
});

const parametersOf = ({ path }: Sent) => new URL(path, ISSUER).searchParams;

/** Expects the request that starts the sign-in, with any parameters. */
const start = (reply: Replied) => expectRequests('GET', /^\/auth\?/, [reply]);

/** Expects the last redirect of the issuer: back to the client, with the `state` that the client sent at the start. */
function expectReturn(started: readonly Sent[], parameters: Readonly<Record<string, string>>): void {
  nock(ISSUER)
    .get('/resume')
    .reply(function () {
      const state = parametersOf(only(started)).get('state') ?? '';
      return [303, '', { location: `${CALLBACK}?${new URLSearchParams({ state, ...parameters }).toString()}` }];
    });
}

describe('accessForCitizen', () => {
  let profile: ClientProfile;

  mockNetwork();

  before(async () => {
    ({ profile } = await createClient({ clientId: 'citizen-window', privateKey: undefined, redirectUri: CALLBACK }));
  });

  /** Expects a sign-in that succeeds. Returns the requests of each of its steps. */
  const expectSignIn = () => {
    expectDiscovery();
    const started = start(redirectTo('/sign-in/1', 'session=s=1; Path=/; HttpOnly'));
    const shown = expectRequests('GET', '/sign-in/1', [FORM_PAGE]);
    const submitted = expectRequests('POST', '/sign-in/1?a=1&b=2', [redirectTo('/resume')]);
    expectReturn(started, { code: 'code-1' });
    const exchanged = expectRequests('POST', '/token', [granted('token-of-citizen')]);
    return { started, shown, submitted, exchanged };
  };

  it('asks for the own data of the citizen, by a code with PKCE', async () => {
    const { started } = expectSignIn();
    await accessForCitizen(profile, IIN);
    const asked = Object.fromEntries(parametersOf(only(started)));
    expect(asked).to.include({
      response_type: 'code',
      client_id: 'citizen-window',
      redirect_uri: CALLBACK,
      scope: 'openid',
      resource: 'https://tereze.example',
      code_challenge_method: 'S256',
      authorization_details: '[{"type":"tereze_access","purpose":"own_data"}]',
    });
    expect(asked['state']).to.match(/^[\w-]{43}$/);
  });

  it('exchanges the code with the verifier of its challenge, and a proof', async () => {
    const { started, exchanged } = expectSignIn();
    await accessForCitizen(profile, IIN);
    const form = Object.fromEntries(new URLSearchParams(only(exchanged).body));
    expect(form).to.include({
      grant_type: 'authorization_code',
      code: 'code-1',
      redirect_uri: CALLBACK,
      client_id: 'citizen-window',
      resource: 'https://tereze.example',
    });
    const challenge = createHash('sha256')
      .update(form['code_verifier'] ?? '')
      .digest('base64url');
    expect(parametersOf(only(started)).get('code_challenge')).to.equal(challenge);
    expect((await proofOf(only(exchanged))).claims).to.include({ htm: 'POST', htu: `${ISSUER}/token` });
  });

  it("sends the citizen's number in the body of the form only", async () => {
    const { started, shown, submitted, exchanged } = expectSignIn();
    await accessForCitizen(profile, IIN);
    expect(only(submitted).body).to.equal(`iin=${IIN}`);
    expect(only(submitted).headers['content-type']).to.match(/^application\/x-www-form-urlencoded/);
    const { path, headers } = only(submitted);
    expect(JSON.stringify([started, shown, path, headers, exchanged])).not.to.include(IIN);
  });

  it("keeps the issuer's cookies through the sign-in, and sends the newest", async () => {
    expectDiscovery();
    const started = start(redirectTo('/sign-in/1', 'session=s=1; Path=/; HttpOnly'));
    const shown = expectRequests('GET', '/sign-in/1', [{ ...FORM_PAGE, headers: { 'set-cookie': 'form=f1' } }]);
    const submitted = expectRequests('POST', '/sign-in/1?a=1&b=2', [redirectTo('/resume', 'session=s2; Path=/')]);
    const resumed = expectRequests('GET', '/resume', [{ status: 403 }]);
    await rejection(accessForCitizen(profile, IIN));
    const cookies = [started, shown, submitted, resumed].map((sent) => only(sent).headers['cookie'] ?? '');
    expect(cookies).to.deep.equal(['', 'session=s=1', 'session=s=1; form=f1', 'session=s2; form=f1']);
  });

  it('calls the gateway with the token, and a proof by the key of the sign-in', async () => {
    const { exchanged } = expectSignIn();
    const access = await accessForCitizen(profile, IIN);
    const sent = expectRequests('POST', '/graphql', [{ body: '{"data":{}}' }], { origin: GATEWAY });
    expect(await access.send('POST', '/graphql', {})).to.deep.equal({ status: 200, text: '{"data":{}}' });
    expect(only(sent).headers['authorization']).to.equal('DPoP token-of-citizen');
    const proof = await proofOf(only(sent));
    expect(proof.claims).to.include({
      htu: `${GATEWAY}/graphql`,
      ath: createHash('sha256').update('token-of-citizen').digest('base64url'),
    });
    expect(proof.thumbprint).to.equal((await proofOf(only(exchanged))).thumbprint);
  });

  it('asks for nothing when the profile does not say where the issuer sends the browser', async () => {
    const failure = await rejection(accessForCitizen({ ...profile, redirectUri: undefined }, IIN));
    expect(failure).to.include({
      name: 'CommandFailure',
      kind: 'usage',
      message: 'the profile of "citizen-window" has no redirect_uri',
    });
  });

  it('tells that the issuer cannot be reached', async () => {
    nock(ISSUER).get('/.well-known/oauth-authorization-server').replyWithError(networkError('ECONNREFUSED'));
    expect(await rejection(accessForCitizen(profile, IIN))).to.include({
      name: 'CommandFailure',
      message: `the issuer at ${ISSUER} cannot be reached (ECONNREFUSED)`,
    });
  });

  it('tells that the issuer refused the number, without the number', async () => {
    expectDiscovery();
    start(redirectTo('/sign-in/1'));
    expectRequests('GET', '/sign-in/1', [FORM_PAGE]);
    expectRequests('POST', '/sign-in/1?a=1&b=2', [{ status: 403, body: `${IIN} is not known` }]);
    expect(await rejection(accessForCitizen(profile, IIN))).to.include({
      name: 'CommandFailure',
      kind: 'failed',
      message: 'the issuer refused the sign-in (HTTP 403)',
      hint: 'Is this the number of a citizen of the demo country?',
    });
  });

  it('tells that a page has no form', async () => {
    expectDiscovery();
    start({ body: '<html>Come back tomorrow</html>' });
    expect(await rejection(accessForCitizen(profile, IIN))).to.include({
      name: 'CommandFailure',
      message: 'the issuer showed a page without a sign-in form',
    });
  });

  it('gives up after 20 steps', async () => {
    expectDiscovery();
    start(redirectTo('/again'));
    const walked = expectRequests('GET', '/again', Array<Replied>(19).fill(redirectTo('/again')));
    expect(await rejection(accessForCitizen(profile, IIN))).to.include({
      name: 'CommandFailure',
      message: 'the issuer did not finish the sign-in',
    });
    expect(walked).to.have.length(19);
  });

  it('asks for no token when the code comes with the state of another sign-in', async () => {
    expectDiscovery();
    start(redirectTo(`${CALLBACK}?code=code-1&state=other`));
    const exchanged = expectRequests('POST', '/token', [granted()], { optional: true });
    expect(await rejection(accessForCitizen(profile, IIN))).to.include({
      name: 'CommandFailure',
      message: 'the issuer gave no token (OAUTH_INVALID_RESPONSE)',
    });
    expect(exchanged).to.have.length(0);
  });

  it('asks for no token when the issuer sends the browser back with an error', async () => {
    expectDiscovery();
    const started = start(redirectTo('/resume'));
    expectReturn(started, { error: 'access_denied' });
    const exchanged = expectRequests('POST', '/token', [granted()], { optional: true });
    expect(await rejection(accessForCitizen(profile, IIN))).to.include({
      name: 'CommandFailure',
      message: 'the issuer gave no token (access_denied)',
    });
    expect(exchanged).to.have.length(0);
  });

  it('names the error with which the issuer refuses the code', async () => {
    expectDiscovery();
    const started = start(redirectTo('/resume'));
    expectReturn(started, { code: 'code-1' });
    expectRequests('POST', '/token', [{ status: 400, body: { error: 'invalid_grant' } }]);
    expect(await rejection(accessForCitizen(profile, IIN))).to.include({
      name: 'CommandFailure',
      message: 'the issuer gave no token (invalid_grant)',
    });
  });
});
