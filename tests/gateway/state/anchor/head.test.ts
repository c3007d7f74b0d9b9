import { expect } from 'chai';
import fc from 'fast-check';
import {
  EMPTY_HEAD,
  headFromJson,
  headToJson,
  mergeHeads,
  sameHead,
  type Head,
} from '../../../../gateway/state/anchor/head.js';
import { anyHead, headOf, leafOf } from './heads.js';

const json = (head: Head): unknown => JSON.parse(JSON.stringify(headToJson(head)));

describe('mergeHeads', () => {
  it('takes the larger, log by log and counter by counter', () => {
    const merged = mergeHeads(
      headOf({ 'tereze/0': 7, 'tereze/1': 2 }, { restrictions: 3 }),
      headOf({ 'tereze/0': 5, 'tereze/2': 9 }, { restrictions: 8 }),
    );
    expect([...merged.logs].map(([log, { size }]) => [log, size])).to.have.deep.members([
      ['tereze/0', 7],
      ['tereze/1', 2],
      ['tereze/2', 9],
    ]);
    expect(merged.restrictions).to.equal(8);
  });

  it('takes nothing but the beginnings of epochs from a smaller epoch', () => {
    const merged = mergeHeads(
      headOf({ 'tereze/0': 70 }, { epoch: 1, restrictions: 30, epochStarts: new Map([[1, 4]]) }),
      headOf({ 'tereze/9': 1 }, { epoch: 2, restrictions: 31, epochStarts: new Map([[2, 30]]) }),
    );
    expect(json(merged)).to.deep.include({ epoch: 2, counters: { restrictions: 31 } });
    expect([...merged.logs.keys()]).to.deep.equal(['tereze/9']);
    expect([...merged.epochStarts]).to.have.deep.members([
      [1, 4],
      [2, 30],
    ]);
  });

  it('gives the same in any order, any number of times', () => {
    fc.assert(
      fc.property(anyHead, anyHead, anyHead, (a, b, c) => {
        expect(sameHead(mergeHeads(a, b), mergeHeads(b, a))).to.equal(true);
        expect(sameHead(mergeHeads(a, mergeHeads(b, c)), mergeHeads(mergeHeads(a, b), c))).to.equal(true);
        expect(sameHead(mergeHeads(a, a), a)).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the last checkpoint of each log, of every epoch, and none where two of one size differ', () => {
    const [a, b] = [leafOf('a'), leafOf('b')];
    const merged = mergeHeads(
      headOf(
        {},
        {
          epoch: 1,
          checkpoints: new Map([
            ['tereze/0', { size: 3, root: a }],
            ['tereze/1', { size: 9, root: a }],
          ]),
        },
      ),
      headOf(
        {},
        {
          epoch: 2,
          checkpoints: new Map([
            ['tereze/0', { size: 3, root: b }],
            ['tereze/1', { size: 8, root: b }],
          ]),
        },
      ),
    );
    expect([...merged.checkpoints]).to.have.deep.members([
      ['tereze/0', { size: 3, root: null }],
      ['tereze/1', { size: 9, root: a }],
    ]);
  });

  it('never goes back', () => {
    fc.assert(
      fc.property(anyHead, anyHead, (a, b) => {
        const merged = mergeHeads(a, b);
        expect(merged.epoch).to.equal(Math.max(a.epoch, b.epoch));
        for (const one of [a, b].filter(({ epoch }) => epoch === merged.epoch)) {
          expect(merged.restrictions).to.be.at.least(one.restrictions);
          for (const [log, { size }] of one.logs) expect(merged.logs.get(log)?.size).to.be.at.least(size);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('headFromJson', () => {
  it('reads what headToJson wrote', () => {
    fc.assert(
      fc.property(anyHead, (head) => {
        const read = headFromJson(json(head));
        expect(read !== undefined && sameHead(read, head)).to.equal(true);
      }),
    );
  });

  for (const [what, broken] of Object.entries({
    nothing: undefined,
    'another value': 'head',
    'a missing counter': { ...headToJson(EMPTY_HEAD), counters: {} },
    'an unknown member': { ...headToJson(EMPTY_HEAD), later: 1 },
    'a negative epoch': { ...headToJson(EMPTY_HEAD), epoch: -1 },
    'a fraction': { ...headToJson(EMPTY_HEAD), epoch: 0.5 },
    'a log without entries': { ...headToJson(EMPTY_HEAD), logs: [{ log: 'tereze/0', size: 0, leaf: 'a'.repeat(64) }] },
    'a checkpoint of no entries': {
      ...headToJson(EMPTY_HEAD),
      checkpoints: [{ log: 'tereze/0', size: 0, root: null }],
    },
    'a checkpoint whose root is no hash': {
      ...headToJson(EMPTY_HEAD),
      checkpoints: [{ log: 'tereze/0', size: 1, root: 'ab' }],
    },
    'a leaf that is no hash': { ...headToJson(EMPTY_HEAD), logs: [{ log: 'tereze/0', size: 1, leaf: '' }] },
  }))
    it(`refuses ${what}`, () => expect(headFromJson(broken)).to.equal(undefined));
});
