import { expect } from 'chai';
import { fieldsOfKey, KeyIndex } from '../../gateway/execution/key-index.js';

describe('an index of entities’ keys', () => {
  const SOMEBODY = { id: '1', role: 'self' };
  const index = (): KeyIndex<string> => {
    const made = new KeyIndex<string>(['__typename', 'id', 'part']);
    made.add({ __typename: 'Doc', id: '1', part: null }, undefined, 'first');
    return made;
  };

  it('finds what has the same values, whatever else it holds', () => {
    expect(index().find({ __typename: 'Doc', id: '1', part: null, title: 'x' }, undefined)).to.equal('first');
  });

  for (const [difference, object] of [
    ['another value', { __typename: 'Doc', id: '2', part: null }],
    ['another type of value', { __typename: 'Doc', id: 1, part: null }],
    ['another type of object', { __typename: 'Card', id: '1', part: null }],
    ['a value that is missing', { __typename: 'Doc', id: '1' }],
    ['a value more', { __typename: 'Doc', id: '1', part: 'p' }],
    ['nothing', {}],
  ] as const) {
    it(`does not find ${difference}`, () => {
      expect(index().find(object, undefined)).to.equal(undefined);
    });
  }

  it('keeps persons apart', () => {
    const made = index();
    expect(made.find({ __typename: 'Doc', id: '1', part: null }, SOMEBODY)).to.equal(undefined);
    made.add({ __typename: 'Doc', id: '1', part: null }, SOMEBODY, 'theirs');
    expect(made.find({ __typename: 'Doc', id: '1', part: null }, { ...SOMEBODY })).to.equal(undefined);
    expect(made.find({ __typename: 'Doc', id: '1', part: null }, SOMEBODY)).to.equal('theirs');
  });

  it('does not know objects and lists: that they are the same one does not make a key of them', () => {
    const nested = { kato: '71' };
    const made = index();
    made.add({ __typename: 'Doc', id: '9', part: nested }, undefined, 'nested');
    expect(made.find({ __typename: 'Doc', id: '9', part: nested }, undefined)).to.equal(undefined);
  });

  it('is made over every field that is read, and the type', () => {
    const field = (from: string, to = from) => ({ kind: 'field', from, to, selections: [] }) as const;
    expect(fieldsOfKey([{ kind: 'type', name: 'Doc', selections: [field('__typename'), field('_internal_qp_alias_0', 'id')] }, { kind: 'type', name: 'Card', selections: [field('no')] }])).to.deep.equal([
      '__typename',
      '_internal_qp_alias_0',
      'no',
    ]);
  });
});
