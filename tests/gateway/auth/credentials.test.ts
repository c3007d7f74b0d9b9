import { expect } from 'chai';
import { Party, refusalOf } from './party.js';

describe('credentials', () => {
  let party: Party;
  let token: string;
  beforeEach(async () => {
    party = await Party.make();
    token = await party.token();
  });

  it('name the scheme in any case', async () => {
    const credentials = await party.credentials(token);
    expect((await party.authenticate({ ...credentials, authorization: [`dpop ${token}`] })).caller.system).to.equal(
      'housing',
    );
  });

  const wrong: readonly (readonly [string, (token: string) => readonly string[], string])[] = [
    ['without token', () => [], 'token_missing'],
    ['with a bound token sent as Bearer (downgrade)', (bound) => [`Bearer ${bound}`], 'token_scheme'],
    ['with Basic', () => ['Basic aG91c2luZzp4'], 'token_scheme'],
    ['with two tokens', (bound) => [`DPoP ${bound}`, `DPoP ${bound}`], 'token_repeated'],
    ['with two tokens joined by a comma', (bound) => [`DPoP ${bound}, DPoP ${bound}`], 'token_malformed'],
    ['with a scheme only', () => ['DPoP'], 'token_malformed'],
    ['with an empty header', () => [''], 'token_scheme'],
    ['with a token that is too long', () => [`DPoP ${'a'.repeat(16_385)}`], 'token_malformed'],
    ['with a token that is no token', () => ['DPoP a b'], 'token_malformed'],
  ];
  for (const [how, authorization, reason] of wrong) {
    it(`are refused ${how}`, async () => {
      expect(await refusalOf(party.withToken({}, { authorization: authorization(token) }))).to.equal(
        `UNAUTHENTICATED ${reason}`,
      );
    });
  }
});
