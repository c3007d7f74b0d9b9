import { expect } from 'chai';
import { challengeOf } from '../../../gateway/auth/challenge.js';
import { ERROR_CATALOGUE, type ErrorCode } from '../../../schemas/errors.js';
import { Refusal } from '../../../schemas/refusal.js';

describe('challengeOf', () => {
  it('tells how to ask, and what was wrong, in constant words', () => {
    expect(challengeOf(new Refusal('UNAUTHENTICATED', { reasons: ['token_missing'] }))).to.match(
      /^DPoP algs="ES256 [A-Za-z0-9 ]+"$/,
    );
    expect(challengeOf(new Refusal('UNAUTHENTICATED', { reasons: ['token_exp'] }))).to.match(
      /^DPoP error="invalid_token", algs="ES256 /,
    );
    expect(challengeOf(new Refusal('INVALID_DPOP_PROOF', { reasons: ['proof_htu'] }))).to.match(
      /^DPoP error="invalid_dpop_proof", algs="ES256 /,
    );
  });

  it('names what a stronger authentication is called at the issuer, and nothing if it has none (RFC 9470)', () => {
    expect(challengeOf(new Refusal('ASSURANCE_TOO_LOW', { acrValues: ['urn:sms', 'urn:signature'] }))).to.match(
      /^DPoP error="insufficient_user_authentication", acr_values="urn:sms urn:signature", algs="ES256 /,
    );
    expect(challengeOf(new Refusal('ASSURANCE_TOO_LOW'))).to.match(
      /^DPoP error="insufficient_user_authentication", algs="ES256 /,
    );
  });

  it('belongs to 401 and to nothing else', () => {
    for (const code of Object.keys(ERROR_CATALOGUE) as ErrorCode[]) {
      expect(challengeOf(new Refusal(code)) !== undefined, code).to.equal(ERROR_CATALOGUE[code].status === 401);
    }
  });
});
