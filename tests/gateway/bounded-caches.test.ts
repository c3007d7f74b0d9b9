import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeyPairSync, sign } from 'node:crypto';
import { expect } from 'chai';
import { CallerRates } from '../../gateway/admission/rates.js';
import type { AccessToken } from '../../gateway/auth/access-token.js';
import { ProofKeys } from '../../gateway/auth/proof-keys.js';
import { SeenProofs } from '../../gateway/auth/seen-proofs.js';
import { VerifiedTokens } from '../../gateway/auth/verified-tokens.js';
import { createCallerViews } from '../../gateway/planning/document/caller-views.js';
import { PreparedOnce } from '../../gateway/planning/prepared-once.js';
import { packageRoot } from '../../gateway/state/package-root.js';
import { FairShare } from '../../schemas/fair-share.js';
import { composeCatalogue } from '../../schemas/catalogue/compose.js';
import { buildPublicSchema } from '../../schemas/catalogue/public-schema.js';
import { standingClock } from '../doubles.js';
import { PERSON, registers } from '../schemas/catalogue/registers.js';
import { HandClock } from './auth/party.js';
import { notingPlanner, preparer } from './planning/preparing.js';

const SENT = 10_000;
const numbers = Array.from({ length: SENT }, (_, number) => number);
/** The last ones, the newest first: more than any bound here. */
const LAST = numbers.slice(-2_000).toReversed();
/** Of texts, which are planned and validated, a fifth, and the last of these. Their bounds are 10 and 100. */
const TEXTS = numbers.slice(0, SENT / 5);
const LAST_TEXTS = TEXTS.slice(-500).toReversed();

/**
 * How many of the last that were sent are remembered. Asks for them again, the newest first: the oldest would push out
 * what is still to be asked for.
 */
async function remembered(
  isKnown: (number: number) => boolean | Promise<boolean>,
  last: readonly number[] = LAST,
): Promise<number> {
  let known = 0;
  for (const number of last) if (await isKnown(number)) known += 1;
  return known;
}

/** How many calls were made while `asked` ran. */
async function callsDuring(calls: () => number, asked: () => unknown): Promise<number> {
  const before = calls();
  await asked();
  return calls() - before;
}

