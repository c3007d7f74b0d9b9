import { expect } from 'chai';
import { emptyObject, isObject, ownMember } from '../../adapters/response-object.js';

describe('objects of a response', () => {
  it('are plain JSON objects only', () => {
    expect(isObject({})).to.equal(true);
    expect(isObject(emptyObject())).to.equal(true);
    for (const value of [null, undefined, [], 'x', 1, true]) expect(isObject(value)).to.equal(false);
  });

  it('give own members only', () => {
    const parsed = JSON.parse('{"a":1,"__proto__":2}') as Record<string, unknown>;
    expect(ownMember(parsed, 'a')).to.equal(1);
    expect(ownMember(parsed, '__proto__')).to.equal(2);
    for (const name of ['constructor', 'toString', '__proto__']) expect(ownMember({}, name)).to.equal(undefined);
  });

  it('take any name when they are built', () => {
    const made = emptyObject();
    made['__proto__'] = { polluted: true };
    expect(Object.keys(made)).to.deep.equal(['__proto__']);
    expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
  });
});
