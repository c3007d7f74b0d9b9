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
  }
  input Filter { iin: Iin, name: String }
  type Person @key(fields: "number") @about(field: "number") { number: String!, name: String, acts(since: String, of: Iin): [Act] }
  type Unit @key(fields: "bin") { bin: Bin!, name: String }
  type Act { name: String }
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

  it('that numbers an organisation needs no consent', () => {
    const use =
      'types: { Unit: { key: bin, read: asked, fields: { bin: b, name: n } } }\nroots: { unit: { operation: asked } }';
    expect(faults({ request: '{ path: "/units/{bin}" }', use })).to.deep.equal([]);
  });
});
