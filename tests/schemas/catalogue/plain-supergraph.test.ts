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

  it('is refused with file and line where it asks for what Tereze does not enforce', () => {
    const guarded = COMPOSED.supergraphSdl.replace(/^ {2}name: String$/m, '  name: String @authenticated');
    const line = guarded.split('\n').findIndex((text) => text.includes('@authenticated')) + 1;
    expect(problem(guarded)).to.match(new RegExp(`^x\\.graphql:${line}: Tereze does not enforce @authenticated`));
    const linked = COMPOSED.supergraphSdl.replace(
      '@link',
      '@link(url: "https://acme.kz/notes/v1.0") @link(url: "https://acme.kz/auth/v1.0", for: SECURITY)\n @link',
    );
    expect(problem(linked)).to.match(/^x\.graphql:\d+: the feature "https:\/\/acme\.kz\/auth\/v1\.0" is for SECURITY/);
    const { ignoredFeatures } = plainCatalogue(linked.replace(', for: SECURITY', ''), 'x.graphql');
    expect(ignoredFeatures.map(({ file, message }) => `${file}: ${message}`)).to.deep.equal([
      'x.graphql: Tereze does not know the feature "https://acme.kz/notes/v1.0" and ignores it',
      'x.graphql: Tereze does not know the feature "https://acme.kz/auth/v1.0" and ignores it',
    ]);
  });

  it('is told from what is no supergraph, and from what is not GraphQL', () => {
    expect(problem('type Query { a: Int }')).to.equal(
      'x.graphql: is not a supergraph: it does not use the join specification',
    );
    expect(problem('type Query {\n  a: ]\n}')).to.equal('x.graphql:2: is not GraphQL');
  });
});
