import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { SupergraphInvalid } from '../../../schemas/catalogue/plain-supergraph.js';
import { readSupergraph } from '../../../schemas/catalogue/supergraph-file.js';

describe('a supergraph file', () => {
  const own = readFileSync('schemas/catalogue/supergraph.graphql', 'utf8');
  const served = own.replaceAll(/register:\/\/([a-z-]+)/g, 'http://127.0.0.1:1/$1');

  it('names its services as plans do, with their addresses, and governs nothing', () => {
    const { catalogue, services } = readSupergraph(served, 'x.graphql');
    expect(services).to.deep.include({ name: 'civil-acts', url: 'http://127.0.0.1:1/civil-acts' });
    expect(catalogue.governance.categories.size).to.equal(0);
    expect(catalogue.publicSdl).to.include('type Citizen').and.not.include('join__');
  });

  for (const [what, text] of [
    ['no GraphQL', 'what?'],
    ['a schema that was never composed', 'type Query { a: Int }'],
    ['a service without an HTTP address', own],
    ['a field named like a key of the gateway', served.replace('type Citizen', 'type Odd { _a_x: Int }\ntype Citizen')],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => readSupergraph(text, 'x.graphql')).to.throw(SupergraphInvalid, 'x.graphql');
    });
  }
});
