import { expect } from 'chai';
import { Marks } from '../../../../gateway/execution/data/annotations.js';
import { compileMerge } from '../../../../gateway/execution/data/merge-plain.js';
import { copyOf, mergeInto } from '../../../../gateway/execution/data/merge.js';
import type { DataObject } from '../../../../gateway/execution/fetch/entity-paths.js';
import { bareObject } from '../../../../schemas/objects.js';
import { generateFunction } from '../../../../schemas/generated-function.js';
import { plain } from '../harness.js';

const CASES: readonly (readonly [string, DataObject, DataObject])[] = [
  ['adds and overwrites leaves', { a: 1, b: 'old' }, { b: 'new', c: false }],
  ['does not overwrite a value with null, and leaves a null where there is none', { a: 1 }, { a: null, b: null }],
  [
    'merges objects, and equally long lists by position',
    { a: { x: 1 }, b: [{ i: 1 }, null] },
    { a: { y: 2 }, b: [{ j: 1 }, { j: 2 }] },
  ],
  ['takes a list of another length as it comes', { a: [{ i: 1 }] }, { a: [] }],
  ['takes a value for a null', { a: null, b: null }, { a: { x: 1 }, b: 0 }],
  ['leaves alone what the record does not have', { a: 1 }, {}],
];

for (const [way, generate] of [
  ['generated', generateFunction],
  ['key by key', () => undefined],
] as const) {
  describe(`merging a plain record, ${way}`, () => {
    const KEYS = ['a', 'b', 'c'];

    for (const [what, target, record] of CASES) {
      it(what, () => {
        const marks = new Marks();
        const [ours, expected] = [structuredClone(target), structuredClone(target)];
        compileMerge(KEYS, generate)(ours, structuredClone(record), true, marks);
        mergeInto(expected, structuredClone(record), marks);
        expect(plain(ours)).to.deep.equal(plain(expected));
      });
    }

    it('shares no object between places', () => {
      const marks = new Marks();
      const merge = compileMerge(KEYS, generate);
      const record = { a: { x: 1 }, b: [{ i: [1] }] };
      const places = [bareObject(), bareObject(), bareObject()];
      places.forEach((place, position) => merge(place, record, position === places.length - 1, marks));
      const [first, second] = places as [DataObject, DataObject];
      (first['a'] as DataObject)['x'] = 'changed';
      ((first['b'] as DataObject[])[0]!['i'] as number[]).push(2);
      expect(plain(second)).to.deep.equal({ a: { x: 1 }, b: [{ i: [1] }] });
      expect(plain(places[2])).to.deep.equal({ a: { x: 1 }, b: [{ i: [1] }] });
      expect(places[2]?.['a'], 'the last one needs no copy').to.equal(record.a);
    });

    for (const key of ['__proto__', 'constructor', 'a"b']) {
      it(`merges ${key} as any other key`, () => {
        const [target, record] = [bareObject(), bareObject()];
        record[key] = { x: 1 };
        compileMerge([key], generate)(target, copyOf(record, new Marks()), true, new Marks());
        expect(Object.keys(target)).to.deep.equal([key]);
        expect({}).to.not.have.property('x');
      });
    }
  });
}
