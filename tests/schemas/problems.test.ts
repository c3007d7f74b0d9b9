import { expect } from 'chai';
import { mapAll, Problems, SeveralProblems } from '../../schemas/problems.js';

const fail = (message: string) => () => {
  throw new TypeError(message);
};

describe('Problems', () => {
  it('throws nothing when every step succeeds, and returns what they returned', async () => {
    const problems = new Problems();
    expect([problems.attempt(() => 1), await problems.attemptAsync(async () => 2)]).to.deep.equal([1, 2]);
    expect(() => problems.throwIfAny()).not.to.throw();
  });

  it('throws the only error as it was thrown', () => {
    const problems = new Problems();
    expect(problems.attempt(fail('a'))).to.equal(undefined);
    expect(() => problems.throwIfAny()).to.throw(TypeError, /^a$/);
  });

  it('throws all errors together, a line each, those of a step with several one by one', async () => {
    const problems = new Problems();
    problems.attempt(fail('a'));
    await problems.attemptAsync(async () => mapAll(['b', 'c'], (message) => fail(message)()));
    expect(() => problems.throwIfAny()).to.throw(SeveralProblems, /^a\nb\nc$/);
    expect((problems.error() as SeveralProblems).problems).to.have.length(3);
  });
});

describe('mapAll', () => {
  it('returns all results in order', () => {
    expect(mapAll([1, 2, undefined], (one) => one)).to.deep.equal([1, 2, undefined]);
  });

  it('tries every item before it throws', () => {
    const tried: string[] = [];
    const make = (item: string): string => {
      tried.push(item);
      if (item === 'a') throw new Error('a cannot be made');
      return item;
    };
    expect(() => mapAll(['a', 'b'], make)).to.throw('a cannot be made');
    expect(tried).to.deep.equal(['a', 'b']);
  });
});
