import { expect } from 'chai';
import { createVerificationBudget } from '../../../gateway/auth/verification-budget.js';
import { Refusal } from '../../../schemas/refusal.js';
import { rejection } from '../../rejection.js';
import { CountedKeys } from './counted-keys.js';
import { newKeys, NOW_S, Party, refusalOf } from './party.js';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A verification that ends when the test says so. */
function held(started: string[], name: string) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const verify = async (): Promise<void> => {
    started.push(name);
    await ended;
  };
  return { verify, end: () => end() };
}

describe('the verification budget', () => {
  it('lets the one that has waited longest give way, and serves a newcomer from elsewhere first', async () => {
    const budget = createVerificationBudget({ places: 2, maxWaiting: 3, maxWaitingEach: 3, waitMs: 10_000 });
    const started: string[] = [];
    const first = held(started, 'a1');
    const others = ['a2', 'a3', 'a4', 'a5'].map((name) => held(started, name));
    const spent = [first, ...others].map(({ verify }) => budget.spend(verify, { party: 'a' }));
    const newcomer = budget.spend(async () => void started.push('b'), { party: 'b' });
    const refusal = await rejection(spent[2] ?? Promise.resolve());
    expect(refusal)
      .to.be.instanceOf(Refusal)
      .and.deep.include({ code: 'OVERLOADED', reasons: ['verification'] });
    first.end();
    await newcomer;
    expect(started.slice(0, 3)).to.deep.equal(['a1', 'a2', 'b']);
    for (const { end } of others) end();
    await Promise.allSettled(spent);
  });

  it('gives up what waits too long', async () => {
    const budget = createVerificationBudget({ places: 1, maxWaiting: 3, maxWaitingEach: 3, waitMs: 5 });
    const work = held([], 'a');
    const spent = budget.spend(work.verify, { party: 'a' });
    expect(await rejection(budget.spend(async () => 1, { party: 'b' }))).to.include({ code: 'OVERLOADED' });
    work.end();
    await spent;
    await settle();
  });
});

describe('authentication under a flood', () => {
  it('answers a right token while thousands of forged ones come from other sources', async () => {
    const party = await Party.make();
    const thief = await newKeys();
    const right = await party.credentials(await party.token());
    const forged = await Promise.all(
      Array.from({ length: 40 }, async (_, number) =>
        party.credentials(await party.token({ key: thief.privateKey, claims: { jti: `forged-${number}` } })),
      ),
    );
    const codes = new Map<string, number>();
    const flood = Array.from({ length: 2_000 }, async (_, number) => {
      const one = forged[number % forged.length] ?? right;
      // Each text is another token to the memory of verified ones.
      const authorization = one.authorization.map((header) => `${header.slice(0, -4)}${1_000 + number}`);
      const code = await refusalOf(party.authenticate({ ...one, authorization }, `10.0.1.${number % 200}`));
      codes.set(code, (codes.get(code) ?? 0) + 1);
    });
    const answered = await party.authenticate(right, '10.0.0.1');
    expect(answered.caller.system).to.equal('housing');
    await Promise.all(flood);
    expect([...codes.keys()].sort()).to.deep.equal(['OVERLOADED verification', 'UNAUTHENTICATED token_signature']);
  });

  it('spends no verification on a token that its form, issuer, audience, key id or time rules out', async () => {
    const proofKeys = new CountedKeys();
    const party = await Party.make({ proofKeys });
    await party.authenticate(await party.credentials(await party.token()));
    const wrong = await Promise.all(
      [
        { claims: { iss: 'https://unknown.example' } },
        { claims: { aud: 'https://elsewhere.example' } },
        { claims: { exp: NOW_S - 60 } },
        { claims: { iat: NOW_S - 100_000 } },
        { claims: { cnf: {} } },
        { header: { typ: 'JWT' } },
        { header: { alg: 'ES384' } },
        { header: { kid: 'invented' } },
      ].map((change) => party.token(change).catch(() => undefined)),
    );
    const { subtle } = globalThis.crypto;
    const { verify } = subtle;
    let verifications = 0;
    proofKeys.verified = 0;
    subtle.verify = (...given: Parameters<typeof verify>) => {
      verifications += 1;
      return verify.apply(subtle, given);
    };
    try {
      for (const token of wrong)
        if (token !== undefined)
          expect(await refusalOf(party.authenticate(await party.credentials(token)))).to.match(/^UNAUTHENTICATED/);
      expect({ verifications, proofs: proofKeys.verified }).to.deep.equal({ verifications: 0, proofs: 0 });
      await party.authenticate(await party.credentials(await party.token({ claims: { jti: 'another' } })));
      expect({ verifications, proofs: proofKeys.verified }).to.deep.equal({ verifications: 1, proofs: 1 });
    } finally {
      subtle.verify = verify;
    }
  });
});
