import { expect } from 'chai';
import { composeCatalogue } from '../../../schemas/catalogue/compose.js';
import { NO_CATEGORY, plainCatalogue, SupergraphInvalid } from '../../../schemas/catalogue/plain-supergraph.js';
import { PERSON, registers } from './registers.js';

const COMPOSED = composeCatalogue(registers({ r: PERSON }));

const problem = (text: string): string => {
  try {
    plainCatalogue(text, 'x.graphql');
  } catch (error) {
    if (error instanceof SupergraphInvalid) return error.message;
    throw error;
  }
  return expect.fail('it was taken');
};

describe('a supergraph alone', () => {
  it('shows the public what the registers’ composition shows', () => {
    expect(plainCatalogue(COMPOSED.supergraphSdl, 'x.graphql').publicSdl.trim()).to.equal(COMPOSED.publicSdl.trim());
  });

  it('has a hash of its own, and keeps the text', () => {
    const { hash, supergraphSdl } = plainCatalogue(COMPOSED.supergraphSdl, 'x.graphql');
    expect(hash)
      .to.match(/^sha256:[0-9a-f]{64}$/)
      .and.not.to.equal(COMPOSED.hash);
    expect(supergraphSdl).to.equal(COMPOSED.supergraphSdl);
  });

  it('says nothing of governance: no category can be opened', () => {
    const { governance } = plainCatalogue(COMPOSED.supergraphSdl, 'x.graphql');
    expect(governance.categories.size).to.equal(0);
    expect(governance.category('r', 'Person', 'name')).to.have.property('name', NO_CATEGORY);
    expect([
      governance.subjectField('r', 'Person'),
      governance.link('r', 'Person', 'name'),
      governance.subjectArgument('r', 'person'),
      governance.derived('r', 'Person', 'name'),
    ]).to.deep.equal([undefined, undefined, undefined, undefined]);
  });

  it('is told from what is no supergraph, and from what is not GraphQL', () => {
    expect(problem('type Query { a: Int }')).to.equal(
      'x.graphql: is not a supergraph: it does not use the join specification',
    );
    expect(problem('type Query {\n  a: ]\n}')).to.equal('x.graphql:2: is not GraphQL');
  });
});
