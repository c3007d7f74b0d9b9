import { expect } from 'chai';
import { createPseudonyms } from '../../../policies/disclosure/pseudonyms.js';
import { ADULT, CHILD } from '../people.js';

describe('pseudonyms', () => {
  const pseudonyms = createPseudonyms(Buffer.alloc(32, 1));
  const others = createPseudonyms(Buffer.alloc(32, 2));

  it('gives tokens of 64 hex digits, the same for one key only', () => {
    expect(pseudonyms.token(ADULT))
      .to.match(/^[0-9a-f]{64}$/)
      .and.to.equal(createPseudonyms(Buffer.alloc(32, 1)).token(ADULT));
    expect(new Set([pseudonyms.token(ADULT), pseudonyms.token(CHILD), others.token(ADULT)])).to.have.length(3);
  });

  it('gives index tokens of 16 bytes: that of the newest key for writing, those of all live keys for searching', () => {
    const [older, newer] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const rotated = createPseudonyms(older, [newer, older]);
    // Under one key, an index token is the first half of the token: so are the tokens of earlier entries found.
    expect(pseudonyms.indexToken(ADULT)).to.equal(pseudonyms.token(ADULT).slice(0, 32));
    expect(pseudonyms.indexTokens(ADULT)).to.deep.equal([pseudonyms.indexToken(ADULT)]);
    expect(rotated.indexToken(ADULT)).to.equal(createPseudonyms(newer).indexToken(ADULT));
    expect(rotated.indexTokens(ADULT)).to.deep.equal([rotated.indexToken(ADULT), pseudonyms.indexToken(ADULT)]);
    expect(createPseudonyms(older, [newer, newer]).indexTokens(ADULT)).to.have.length(1);
    expect(rotated.token(ADULT), 'consents keep their tokens').to.equal(pseudonyms.token(ADULT));
    expect(() => createPseudonyms(older, [])).to.throw(RangeError);
  });

  it('gives pseudonyms that hold for one receiver and case, and cannot be linked across them', () => {
    const pseudonym = pseudonyms.pseudonym(ADULT, 'appeals-ai', 'AP-2026-000301');
    expect(pseudonym)
      .to.match(/^P-[A-Z2-7]{12}$/)
      .and.to.equal(pseudonyms.pseudonym(ADULT, 'appeals-ai', 'AP-2026-000301'));
    const all = [
      pseudonym,
      pseudonyms.pseudonym(ADULT, 'appeals-ai', 'AP-2026-000302'),
      pseudonyms.pseudonym(ADULT, 'other-ai', 'AP-2026-000301'),
      pseudonyms.pseudonym(CHILD, 'appeals-ai', 'AP-2026-000301'),
      others.pseudonym(ADULT, 'appeals-ai', 'AP-2026-000301'),
    ];
    expect(new Set(all)).to.have.length(all.length);
  });

  it('keeps receiver and case apart', () => {
    expect(pseudonyms.pseudonym(ADULT, 'a', 'bc')).to.not.equal(pseudonyms.pseudonym(ADULT, 'ab', 'c'));
  });

  it('spreads over the whole alphabet in every place', () => {
    const seen = Array.from({ length: 12 }, () => new Set<string>());
    for (let n = 0; n < 2_000; n += 1)
      [...pseudonyms.pseudonym(String(n), 'r', 'c').slice(2)].forEach((letter, place) => seen[place]?.add(letter));
    for (const letters of seen) expect(letters).to.have.length(32);
  });

  it('refuses a secret that is too short', () => {
    expect(() => createPseudonyms(Buffer.alloc(31))).to.throw(RangeError);
  });
});
