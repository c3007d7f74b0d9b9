import { expect } from 'chai';
import { found, PERSON } from '../registers.js';

describe('catalogue rule: root-type-names', () => {
  it('finds a root type under another name, which the index would not know', () => {
    expect(
      found(
        'root-type-names',
        'schema { query: Questions } type Questions { open: Int @category(name: "r.a", sensitivity: OPEN) }',
      ),
    ).to.deep.equal(['4: the root type of query is called Questions: call it by its default name']);
  });

  it('is content with the default names', () => {
    expect(found('root-type-names', `${PERSON} schema { query: Query }`)).to.deep.equal([]);
  });
});
