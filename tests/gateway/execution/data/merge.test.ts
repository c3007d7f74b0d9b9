import { expect } from 'chai';
import { Annotations } from '../../../../gateway/execution/data/annotations.js';
import { copyOf, mergeInto, compileMerge } from '../../../../gateway/execution/data/merge.js';
import type { DataObject } from '../../../../gateway/execution/data/data-object.js';
import { plain } from '../harness.js';
import { bareObject } from '../../../../schemas/objects.js';
import { generateFunction } from '../../../../schemas/generated-function.js';

const merged = (target: DataObject, source: DataObject, annotations = new Annotations()): unknown => (
  mergeInto(target, source, annotations),
  plain(target)
);

describe('merge', () => {
  it('adds, overwrites leaves, and merges objects and equally long lists by position', () => {
    expect(
      merged({ a: 1, o: { x: 1 }, l: [{ i: 1 }, { i: 2 }] }, { b: 2, a: 3, o: { y: 2 }, l: [{ j: 1 }, null] }),
    ).to.deep.equal({ a: 3, b: 2, o: { x: 1, y: 2 }, l: [{ i: 1, j: 1 }, { i: 2 }] });
  });

  it('does not overwrite a value with null, and leaves a null where there is none', () => {
    expect(merged({ a: 1, o: { x: 1 } }, { a: null, o: null, n: null })).to.deep.equal({ a: 1, o: { x: 1 }, n: null });
  });

  it('takes a list of another length, and a list of leaves, as they come', () => {
    expect(merged({ l: [{ i: 1 }], names: ['a', 'b'] }, { l: [{ j: 1 }, { j: 2 }], names: ['c', 'd'] })).to.deep.equal({
      l: [{ j: 1 }, { j: 2 }],
      names: ['c', 'd'],
    });
  });

  it('does not merge what is about different persons', () => {
    const annotations = new Annotations();
    const [ours, theirs] = [{ name: 'ours' }, { secret: 'theirs' }];
    annotations.setSubject(ours, { id: '1', role: 'self' });
    annotations.setSubject(theirs, { id: '2', role: 'self' });
    expect(merged({ person: ours, list: [ours] }, { person: theirs, list: [theirs] }, annotations)).to.deep.equal({
      person: { name: 'ours' },
      list: [{ name: 'ours' }],
    });
  });

  it('carries what is known of the source', () => {
    const annotations = new Annotations();
    const [target, source] = [{}, { a: null }] as [DataObject, DataObject];
    annotations.setFault(source, 'a', { code: 'CONSENT_REQUIRED', category: 'c' });
    annotations.setFault(target, 'b', { code: 'GATEWAY_TIMEOUT' });
    mergeInto(target, source, annotations);
    expect([annotations.faultAt(target, 'a')?.code, annotations.faultAt(target, 'b')?.code]).to.deep.equal([
      'CONSENT_REQUIRED',
      'GATEWAY_TIMEOUT',
    ]);
  });

  it('pollutes no prototype', () => {
    const source = Object.assign(
      Object.create(null) as DataObject,
      JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as object,
    );
    mergeInto(Object.create(null) as DataObject, source, new Annotations());
    expect(({} as DataObject)['polluted']).to.equal(undefined);
  });

  it('copies share nothing with the original and know what it knows', () => {
    const annotations = new Annotations();
    const source: DataObject = { o: { l: [{ x: 1 }] } };
    const inner = (source['o'] as DataObject)['l'] as DataObject[];
    annotations.setFault(inner, 0, { code: 'DATA_QUALITY_FAILED' });
    annotations.setFault(inner[0]!, 'y', { code: 'GATEWAY_TIMEOUT' });
    const copy = copyOf(source, annotations);
    const copied = (copy['o'] as DataObject)['l'] as DataObject[];
    copied[0]!['x'] = 2;
    expect(inner[0]!['x']).to.equal(1);
    expect([annotations.faultAt(copied, 0)?.code, annotations.faultAt(copied[0]!, 'y')?.code]).to.deep.equal([
      'DATA_QUALITY_FAILED',
      'GATEWAY_TIMEOUT',
    ]);
  });
});

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
        const annotations = new Annotations();
        const [ours, expected] = [structuredClone(target), structuredClone(target)];
        compileMerge(KEYS, generate)(ours, structuredClone(record), true, annotations);
        mergeInto(expected, structuredClone(record), annotations);
        expect(plain(ours)).to.deep.equal(plain(expected));
      });
    }

    it('shares no object between places', () => {
      const annotations = new Annotations();
      const merge = compileMerge(KEYS, generate);
      const record = { a: { x: 1 }, b: [{ i: [1] }] };
      const places = [bareObject(), bareObject(), bareObject()];
      places.forEach((place, position) => merge(place, record, position === places.length - 1, annotations));
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
        compileMerge([key], generate)(target, copyOf(record, new Annotations()), true, new Annotations());
        expect(Object.keys(target)).to.deep.equal([key]);
        expect({}).to.not.have.property('x');
      });
    }
  });
}
