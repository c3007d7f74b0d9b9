import { expect } from 'chai';
import {
  concreteType,
  isContent,
  wholeWithheldFor,
  withheldFor,
  type FieldDerivation,
} from '../../../../gateway/execution/reads/read-field.js';
import { field, selection } from '../small-reads.js';

const denied = (...categories: readonly string[]): ReadonlySet<string> => new Set(categories);
const derivation: FieldDerivation = {
  derive: () => null,
  sources: [
    { name: 'date', responseKey: '_d_date', category: 'date' },
    { name: 'place', responseKey: '_d_place', category: 'place' },
  ],
};

describe('a field that is read', () => {
  it('is withheld for its own category before that of a source', () => {
    const derived = field('year', { category: 'year', derivation });
    expect(withheldFor(derived, denied('year', 'date'))).to.equal('year');
    expect(withheldFor(derived, denied('place'))).to.equal('place');
    expect(withheldFor(derived, denied('other'))).to.equal(undefined);
    expect(withheldFor(derived, denied())).to.equal(undefined);
  });

  it('is withheld with the first field below when every field below is', () => {
    const below = selection([field('a', { category: 'a' }), field('b', { category: 'b' })]);
    const object = field('object', { below });
    expect(withheldFor(object, denied('b', 'a'))).to.equal('a');
    expect(withheldFor(object, denied('a'))).to.equal(undefined);
  });

  it('is not withheld for what a link leads to: that is another person', () => {
    const below = selection([field('a', { category: 'a' })]);
    const link = field('boss', { category: 'work', link: { field: 'id', role: 'boss' }, below });
    expect(withheldFor(link, denied('a'))).to.equal(undefined);
    expect(withheldFor(link, denied('work'))).to.equal('work');
  });

  it('counts for the whole only if the client can be given it', () => {
    const [content, identity] = [field('a', { category: 'a' }), field('id', { origin: 'identity' })];
    expect([content, identity].map(isContent)).to.deep.equal([true, false]);
    expect(wholeWithheldFor(selection([content, identity]), denied('a'))).to.equal('a');
    expect(wholeWithheldFor(selection([content, field('b')]), denied('a'))).to.equal(undefined);
  });

  it('stands on a record whose type the selection states, or else the record', () => {
    const [doc, node] = [selection([]), selection([], { type: 'Node', abstract: true })];
    expect(concreteType({ __typename: 'Card' }, doc)).to.equal('Doc');
    expect(concreteType({ __typename: 'Card' }, node)).to.equal('Card');
    expect(concreteType({}, node)).to.equal(undefined);
    expect(concreteType({ __typename: 1 }, node)).to.equal(undefined);
  });
});
