import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { SignJWT, type JWK } from 'jose';
import { createDpopProofVerifier } from '../gateway/auth/dpop-proof.js';
import { jwkThumbprint } from '../gateway/auth/jwk-thumbprint.js';
import { ProofKeys } from '../gateway/auth/proof-keys.js';
import { createVerificationBudget, SIGNATURES } from '../gateway/auth/verification-budget.js';
import { systemClock } from '../gateway/compose/clock.js';
import { figures } from './figures.js';

/**
 * CPU of one DPoP proof (ES256), everything but its first use, beside one verification of the same signature with a key
 * that is kept: in turns. `npm run bench:proof`
 */

const ROUNDS = 15;
const A_ROUND = 500;
const PUBLIC_URL = 'https://tereze.example';
const ACCESS_TOKEN = 'x'.repeat(900);

interface Proof {
  readonly text: string;
  readonly input: Buffer;
  readonly signature: Buffer;
}

async function main(): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' }) as JWK;
  const keyThumbprint = jwkThumbprint(jwk) ?? '';
  const clock = systemClock({ timeZone: 'UTC' });
  const verifyProof = createDpopProofVerifier({
    publicUrl: PUBLIC_URL,
    maxAgeSeconds: 600,
    clockToleranceSeconds: 10,
    clock,
    budget: createVerificationBudget(SIGNATURES),
    keys: new ProofKeys(),
  });
  const ath = createHash('sha256').update(ACCESS_TOKEN).digest('base64url');
  const proofs: readonly Proof[] = await Promise.all(
    Array.from({ length: A_ROUND }, async (_, number) => {
      const iat = Math.floor(clock.now().getTime() / 1_000);
      const claims = { jti: `proof-number-${number}`, htm: 'POST', htu: `${PUBLIC_URL}/graphql`, iat, ath };
      const text = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .sign(privateKey);
      const input = Buffer.from(text.slice(0, text.lastIndexOf('.')));
      return { text, input, signature: sign('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' }) };
    }),
  );
  const key = createPublicKey({ key: publicKey.export({ format: 'jwk' }), format: 'jwk' });
  const target = { method: 'POST', path: '/graphql', accessToken: ACCESS_TOKEN, keyThumbprint };
  const kept = (): Promise<number> =>
    cpuEach(proofs, async ({ input, signature }) => {
      verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature);
    });
  const proof = (): Promise<number> =>
    cpuEach(proofs, async ({ text }) => {
      await verifyProof(text, target, { party: 'bench' });
    });
  const rounds: { readonly kept: number; readonly proof: number }[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) rounds.push({ kept: await kept(), proof: await proof() });
  // The first round warms up.
  const measured = rounds.slice(1);
  const ratios = measured.map((one) => one.proof / one.kept).sort((one, other) => one - other);
  process.stdout.write(
    `verification with a kept key ${figures(measured.map((one) => one.kept)).p50.toFixed(0)} us, ` +
      `a whole proof ${figures(measured.map((one) => one.proof)).p50.toFixed(0)} us; ` +
      `ratio ${figures(ratios).p50.toFixed(2)} (${ratios[0]?.toFixed(2)} to ${ratios.at(-1)?.toFixed(2)})\n`,
  );
}

/** Returns the CPU time of one piece of work, in microseconds. */
async function cpuEach(proofs: readonly Proof[], work: (proof: Proof) => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  for (const proof of proofs) await work(proof);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / proofs.length;
}

await main();
