import { expect } from 'chai';
import { copyLeaf } from '../../../../gateway/execution/data/data-object.js';

describe('copies of leaves', () => {
  it('share no list and no object with the original', () => {
    const original = { list: [{ x: 1 }], scalar: { y: [2] } };
    const copy = copyLeaf(original) as typeof original;
    original.list[0]!.x = 9;
    original.scalar.y.push(9);
    expect(JSON.parse(JSON.stringify(copy))).to.deep.equal({ list: [{ x: 1 }], scalar: { y: [2] } });
  });

  it('keep values as they are, and take what is missing as null', () => {
    expect([0, '', false, 'x', null, undefined].map(copyLeaf)).to.deep.equal([0, '', false, 'x', null, null]);
    expect(copyLeaf([undefined])).to.deep.equal([null]);
  });

  it('have __proto__ as a member of their own', () => {
    const copy = copyLeaf(JSON.parse('{"__proto__":{"polluted":true}}')) as object;
    expect(Object.keys(copy)).to.deep.equal(['__proto__']);
    expect({}).to.not.have.property('polluted');
  });
});
