import { expect } from 'chai';
import { Numeral } from '../../schemas/numeral.js';
import { bareObject, isLeaf, isObject, ownMember } from '../../schemas/objects.js';

describe('isObject', () => {
  it('takes objects of JSON only', () => {
    for (const value of [{}, bareObject(), Object.create(null)]) expect(isObject(value)).to.equal(true);
    for (const value of [null, undefined, [], 'x', 1, true, () => 1, new Numeral('19.10')])
      expect(isObject(value)).to.equal(false);
  });
});

describe('isLeaf', () => {
  it('takes what a scalar can be', () => {
    for (const value of [null, undefined, 'x', 1, true, new Numeral('19.10')]) expect(isLeaf(value)).to.equal(true);
    for (const value of [{}, [], bareObject()]) expect(isLeaf(value)).to.equal(false);
  });
});

describe('ownMember', () => {
  it('returns own members only', () => {
    const parsed = JSON.parse('{"a":1,"__proto__":2}') as Record<string, unknown>;
    expect(ownMember(parsed, 'a')).to.equal(1);
    expect(ownMember(parsed, '__proto__')).to.equal(2);
    for (const name of ['constructor', 'toString', '__proto__']) expect(ownMember({}, name)).to.equal(undefined);
  });
});

describe('a bare object', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];

  for (const name of names) {
    it(`has no ${name}, and only its own when it is set`, () => {
      const object = bareObject();
      expect(name in object).to.equal(false);
      object[name] = { polluted: true };
      expect(Object.hasOwn(object, name)).to.equal(true);
      expect(Object.keys(object)).to.deep.equal([name]);
      expect(name in bareObject()).to.equal(false);
      expect({}).to.not.have.property('polluted');
    });
  }

  it('has a prototype that holds nothing and takes nothing', () => {
    const prototype = Object.getPrototypeOf(bareObject()) as object;
    expect(Reflect.ownKeys(prototype)).to.deep.equal([]);
    expect(Object.getPrototypeOf(prototype)).to.equal(null);
    expect(() => Object.assign(prototype, { a: 1 })).to.throw(TypeError);
  });

  it('is written as JSON like any other', () => {
    expect(JSON.stringify(Object.assign(bareObject(), { b: 1, a: null }))).to.equal('{"b":1,"a":null}');
  });
});
