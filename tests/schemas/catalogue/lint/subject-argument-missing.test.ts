import { expect } from 'chai';
import { found } from '../registers.js';

const root = (field: string): string => `scalar Iin type Query { ${field} }`;

describe('catalogue rule: subject-argument-missing', () => {
  it('finds a root field about a person that no argument names', () => {
    expect(found('subject-argument-missing', root('people: [Int] @category(name: "r.people")'))).to.deep.equal([
      '4: Query.people is about a person without saying which argument names them: write @subjectArgument on it',
    ]);
  });

  it('leaves root fields that are about no one', () => {
    expect(
      found('subject-argument-missing', root('regions: [Int] @category(name: "r.regions", sensitivity: OFFICIAL)')),
    ).to.deep.equal([]);
  });

  it('takes the strictest sensitivity that any field gives the category', () => {
    const sdl = root(
      'regions: [Int] @category(name: "r.regions", sensitivity: OPEN)\n secret: Int @category(name: "r.regions", sensitivity: SENSITIVE)',
    );
    expect(found('subject-argument-missing', sdl)).to.have.length(2);
  });
});
