import { expect } from 'chai';
import { BoundedCache } from '../../../gateway/execution/bounded-cache.js';

describe('bounded cache', () => {
  it('makes a value once, and forgets the oldest when full', () => {
    const made: string[] = [];
    const cache = new BoundedCache<string>(2);
    for (const key of ['a', 'a', 'b', 'c', 'b', 'a']) cache.get(key, () => (made.push(key), key));
    expect(made).to.deep.equal(['a', 'b', 'c', 'a']);
  });
});
