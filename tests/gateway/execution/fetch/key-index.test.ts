import { expect } from 'chai';
import { compileFindKey, fieldsOfKey, KeyIndex } from '../../../../gateway/execution/fetch/key-index.js';
import { generateFunction } from '../../../../schemas/generated-function.js';

for (const [way, generate] of [
  ['generated', generateFunction],
  ['field by field', () => undefined],
] as const) {
  describe(`an index of entities’ keys, ${way}`, () => {
    const SUBJECT = { id: '1', role: 'self' };
    const indexOver = (...fields: readonly string[]): KeyIndex<string> =>
      new KeyIndex<string>(compileFindKey(fields, generate));
    const index = (): KeyIndex<string> => {
      const made = indexOver('__typename', 'id', 'part');
      made.add({ __typename: 'Doc', id: '1', part: 'p' }, undefined, 'first');
      return made;
    };

    it('finds what has the same values, also beside other fields', () => {
      expect(index().find({ __typename: 'Doc', id: '1', part: 'p', title: 'x' }, undefined)).to.equal('first');
    });

    for (const [difference, object] of [
      ['another value', { __typename: 'Doc', id: '2', part: 'p' }],
      ['another type of value', { __typename: 'Doc', id: 1, part: 'p' }],
      ['another type of object', { __typename: 'Card', id: '1', part: 'p' }],
      ['a value that is missing', { __typename: 'Doc', id: '1' }],
      ['a null', { __typename: 'Doc', id: '1', part: null }],
      ['nothing', {}],
    ] as const) {
      it(`does not find ${difference}`, () => {
        expect(index().find(object, undefined)).to.equal(undefined);
      });
    }

    it('keeps persons apart', () => {
      const made = index();
      expect(made.find({ __typename: 'Doc', id: '1', part: 'p' }, SUBJECT)).to.equal(undefined);
      made.add({ __typename: 'Doc', id: '1', part: 'p' }, SUBJECT, 'theirs');
      expect(made.find({ __typename: 'Doc', id: '1', part: 'p' }, { ...SUBJECT })).to.equal(undefined);
      expect(made.find({ __typename: 'Doc', id: '1', part: 'p' }, SUBJECT)).to.equal('theirs');
    });

    for (const [what, part] of [
      ['an object', { kato: '71' }],
      ['a list', [1]],
      ['a null', null],
      ['nothing', undefined],
    ] as const) {
      it(`never knows ${what} again: only whole and plain values make a key`, () => {
        const made = index();
        made.add({ __typename: 'Doc', id: '9', part }, undefined, 'odd');
        expect(made.find({ __typename: 'Doc', id: '9', part }, undefined)).to.equal(undefined);
      });
    }

    it('takes any name for a field', () => {
      const made = indexOver('a"b', '__proto__');
      const object = Object.fromEntries([
        ['a"b', 1],
        ['__proto__', 2],
      ]);
      made.add(object, undefined, 'odd');
      expect(made.find({ ...object, ['__proto__']: 2 }, undefined)).to.equal('odd');
    });
  });
}

describe('the fields of a key', () => {
  it('are all that are read, and the type', () => {
    const field = (from: string, to = from) => ({ kind: 'field', from, to, selections: [] }) as const;
    const requires = [
      { kind: 'type', name: 'Doc', selections: [field('__typename'), field('_internal_qp_alias_0', 'id')] },
      { kind: 'type', name: 'Card', selections: [field('no')] },
    ] as const;
    expect(fieldsOfKey(requires)).to.deep.equal(['__typename', '_internal_qp_alias_0', 'no']);
  });
});
