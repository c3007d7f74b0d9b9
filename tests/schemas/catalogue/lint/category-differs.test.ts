import { expect } from 'chai';
import { found, PERSON } from '../registers.js';

const other = (category: string): string =>
  `scalar Iin\ntype Person @key(fields: "iin") @subject(field: "iin") { iin: Iin! @category(name: "${category}") }`;

describe('catalogue rule: category-differs', () => {
  it('finds a field that two registers put into different categories', () => {
    expect(found('category-differs', { r: PERSON, s: other('s.numbers') })).to.deep.equal([
      '5: Person.iin is s.numbers here and r.identity in r: write the same category in both',
    ]);
  });

  it('is content when they agree', () => {
    expect(found('category-differs', { r: PERSON, s: other('r.identity') })).to.deep.equal([]);
  });
});
