import { expect } from 'chai';
import { RESERVED_PREFIXES } from '../../../../schemas/catalogue/lint/reserved-names.js';
import { found } from '../registers.js';

describe('catalogue rule: reserved-names', () => {
  for (const prefix of RESERVED_PREFIXES) {
    it(`refuses fields that begin with ${prefix}`, () => {
      expect(found('reserved-names', `type Flat @category(name: "r.a") { ${prefix}x: Int }`)).to.have.length(1);
    });
  }

  it('leaves every other name', () => {
    expect(found('reserved-names', 'type Flat @category(name: "r.a") { area: Int _x: Int }')).to.deep.equal([]);
  });
});
