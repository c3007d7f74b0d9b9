import { expect } from 'chai';
import fc from 'fast-check';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { jwkThumbprint } from '../../../gateway/auth/jwk-thumbprint.js';

describe('the thumbprint of a key', () => {
  it('is that of the example of RFC 7638, section 3.1', () => {
    const n =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
    expect(jwkThumbprint({ kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' })).to.equal(
      'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
    );
  });

  for (const algorithm of ['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519'])
    it(`is jose’s for a key of ${algorithm}`, async () => {
      const jwk = await exportJWK((await generateKeyPair(algorithm, { extractable: true })).publicKey);
      expect(jwkThumbprint({ ...jwk, use: 'sig', kid: 'other members count for nothing' })).to.equal(
        await calculateJwkThumbprint(jwk),
      );
    });

  it('is jose’s for members of any form, or none', async () => {
    const member = fc.oneof(
      fc.constantFrom('x', 'P-256', '', undefined, null, 7, '"', 'é', 'a\\b', '\u0000'),
      fc.string(),
    );
    const kty = fc.constantFrom('EC', 'OKP', 'RSA', 'AKP', 'toString', '__proto__', undefined, 7);
    await fc.assert(
      fc.asyncProperty(
        fc.record({ kty, crv: member, x: member, y: member, n: member, e: member, alg: member, pub: member }),
        async (jwk) => {
          const expected = await calculateJwkThumbprint(jwk as JWK).catch(() => undefined);
          const found = jwkThumbprint(jwk as JWK);
          // Members of a key are base64url, or names: text with control characters is none.
          if (found !== undefined || !Object.values(jwk).some((value) => /\p{Cc}/u.test(String(value))))
            expect(found).to.equal(expected);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
