import { expect } from 'chai';
import { SMALL } from '../../gateway/execution/small-types.js';

describe('supergraph types', () => {
  it('know what a type may stand for', () => {
    expect([...SMALL.possibleTypes('Node')]).to.have.members(['Node', 'Doc', 'Card']);
    expect([...SMALL.possibleTypes('Any')]).to.have.members(['Any', 'Doc', 'Card']);
    expect([...SMALL.possibleTypes('Doc')]).to.deep.equal(['Doc']);
    expect([...SMALL.possibleTypes('Elsewhere')]).to.deep.equal(['Elsewhere']);
  });

  it('know fields, and refuse what is none', () => {
    expect(SMALL.field('Query', 'nodes')).to.deep.equal({ name: 'Node', list: true, lists: 2, composite: true });
    expect(SMALL.field('Node', 'id')).to.deep.equal({ name: 'ID', list: false, lists: 0, composite: false });
    expect(() => SMALL.field('Doc', 'secret')).to.throw('Doc.secret');
  });

  it('know the roots', () => {
    expect([
      SMALL.rootType('query'),
      SMALL.rootType('mutation'),
      SMALL.isObject('Node'),
      SMALL.isObject('Doc'),
    ]).to.deep.equal(['Query', 'Mutation', false, true]);
    expect(() => SMALL.rootType('subscription')).to.throw('subscription');
  });
});