describe('what is remembered of a client that sends thousands of different ones', function () {
  this.timeout(120_000);

  it('texts: plans up to their bound', async () => {
    const catalogue = composeCatalogue(registers({ r: PERSON }));
    const planner = notingPlanner();
    const documents = preparer(catalogue, planner);
    const schema = buildPublicSchema(catalogue.publicSdl);
    let validations = 0;
    const view = {
      key: 'all',
      isVisible: () => true,
      get schema() {
        validations += 1;
        return schema;
      },
    };
    const ask = (number: number) =>
      documents.prepare(`query Q($iin: Iin!) { person(iin: $iin) { a${number}: name } }`, undefined, undefined, {
        view,
      });
    for (const number of TEXTS) await ask(number);
    expect(planner.given.length).to.equal(TEXTS.length);
    const validated = validations / TEXTS.length;
    validations = 0;
    const planned = await remembered(
      async (number) =>
        (await callsDuring(
          () => planner.given.length,
          () => ask(number),
        )) === 0,
      LAST_TEXTS,
    );
    // Bounds of the preparer of tests: ten plans, and ten views of each.
    expect(planned).to.equal(10);
    expect(LAST_TEXTS.length - validations / validated, 'texts known to be valid').to.equal(100);
  });

  it('texts: results of preparing up to their bound', async () => {
    const results = new PreparedOnce<{ readonly of: number }>(
      new FairShare({ places: 1, maxWaiting: 1, givesWay: 'largest' }),
      100,
    );
    let begun = 0;
    const get = (number: number) =>
      results.get({
        key: String(number),
        claimant: { caller: 'a', weight: 1 },
        prepare: () => ((begun += 1), Promise.resolve({ of: number })),
      });
    for (const number of numbers) await get(number);
    expect(
      await remembered(
        async (number) =>
          (await callsDuring(
            () => begun,
            () => get(number),
          )) === 0,
      ),
    ).to.equal(100);
  });

  it('tokens: verified ones up to their bound, and none that was refused', async () => {
    const clock = new HandClock();
    const tokens = new VerifiedTokens(100, clock);
    let verified = 0;
    const verify = (): Promise<AccessToken> => {
      verified += 1;
      return Promise.resolve({ expiresAt: clock.now().getTime() + 300_000 } as AccessToken);
    };
    const refuse = (): Promise<AccessToken> => Promise.reject(new Error('refused'));
    for (const number of numbers) await tokens.get(`token ${number}`, verify);
    for (const number of numbers) await tokens.get(`refused ${number}`, refuse).catch(() => undefined);
    expect(
      await remembered(
        async (number) =>
          (await callsDuring(
            () => verified,
            () => tokens.get(`token ${number}`, verify),
          )) === 0,
      ),
    ).to.equal(100);
    expect(
      await callsDuring(
        () => verified,
        () => tokens.get('refused 9999', verify),
      ),
    ).to.equal(1);
  });

  it('keys of proofs: a thousand', async () => {
    const keys = new ProofKeys();
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const input = Buffer.from('signed');
    const signature = sign('sha256', input, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' });
    const found = keys.find(pair.publicKey.export({ format: 'jwk' }), 'any', 'ES256');
    if (typeof found === 'string') expect.fail(found);
    for (const number of TEXTS)
      await keys.verify(found, `thumbprint ${number}`, { algorithm: 'ES256', input, signature });
    expect(keys.size).to.equal(1_000);
  });

  it('proofs: fifty thousand', async () => {
    const seen = new SeenProofs();
    for (let number = 0; number < 50_000 + SENT; number += 1) seen.see(`proof ${number}`);
    // The first ten thousand are forgotten, the next ones are not.
    expect(seen.see(`proof ${SENT}`)).to.equal(false);
    expect(seen.see(`proof ${SENT - 1}`)).to.equal(true);
  });

  it('callers: their rates up to their bound', async () => {
    const rates = new CallerRates({ ...standingClock(), monotonic: () => 0 }, 100);
    const limit = { perSecond: 1, burst: 1 };
    for (const number of numbers) rates.take(`caller ${number}`, limit);
    expect(await remembered((number) => rates.waitOf(`caller ${number}`, limit) > 0)).to.equal(100);
  });

  it('callers: a thousand views', async () => {
    const catalogue = composeCatalogue(registers({ r: PERSON }));
    let looked = 0;
    const viewOf = createCallerViews({ catalogue, isInView: () => ((looked += 1), true) });
    const view = (number: number) =>
      viewOf({ kind: 'system', system: `system-${number}`, agency: undefined } as unknown as Parameters<
        typeof viewOf
      >[0]);
    for (const number of numbers) view(number);
    expect(
      await remembered(
        async (number) =>
          (await callsDuring(
            () => looked,
            () => view(number),
          )) === 0,
      ),
    ).to.equal(1_000);
  });
});

/** How a cache is made: of the library, or for messages that may not come twice. */
const CACHE = /\bnew LRUCache\b|\bclass ReplayGuard\b/;

describe('the table of caches', () => {
  it('has a row for each file that makes one, and no other', () => {
    const root = packageRoot();
    const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');
    const section =
      page.split('\n## ').find((part) => part.startsWith('What is remembered\n')) ?? expect.fail('no section');
    const named = [...section.matchAll(/^\| .* \| `([^`]+\.ts)` \|$/gm)].map(([, file]) => file ?? '');
    const made = ['adapters', 'gateway', 'monitoring', 'policies', 'schemas'].flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
        .map((file) => `${room}/${file}`)
        .filter((file) => file.endsWith('.ts') && CACHE.test(readFileSync(join(root, file), 'utf8'))),
    );
    expect(made).to.have.length.greaterThan(5);
    expect([...new Set(named)].sort()).to.deep.equal(made.sort());
  });
});
