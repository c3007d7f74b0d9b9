import { expect } from 'chai';
import { parse as parseSchema } from 'graphql';
import { parse } from 'yaml';
import { checkMapping } from '../../../adapters/mapping/check/check-mapping.js';
import { outlineOfRecords } from '../../../adapters/rest/outline.js';
import { restSource } from '../../../adapters/rest/source.js';

const SCHEMA = `
  extend schema @link(url: "https://tereze.kz/governance/v1.0", import: [{ name: "@subject", as: "@about" }, "@subjectArgument"])
  type Query {
    person(iin: Iin!): Person
    byNumber(number: String! @subjectArgument): Person
    search(filter: Filter): Person
    unit(bin: Bin!): Unit
    byPassport(passport: String!): Person
    actsOf(iin: ID!): [Act]
  }
  input Filter { iin: Iin, name: String }
  type Person @key(fields: "number") @about(field: "number") { number: String!, name: String, acts(since: String, of: Iin): [Act] }
  type Unit @key(fields: "bin") { bin: Bin!, name: String }
  type Act { name: String }
  type Deed @key(fields: "iin") { iin: String! }
  scalar Iin scalar Bin
`;

/** Returns the faults of one operation that is used in one way. */
function faults({
  request,
  use,
  agreed = false,
}: {
  request: string;
  use: string;
  agreed?: boolean;
}): readonly string[] {
  const consent = agreed ? ', identifier_in_address: { owner: O, agreement: A, until: 2030-01-01 }' : '';
  const yaml = `
protocol: rest
operations:
  asked: { request: ${request}${consent} }
  other: { request: { method: POST, path: /x, body: { n: "{number}" } } }
${use}
`;
  const outline = outlineOfRecords(restSource.parse(parse(yaml)));
  return checkMapping({ ...outline, types: [], roots: [] }, parseSchema(SCHEMA))
    .filter(({ message }) => message.includes('identifies a person'))
    .map(({ at, message }) => `${at.join('.')}: ${message.slice(0, message.indexOf(','))}`);
}

const PERSON = 'types: { Person: { key: number, read: asked, fields: { number: n, name: n } } }';

describe('a value in an address', () => {
  it('that identifies a person is told, by the directives and scalars of the schema', () => {
    const told = ['operations.asked: asked puts {number}'];
    for (const request of [
      '{ path: "/p/{number}" }',
      '{ path: /p, query: { n: "a{number}" } }',
      '{ path: /p, query: { n: { joined: "{number[]}" } } }',
      '{ path: /p, query: { n: { deep: { x: "{number}" } } } }',
      '{ path: /p, headers: { X-Number: "{number}" } }',
    ]) {
      expect(faults({ request, use: PERSON }), request).to.deep.equal(told);
      expect(faults({ request, use: PERSON, agreed: true }), request).to.deep.equal([]);
    }
    expect(faults({ request: '{ method: POST, path: /p, body: { n: "{number}" } }', use: PERSON })).to.deep.equal([]);
    expect(faults({ request: '{ method: POST, path: /p, form: { n: "{number}" } }', use: PERSON })).to.deep.equal([]);
  });

  it('is found in arguments of root fields, renamed and of inputs, and of fields apart', () => {
    const root = (field: string, named = ''): string => `types: {}\nroots: { ${field}: { operation: asked${named} } }`;
    const at = (placeholder: string): string[] => [`operations.asked: asked puts {${placeholder}}`];
    expect(faults({ request: '{ path: "/p/{iin}" }', use: root('person') })).to.deep.equal(at('iin'));
    expect(
      faults({ request: '{ path: "/p/{x}" }', use: root('byNumber', ', arguments: { x: number }') }),
    ).to.deep.equal(at('x'));
    expect(faults({ request: '{ path: "/p/{filter.iin}" }', use: root('search') })).to.deep.equal(at('filter.iin'));
    expect(faults({ request: '{ path: "/p/{filter.name}" }', use: root('search') })).to.deep.equal([]);
    const acts = (request: string): readonly string[] =>
      faults({
        request,
        use: 'types: { Act: { fields: { name: n } }, Person: { key: number, read: other, fields: { number: n, acts: { operation: asked, type: Act } } } }',
      });
    expect(acts('{ path: "/p/{number}/acts" }')).to.deep.equal(at('number'));
    expect(acts('{ path: "/acts", query: { of: "{of}" } }')).to.deep.equal(at('of'));
    expect(acts('{ path: "/acts", query: { since: "{since}" } }')).to.deep.equal([]);
  });

  it('identifies a person, too, if the schema calls it a text: by what is answered, and by what it is called', () => {
    const root = (field: string, named = ''): string => `types: {}\nroots: { ${field}: { operation: asked${named} } }`;
    const at = (placeholder: string): string[] => [`operations.asked: asked puts {${placeholder}}`];
    // The placeholder is the key of Person, under any name of the argument.
    expect(
      faults({ request: '{ path: "/p/{number}" }', use: root('byPassport', ', arguments: { number: passport }') }),
    ).to.deep.equal(at('number'));
    expect(faults({ request: '{ path: "/p/{passport}" }', use: root('byPassport') })).to.deep.equal([]);
    expect(faults({ request: '{ path: "/p/{iin}" }', use: root('actsOf') })).to.deep.equal(at('iin'));
    expect(faults({ request: '{ path: "/p/{x}" }', use: root('actsOf', ', arguments: { x: iin }') })).to.deep.equal(
      at('x'),
    );
    const key = 'types: { Deed: { key: iin, read: asked, fields: { iin: n } } }';
    expect(faults({ request: '{ path: "/p/{iin}" }', use: key })).to.deep.equal(at('iin'));
  });

  it('identifies a person, too, if it is called as the numbers of people are in some state', () => {
    const use = (placeholder: string): string =>
      `types: {}\nroots: { byPassport: { operation: asked, arguments: { ${placeholder}: passport } } }`;
    for (const name of ['bsn', 'personNumber', 'codice_fiscale', 'ssn'])
      expect(faults({ request: `{ path: "/p/{${name}}" }`, use: use(name) })).to.deep.equal([
        `operations.asked: asked puts {${name}}`,
      ]);
    for (const name of ['plate', 'document'])
      expect(faults({ request: `{ path: "/p/{${name}}" }`, use: use(name) })).to.deep.equal([]);
  });

  it('that numbers an organisation needs no consent', () => {
    const use =
      'types: { Unit: { key: bin, read: asked, fields: { bin: b, name: n } } }\nroots: { unit: { operation: asked } }';
    expect(faults({ request: '{ path: "/units/{bin}" }', use })).to.deep.equal([]);
  });
});
