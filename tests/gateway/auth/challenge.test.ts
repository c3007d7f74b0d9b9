import { expect } from 'chai';
import { challengeOf } from '../../../gateway/auth/challenge.js';
import { ERROR_CATALOGUE, type ErrorCode } from '../../../schemas/errors.js';

describe('challengeOf', () => {
  it('tells how to ask, and what was wrong, in constant words', () => {
    expect(challengeOf({ code: 'UNAUTHENTICATED', reasons: ['token_missing'] })).to.match(
      /^DPoP algs="ES256 [A-Za-z0-9 ]+"$/,
    );
    expect(challengeOf({ code: 'UNAUTHENTICATED', reasons: ['token_exp'] })).to.match(
      /^DPoP error="invalid_token", algs="ES256 /,
    );
    expect(challengeOf({ code: 'INVALID_DPOP_PROOF', reasons: ['proof_htu'] })).to.match(
      /^DPoP error="invalid_dpop_proof", algs="ES256 /,
    );
  });

  it('belongs to 401 and to nothing else', () => {
    for (const code of Object.keys(ERROR_CATALOGUE) as ErrorCode[]) {
      expect(challengeOf({ code, reasons: [] }) !== undefined, code).to.equal(ERROR_CATALOGUE[code].status === 401);
    }
  });
});
