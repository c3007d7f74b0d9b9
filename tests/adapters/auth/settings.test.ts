import { expect } from 'chai';
import { authSettings, checkConnection } from '../../../adapters/auth/settings.js';
import { tlsSettings } from '../../../schemas/tls/settings.js';

const SECRET = { type: 'oauth2', client_id: 'tereze', client_auth: 'client_secret_basic', secret_file: 'secret' };
const KEY = { type: 'oauth2', client_id: 'tereze', client_auth: 'private_key_jwt', key_file: 'key' };
const TOKENS = { token_url: 'https://tokens.example/t' };

const problemsOf = (schema: typeof authSettings | typeof tlsSettings, given: object): readonly string[] =>
  (schema.safeParse(given).error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);

describe('the settings of credentials', () => {
  for (const given of [
    { type: 'none' },
    { type: 'basic', user: 'tereze', password_file: 'password' },
    { type: 'api_key', header: 'X-Api-Key', key_file: 'key' },
    { type: 'api_key', query: 'key', key_file: 'key' },
    { type: 'bearer_file', token_file: 'token' },
    { ...SECRET, ...TOKENS, client_auth: 'client_secret_post', scope: 'a b' },
    { ...SECRET, issuer: 'http://127.0.0.1:9' },
    { ...KEY, ...TOKENS, issuer: 'https://tokens.example', algorithm: 'PS256', key_id: '1', claims: { a: [1] } },
    { ...KEY, ...TOKENS, tls: { ca_file: 'ca' } },
  ])
    it(`take ${JSON.stringify(given)}`, () => expect(problemsOf(authSettings, given)).to.deep.equal([]));

  for (const [given, problem] of [
    [{ type: 'digest' }, 'type says no way to authenticate: none, basic, api_key, bearer_file or oauth2'],
    [{ type: 'basic', user: 'a:b', password_file: 'p' }, 'user must be printable ASCII without a colon'],
    [{ type: 'api_key', key_file: 'key' }, 'header give either header or query'],
    [{ type: 'api_key', key_file: 'key', header: 'X', query: 'x' }, 'header give either header or query'],
    [{ type: 'api_key', key_file: 'key', header: 'X Key' }, 'header is no name of a header'],
    [{ type: 'api_key', key_file: 'key', header: 'Host' }, 'header is a header that the client itself sends'],
    [SECRET, 'token_url is missing: give token_url, or issuer'],
    [
      { ...SECRET, ...TOKENS, secret_file: undefined },
      'secret_file is missing: client_auth client_secret_basic needs it',
    ],
    [{ ...SECRET, ...TOKENS, key_id: '1' }, 'key_id has no use with client_auth client_secret_basic'],
    [{ ...KEY, ...TOKENS, key_file: undefined }, 'key_file is missing: client_auth private_key_jwt needs it'],
    [{ ...KEY, ...TOKENS, secret_file: 's' }, 'secret_file has no use with client_auth private_key_jwt'],
    [{ ...KEY, ...TOKENS, claims: { exp: 9 } }, 'claims may not set exp: every assertion has its own'],
    [{ ...KEY, token_url: 'http://t.example', tls: {} }, 'tls needs an https address of the token server'],
    [{ ...KEY, ...TOKENS, tls: { cert_file: 'c' } }, 'tls.key_file is missing: cert_file needs it'],
  ] as const)
    it(`refuse ${JSON.stringify(given)}`, () => expect(problemsOf(authSettings, given)).to.deep.equal([problem]));

  it('hold no secret themselves', () => {
    for (const secret of ['password', 'key', 'token', 'secret', 'client_secret'])
      expect(problemsOf(authSettings, { type: 'none', [secret]: 'hush' })[0])
        .to.include(secret)
        .and.not.include('hush');
  });
});

describe('the settings of TLS', () => {
  it('name the two files of a client certificate, or none', () => {
    expect(problemsOf(tlsSettings, { ca_file: 'a', cert_file: 'b', key_file: 'c', server_name: 'r.example' })).to.be
      .empty;
    expect(problemsOf(tlsSettings, {})).to.be.empty;
    expect(problemsOf(tlsSettings, { key_file: 'c' })).to.deep.equal(['cert_file is missing: key_file needs it']);
  });

  for (const key of ['insecure', 'skip_verify', 'rejectUnauthorized', 'verify'])
    it(`have no ${key}`, () => expect(problemsOf(tlsSettings, { [key]: true })).to.have.length(1));
});

describe('the connection of a register', () => {
  const check = (given: object, older?: 'api_key_file'): readonly string[] => {
    const found: string[] = [];
    const context = {
      addIssue: ({ path, message }: { path: string[]; message: string }) => found.push(`${path.join('.')} ${message}`),
    };
    checkConnection(older)({ url: 'https://r.example', ...given }, context as never);
    return found;
  };

  it('speaks TLS to an https address only', () => {
    expect(check({ tls: {} })).to.deep.equal([]);
    expect(check({ tls: {}, url: 'http://r.example' })).to.deep.equal(['tls needs an https address in url']);
  });

  it('says how the register knows the gateway, in one way', () => {
    expect(check({})).to.deep.equal([]);
    expect(check({ auth: { type: 'none' } }, 'api_key_file')).to.deep.equal([]);
    expect(check({ api_key_file: 'key' }, 'api_key_file')).to.deep.equal([]);
    expect(check({}, 'api_key_file')).to.deep.equal([
      'auth is missing: say how the register knows the gateway, or { type: none } if it asks for nothing',
    ]);
    expect(check({ auth: { type: 'none' }, api_key_file: 'key' }, 'api_key_file')).to.deep.equal([
      'api_key_file is given with auth: one of them is enough',
    ]);
  });
});
