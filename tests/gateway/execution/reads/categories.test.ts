import { expect } from 'chai';
import { addAccess, categoriesBeyond, categoriesOf } from '../../../../gateway/execution/reads/categories.js';
import { field, selection } from '../small-reads.js';

const entries = (categories: ReadonlyMap<string, string>): unknown => Object.fromEntries(categories);

describe('categories of a selection', () => {
  const below = selection([field('kato', { category: 'address' })]);
  const link = field('boss', { category: 'work', access: 'read', link: { field: 'id', role: 'boss' }, below });

  it('are those of its fields and of objects below, with the stronger access', () => {
    const fields = [
      field('a', { category: 'a', access: 'read' }),
      field('b', { category: 'a', access: 'disclose' }),
      field('c', { category: 'a', access: 'read' }),
      field('plain'),
      field('address', { below }),
    ];
    expect(entries(categoriesOf(fields))).to.deep.equal({ a: 'disclose', address: 'disclose' });
  });

  it('are read of the sources of a derived field, not disclosed', () => {
    const sources = [{ name: 'date', responseKey: '_d_date', category: 'date' }];
    const derived = field('year', { category: 'year', derivation: { derive: () => 1, sources } });
    expect(entries(categoriesOf([derived]))).to.deep.equal({ year: 'disclose', date: 'read' });
  });

  it('end at a link, whose own category counts', () => {
    expect(entries(categoriesOf([link]))).to.deep.equal({ work: 'read' });
  });

  it('are, beyond a link, its own category and all below', () => {
    expect(entries(categoriesBeyond(link, below))).to.deep.equal({ address: 'disclose', work: 'read' });
    expect(entries(categoriesBeyond(link, undefined))).to.deep.equal({ work: 'read' });
  });

  it('never lose a disclosure', () => {
    const categories = new Map([['a', 'disclose' as const]]);
    addAccess(categories, 'a', 'read');
    expect(entries(categories)).to.deep.equal({ a: 'disclose' });
  });
});
