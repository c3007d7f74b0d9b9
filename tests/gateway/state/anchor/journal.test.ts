import { expect } from 'chai';
import fc from 'fast-check';
import {
  emptySegment,
  mergeSegments,
  segmentFromJson,
  segmentOf,
  segmentsBetween,
  segmentToJson,
  unionOf,
  type JournalSegment,
} from '../../../../gateway/state/anchor/journal.js';
import type { NumberedRestriction } from '../../../../schemas/ports/restrictions.js';

const anyRestriction: fc.Arbitrary<NumberedRestriction> = fc.record({
  number: fc.integer({ min: 1, max: 12 }),
  kind: fc.constantFrom('withdrawal', 'narrowing'),
  id: fc.constantFrom('a', 'b'),
  revision: fc.integer({ min: 0, max: 3 }),
});
const anySegment: fc.Arbitrary<JournalSegment> = fc
  .record({ droppedThrough: fc.nat(6), restrictions: fc.array(anyRestriction, { maxLength: 6 }) })
  .map(({ droppedThrough, restrictions }) =>
    mergeSegments({ segment: 0, droppedThrough, restrictions }, emptySegment(0)),
  );

describe('mergeSegments', () => {
  it('gives the same in any order, any number of times', () => {
    fc.assert(
      fc.property(anySegment, anySegment, anySegment, (a, b, c) => {
        expect(mergeSegments(a, b)).to.deep.equal(mergeSegments(b, a));
        expect(mergeSegments(a, mergeSegments(b, c))).to.deep.equal(mergeSegments(mergeSegments(a, b), c));
        expect(mergeSegments(a, a)).to.deep.equal(a);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps all that either holds, but what was dropped for its age', () => {
    fc.assert(
      fc.property(anySegment, anySegment, (a, b) => {
        const merged = mergeSegments(a, b);
        const kept = [...a.restrictions, ...b.restrictions].filter(({ number }) => number > merged.droppedThrough);
        expect(merged.restrictions).to.have.deep.members(unionOf(kept));
      }),
    );
  });

  it('keeps both restrictions that got one number on two sides of a restored copy', () => {
    const of = (id: string): JournalSegment => ({
      ...emptySegment(0),
      restrictions: [{ number: 3, kind: 'withdrawal', id, revision: 2 }],
    });
    expect(mergeSegments(of('a'), of('b')).restrictions.map(({ id }) => id)).to.deep.equal(['a', 'b']);
  });
});

describe('the segments of the journal', () => {
  it('hold 256 restrictions each, the first from number 1', () => {
    expect([1, 256, 257, 512, 513].map(segmentOf)).to.deep.equal([0, 0, 1, 1, 2]);
    expect(segmentsBetween(1, 600)).to.deep.equal([0, 1, 2]);
    expect(segmentsBetween(256, 257)).to.deep.equal([0, 1]);
    expect(segmentsBetween(257, 257)).to.deep.equal([1]);
    expect(segmentsBetween(1, 0)).to.deep.equal([]);
    expect(segmentsBetween(5, 4)).to.deep.equal([0]);
  });

  it('are read as they were written', () => {
    fc.assert(
      fc.property(anySegment, (segment) => {
        expect(segmentFromJson(JSON.parse(JSON.stringify(segmentToJson(segment))))).to.deep.equal(segment);
      }),
    );
    expect(segmentFromJson(undefined)).to.equal(undefined);
    expect(segmentFromJson({ segment: 0, dropped_through: 0, restrictions: [{ number: 0 }] })).to.equal(undefined);
  });
});
