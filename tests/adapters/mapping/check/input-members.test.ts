import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'graphql';
import { faultsOfSource } from './source-faults.js';

const SCHEMA = parse(`
  type Query { persons(filter: Filter, year: Int): [Person] }
  input Filter { name: String, born: Born }
  input Born { from: String, to: String }
  type Person { name: String }
`);

const REST = `protocol: rest
operations:
  persons: { request: { method: POST, path: /persons, body: { n: "{filter.name}", from: "{filter.born.from}", to: "{filter.born.to}", year: "{year}" } }, answer: { items: [] } }
types: { Person: { fields: { name: name } } }
roots: { persons: { operation: persons } }
`;
const GRAPHQL = `protocol: graphql
operations:
  persons: { document: "query($n: ID, $f: ID, $t: ID, $y: Int) { persons(n: $n, f: $f, t: $t, y: $y) { select } }", variables: { n: "{filter.name}", f: "{filter.born.from}", t: "{filter.born.to}", y: "{year}" }, answer: { items: [persons] } }
types: { Person: { fields: { name: name } } }
roots: { persons: { operation: persons } }
`;

describe('members of arguments that are objects', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'members-'))));
  after(() => rmSync(folder, { recursive: true }));

  /** Faults of a mapping, each with what stands at its place. */
  const faults = (text: string): readonly string[] =>
    faultsOfSource(folder, text, SCHEMA).map(({ line, column, message }) => {
      const written = text.split('\n')[line - 1]?.slice(column - 1) ?? '';
      return `${/^"[^"]*"|^[\w]+/.exec(written)?.[0] ?? written}: ${message}`;
    });

  for (const [name, source] of [
    ['REST', REST],
    ['GraphQL', GRAPHQL],
  ] as const) {
    it(`fit: ${name}`, () => {
      expect(faults(source)).to.deep.equal([]);
    });

    it(`are told where the schema lacks them: ${name}`, () => {
      expect(faults(source.replace('{filter.name}', '{filter.nmae}'))).to.deep.equal([
        '"{filter.nmae}": {filter.nmae} names a member that Filter lacks in schema.graphql: did you mean name?',
      ]);
      expect(faults(source.replace('{filter.born.from}', '{filter.born.since}'))).to.deep.equal([
        '"{filter.born.since}": {filter.born.since} names a member that Born lacks in schema.graphql: it has from, to',
      ]);
      expect(faults(source.replace('{year}', '{year.of}'))).to.deep.equal([
        '"{year.of}": {year.of} names a member of Int, which is no input object: remove ".of"',
      ]);
    });

    it(`are told where nothing sends them: ${name}`, () => {
      expect(faults(source.replace('{filter.born.to}', '{filter.born.from}'))).to.deep.equal([
        'persons: Query.persons(filter:) has the member born.to, which persons does not ask for: write {filter.born.to} in its request, or remove it from schema.graphql',
      ]);
      const none = source.replace('{filter.born.to}', '{filter.name}').replace('{filter.born.from}', '{filter.name}');
      expect(faults(none)).to.have.length(1);
      expect(faults(none)[0]).to.include('has the member born, which');
    });
  }

  it('are told all at once', () => {
    const wrong = REST.replace('{filter.name}', '{filter.nmae}').replace('{filter.born.to}', '{filter.born.too}');
    expect(faults(wrong)).to.have.length(2);
  });
});

describe('operations and variables that nothing uses', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'unused-'))));
  after(() => rmSync(folder, { recursive: true }));

  const messages = (text: string): readonly string[] =>
    faultsOfSource(folder, text, SCHEMA).map(({ line, column, message }) => `${line}:${column}: ${message}`);

  it('are told at the operation', () => {
    const more = REST.replace('types:', '  people: { request: { path: /people }, answer: { items: [] } }\ntypes:');
    expect(messages(more)).to.deep.equal([
      '4:3: no type, field or root is read by people: name it as read, batch or operation of one, or remove it',
    ]);
  });

  it('are not told where the name of the operation is misspelt: that is', () => {
    const told = messages(REST.replace('operation: persons }', 'operation: person }'));
    expect(told).to.have.length(1);
    expect(told[0]).to.match(/^5:32: roots\.persons\.operation: names/);
  });

  it('are told where a variable of the query has no entry', () => {
    const told = messages(GRAPHQL.replace(', y: "{year}"', '').replace('year: Int', 'year: Int'));
    expect(told).to.have.length.greaterThan(0);
    expect(told[0]).to.match(/^3:\d+: .*lacks y, a variable of the query: write y: "\{\.\.\.\}"/);
  });
});
