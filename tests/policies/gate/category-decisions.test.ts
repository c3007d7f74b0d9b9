import { expect } from 'chai';
import { categoryAccessKey, deniedCategories } from '../../../policies/gate/category-decisions.js';
import { byLaw } from './gate-fixture.js';

describe('category-decisions', () => {
  it('keeps reading and disclosing of one category apart', () => {
    const keys = (['read', 'disclose'] as const).map((access) => categoryAccessKey({ category: 'land', access }));
    expect(new Set(keys).size).to.equal(2);
    expect(categoryAccessKey({ category: 'land', access: 'read' })).to.equal(keys[0]);
  });

  it('finds the categories without any permission', () => {
    const open = { category: 'land', access: 'read', permissions: [byLaw('list')] } as const;
    const denied = { category: 'land', access: 'disclose', permissions: [] } as const;
    expect(deniedCategories([open, denied])).to.deep.equal([denied]);
  });
});
