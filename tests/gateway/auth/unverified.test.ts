import { expect } from 'chai';
import fc from 'fast-check';
import { generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { joseFault } from '../../../gateway/auth/jose-fault.js';
import { keylessFault, readUnverified, type KeylessRules } from '../../../gateway/auth/unverified.js';

const NOW = new Date('2026-11-23T10:00:00.500Z');
const NOW_S = Math.floor(NOW.getTime() / 1_000);
const RULES: KeylessRules = {
  typ: 'at+jwt',
  algorithms: ['ES256'],
  requiredClaims: ['exp', 'iat', 'sub'],
  maxAgeSeconds: 60,
  clockToleranceSeconds: 5,
};

/** A time around the bounds, something that is no time, or nothing. */
const time = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -70, max: 70 }).map((offset) => NOW_S + offset) },
  fc.constantFrom(NOW_S - 65, NOW_S - 66, NOW_S - 5, NOW_S + 5, NOW_S + 6, NOW_S + 0.5, undefined, null, 'soon'),
);
const typ = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/AT+jwt') },
  fc.constantFrom(undefined, 'jwt', 'at+jwt ', 'text/at+jwt'),
);
const claims = fc.record(
  {
    iat: time,
    exp: fc.oneof(time, fc.constant(NOW_S + 50)),
    nbf: fc.oneof(time, fc.constant(undefined)),
    sub: fc.constantFrom('s', undefined),
  },
  { requiredKeys: ['iat', 'exp', 'nbf', 'sub'] },
);

describe('the rules that need no key', () => {
  it('refuse what jose refuses for them, and nothing that it accepts', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(typ, claims, async (type, payload) => {
        const given = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
        const header = { alg: 'ES256', ...(type === undefined ? {} : { typ: type }) };
        const token = await new SignJWT(given).setProtectedHeader(header).sign(privateKey);
        const verified = await jwtVerify(token, publicKey, {
          algorithms: ['ES256'],
          typ: RULES.typ,
          requiredClaims: [...RULES.requiredClaims],
          maxTokenAge: RULES.maxAgeSeconds,
          clockTolerance: RULES.clockToleranceSeconds,
          currentDate: NOW,
        }).then(
          () => undefined,
          (error: unknown) => joseFault(error),
        );
        const unverified = readUnverified(token) ?? expect.fail('not read');
        expect(keylessFault(unverified, RULES, NOW) === undefined).to.equal(verified === undefined);
        if (verified === undefined) accepted += 1;
      }),
      { numRuns: 1_500 },
    );
    expect(accepted, 'the test has seen both').to.be.within(20, 1_400);
  });

  it('refuse an algorithm that is not listed, and what is no JWT', () => {
    const unverified = { header: { alg: 'HS256', typ: 'at+jwt' }, payload: {} };
    expect(keylessFault(unverified, RULES, NOW)).to.equal('alg');
    for (const text of ['', 'a.b.c', 'e30.e30', `${btoa('[]')}.${btoa('{}')}.x`])
      expect(readUnverified(text), text).to.equal(undefined);
  });
});
