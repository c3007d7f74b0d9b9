import { expect } from 'chai';
import { bareObject } from '../../schemas/bare-object.js';

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
