import { expect } from 'chai';
import { buildSchema, parse } from 'graphql';
import { deprecationFinder } from '../../../../gateway/planning/document/deprecations.js';

const SCHEMA = buildSchema(`
  type Query { person: Person node: Node }
  interface Node { id: ID @deprecated(reason: "Sunset 2027-01-01") }
  type Person implements Node { id: ID name: String @deprecated(reason: "Use fullName. Sunset 2027-06-30.") old: String @deprecated fullName: String }
`);

const found = (text: string): unknown => deprecationFinder(SCHEMA)(parse(text));

describe('planning: deprecations', () => {
  it('are the deprecated fields that a document asks for, each once, with date and reason', () => {
    const text = '{ person { fullName n: name ...F } } fragment F on Person { name old }';
    expect(found(text)).to.deep.equal([
      { field: 'Person.name', sunset: '2027-06-30', reason: 'Use fullName. Sunset 2027-06-30.' },
      { field: 'Person.old', reason: 'No longer supported' },
    ]);
  });

  it('are those of the type on which a field is asked', () => {
    expect(found('{ node { id ... on Person { id } } }')).to.deep.equal([
      { field: 'Node.id', sunset: '2027-01-01', reason: 'Sunset 2027-01-01' },
    ]);
  });

  it('are none in a schema without any', () => {
    expect(deprecationFinder(buildSchema('type Query { a: Int }'))(parse('{ a }'))).to.deep.equal([]);
  });

  it('are none where nothing deprecated is asked', () => {
    expect(found('{ person { fullName __typename } }')).to.deep.equal([]);
  });
});
