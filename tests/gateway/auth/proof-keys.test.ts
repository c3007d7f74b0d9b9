import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { EmbeddedJWK, jwtVerify, type JWK } from 'jose';
import { jwkThumbprint } from '../../../gateway/auth/jwk-thumbprint.js';
import { joseFault } from '../../../gateway/auth/jose-fault.js';
import { ProofKeys } from '../../../gateway/auth/proof-keys.js';
import { SIGNATURE_ALGORITHMS } from '../../../gateway/config/parts/authentication.js';
import { CountedKeys } from './counted-keys.js';
import { Party, refusalOf } from './party.js';

interface Pair {
  readonly privateKey: KeyObject;
  readonly jwk: JWK;
}

function pair(made: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }): Pair {
  return { privateKey: made.privateKey, jwk: made.publicKey.export({ format: 'jwk' }) as JWK };
}

const PAIRS: readonly Pair[] = [
  pair(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  pair(generateKeyPairSync('ec', { namedCurve: 'P-384' })),
  pair(generateKeyPairSync('ec', { namedCurve: 'P-521' })),
  pair(generateKeyPairSync('rsa', { modulusLength: 2_048 })),
  pair(generateKeyPairSync('rsa', { modulusLength: 1_024 })),
  pair(generateKeyPairSync('ed25519')),
  pair(generateKeyPairSync('ed448')),
  pair(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })),
];

const HASHES: Readonly<Record<string, string>> = { '256': 'sha256', '384': 'sha384', '512': 'sha512' };

/** Signs as an algorithm says, with a key that may be of another kind; random bytes if that cannot be. */
function signed(input: string, algorithm: string, { privateKey }: Pair): Buffer {
  const digest = algorithm.startsWith('Ed') ? null : (HASHES[algorithm.slice(2)] ?? null);
  try {
    return sign(digest, Buffer.from(input), {
      key: privateKey,
      ...(algorithm.startsWith('ES') ? { dsaEncoding: 'ieee-p1363' as const } : {}),
      ...(algorithm.startsWith('PS') ? { padding: 6, saltLength: Number(algorithm.slice(2)) / 8 } : {}),
    });
  } catch {
    return Buffer.alloc(64, 1);
  }
}

/** What a header may say of its key beside the key itself. */
const said = fc.record(
  {
    use: fc.constantFrom('sig', 'enc', 7),
    alg: fc.constantFrom(...SIGNATURE_ALGORITHMS, 7),
    key_ops: fc.constantFrom(['verify'], ['sign'], ['verify', 'verify'], ['verify', 'sign'], [], 'verify', [
      ['verify'],
    ]),
    ext: fc.constantFrom(true, false, 'true'),
    kid: fc.string(),
  },
  { requiredKeys: [] },
);

/** A change to the signature: none, a bit, its length. */
const change = fc.oneof(
  { weight: 3, arbitrary: fc.constant('none' as const) },
  fc.constantFrom('bit' as const, 'short' as const, 'long' as const, 'empty' as const, 'other key' as const),
);

function changed(signature: Buffer, how: string): Buffer {
  if (how === 'bit') return Buffer.from(signature.map((byte, at) => (at === 9 ? byte ^ 4 : byte)));
  if (how === 'short') return signature.subarray(1);
  if (how === 'long') return Buffer.concat([signature, Buffer.from([0])]);
  return how === 'empty' ? Buffer.alloc(0) : signature;
}

describe('the keys of proofs', () => {
  it('accept and refuse what jose accepts and refuses, for the same reason', async () => {
    const keys = new ProofKeys();
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SIGNATURE_ALGORITHMS),
        fc.constantFrom(...PAIRS),
        fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, said),
        change,
        fc.string(),
        async (algorithm, one, beside, how, subject) => {
          const jwk = { ...one.jwk, ...beside } as JWK;
          const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
          const input = `${part({ alg: algorithm, jwk })}.${part({ sub: subject })}`;
          const signer = how === 'other key' ? pair(generateKeyPairSync('ec', { namedCurve: 'P-256' })) : one;
          const signature = changed(signed(input, algorithm, signer), how);
          const expected = await jwtVerify(`${input}.${signature.toString('base64url')}`, EmbeddedJWK).then(
            () => 'right',
            (error: unknown) => joseFault(error),
          );
          const thumbprint = jwkThumbprint(jwk) ?? expect.fail('no thumbprint');
          const found = keys.find(jwk, thumbprint, algorithm);
          const isRight =
            typeof found !== 'string' &&
            (await keys.verify(found, thumbprint, { algorithm, input: Buffer.from(input), signature }));
          expect(typeof found === 'string' ? found : isRight ? 'right' : 'signature').to.equal(expected);
          if (isRight) accepted += 1;
        },
      ),
      { numRuns: 1_500 },
    );
    expect(accepted, 'right ones among them').to.be.greaterThan(50);
  });

  it('are few, however many there are', async () => {
    const keys = new ProofKeys();
    const one = PAIRS[0] ?? expect.fail();
    const input = Buffer.from('signed');
    const found = keys.find(one.jwk, 'any', 'ES256');
    if (typeof found === 'string') expect.fail(found);
    const signature = signed('signed', 'ES256', one);
    for (let number = 0; number < 2_000; number += 1)
      await keys.verify(found, `thumbprint ${number}`, { algorithm: 'ES256', input, signature });
    expect(keys.size).to.equal(1_000);
  });

  it('are remembered only after a signature of theirs was right', async () => {
    const proofKeys = new CountedKeys();
    const party = await Party.make({ proofKeys });
    const token = await party.token();
    const [head, payload] = (await party.proof(token)).split('.');
    const forged = `${head}.${payload}.${Buffer.alloc(64, 7).toString('base64url')}`;
    expect(await refusalOf(party.authenticate(await party.credentials(token, forged)))).to.equal(
      'INVALID_DPOP_PROOF proof_signature',
    );
    expect(proofKeys.size).to.equal(0);
    for (let request = 0; request < 3; request += 1) await party.authenticate(await party.credentials(token));
    expect(proofKeys.size).to.equal(1);
    expect(proofKeys.verified, 'each proof is verified, and once').to.equal(4);
  });

  it('know the extensions that jose knows, and no other', async () => {
    const party = await Party.make();
    const b64 = { crit: ['b64'], b64: true };
    expect((await party.withProof({ header: b64 })).caller.system).to.equal('housing');
    const token = await party.token();
    const [head = '', payload, signature] = (await party.proof(token)).split('.');
    const header = { ...(JSON.parse(Buffer.from(head, 'base64url').toString()) as object), crit: ['new'], new: 1 };
    const extended = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.${signature}`;
    expect(await refusalOf(party.authenticate(await party.credentials(token, extended)))).to.equal(
      'INVALID_DPOP_PROOF proof_alg',
    );
  });
});
