import { expect } from 'chai';
import fc from 'fast-check';
import {
  createConsentRequests,
  longestRequest,
  type ConsentRequest,
  type ConsentRequests,
} from '../../../policies/consent/request.js';
import { LONGEST_CASE_NUMBER } from '../../../schemas/caller-texts/case-number.js';
import { seededRandom, standingClock } from '../../doubles.js';
import { ADULT, STRANGER } from '../people.js';

const secret = Buffer.alloc(32, 7);
const random = seededRandom();
const at = (now: string, key = secret): ConsentRequests =>
  createConsentRequests({ secret: key, clock: standingClock(now), random, days: 30 });
const request: ConsentRequest = {
  agency: 'housing',
  purpose: 'housing_queue',
  caseNumber: 'HQ-2026-000101',
  categories: ['property.land'],
  subject: ADULT,
};

describe('consent request', () => {
  const requests = at('2026-03-02T00:00:00Z');

  it('opens what it sealed', () => {
    expect(requests.open(requests.seal(request))).to.deep.equal(request);
    const bare = { agency: 'housing', purpose: 'housing_queue', categories: ['property.land', 'property.vehicles'] };
    expect(requests.open(requests.seal(bare))).to.deep.equal(bare);
  });

  it('holds nothing readable', () => {
    const token = requests.seal(request);
    const bytes = Buffer.from(token.slice(4), 'base64url').toString('latin1');
    for (const word of [ADULT, 'housing', 'HQ-2026', 'property']) {
      expect(token).to.not.include(word);
      expect(bytes).to.not.include(word);
    }
  });

  it('has the same form and length for every person, and is never the same twice', () => {
    const tokens = [
      request,
      { ...request, subject: STRANGER },
      { ...request, subject: '000000000000' },
      { ...request, subject: undefined },
      request,
    ].map((one) => requests.seal(one));
    expect(new Set(tokens.map(({ length }) => length))).to.have.length(1);
    expect(new Set(tokens)).to.have.length(5);
    for (const token of tokens) expect(token).to.match(/^cr1_[A-Za-z0-9_-]+$/);
  });

  it('does not open what was changed, cut, or sealed elsewhere', () => {
    const token = requests.seal(request);
    const flipped = (index: number): string =>
      token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1);
    for (const other of [
      flipped(4),
      flipped(60),
      flipped(token.length - 2),
      token.slice(0, -4),
      token.slice(4),
      '',
      'cr1_',
      'cr1_AAAA',
      `cr2_${token.slice(4)}`,
    ]) {
      expect(requests.open(other), other).to.equal(undefined);
    }
    expect(at('2026-03-02T00:00:00Z', Buffer.alloc(32, 8)).open(token)).to.equal(undefined);
  });

  it('ends after its days', () => {
    const token = requests.seal(request);
    expect(at('2026-03-31T23:59:59Z').open(token)).to.deep.equal(request);
    expect(at('2026-04-01T00:00:00Z').open(token)).to.equal(undefined);
  });

  it('refuses a secret that is too short', () => {
    expect(() => at('2026-03-02T00:00:00Z', Buffer.alloc(31))).to.throw(RangeError);
  });

  it('is never longer than the longest of its words, and the one for all of them is about as long', () => {
    const words = {
      agencies: ['housing', 'h'],
      purposes: ['queue', 'housing_queue'],
      categories: Array.from({ length: 18 }, (_, position) => `property.category_${position}`),
    };
    const longest = longestRequest(words);
    const all = { agency: 'housing', purpose: 'housing_queue', categories: words.categories, subject: ADULT };
    expect(requests.seal({ ...all, caseNumber: LONGEST_CASE_NUMBER })).to.have.lengthOf.within(longest - 400, longest);
    fc.assert(
      fc.property(
        fc.subarray(words.categories, { minLength: 1 }),
        fc.string({ maxLength: 64 }),
        (categories, caseNumber) => {
          expect(requests.seal({ ...all, categories, caseNumber }).length).to.be.at.most(longest);
        },
      ),
      { numRuns: 300 },
    );
  });
});
