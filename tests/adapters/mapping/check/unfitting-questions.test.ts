import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'graphql';
import { faultsOfSource } from './source-faults.js';

const SCHEMA = parse(`
  type Query { person(number: String!): Person, search(name: String, year: Int): [Person] }
  type Person @key(fields: "number") { number: String!, name: String, liens(since: String): [Lien] }
  type Lien { amount: String }
`);

const TYPES = `types:
  Person: { key: number, read: one, batch: many, fields: { number: no, name: name, liens: { operation: liens, type: Lien, arguments: { from: since } } } }
  Lien: { fields: { amount: amount } }
roots:
  person: { operation: one }
  search: { operation: search, arguments: { called: name } }
`;

const REST = `protocol: rest
constants: { org: "7" }
operations:
  one: { request: { path: "/persons/{number}", query: { by: "{constant.org}" } } }
  many: { request: { method: POST, path: /persons, body: { numbers: "{number[]}", case: "{case.number}" } }, batch: { answer: unordered }, answer: { items: [] } }
  liens: { request: { method: POST, path: /liens, form: { of: "{number}", from: "{from}" } }, answer: { items: [] } }
  search: { request: { path: /search, query: { name: "{called}", year: "{year}", fields: "{select}" } }, answer: { items: [] } }
${TYPES}`;

const SOAP = `protocol: soap
profile: plain
security: none
namespace: urn:one
constants: { org: "7" }
operations:
  one: { request: { body: { one: { no: "{number}", by: "{constant.org}" } } }, answer: { record: [one] } }
  many: { request: { body: { many: { no: "{number[]}", case: "{case.number}" } } }, batch: { max: 5 }, answer: { items: [many] } }
  liens: { request: { body: { liens: { of: "{number}", from: "{from}" } } }, answer: { items: [lien] } }
  search: { request: { body: { search: { name: "{called}", year: "{year}" } } }, answer: { items: [person] } }
${TYPES}`;

const GRAPHQL = `protocol: graphql
constants: { org: "7" }
operations:
  one: { document: "query($n: ID!, $by: ID) { one(n: $n, by: $by) { select } }", variables: { n: "{number}", by: "{constant.org}" } }
  many: { document: "query($n: [ID], $c: ID) { many(n: $n, c: $c) { select } }", variables: { n: "{number[]}", c: "{case.number}" }, batch: { answer: unordered } }
  liens: { document: "query($of: ID, $from: ID) { liens(of: $of, from: $from) { select } }", variables: { of: "{number}", from: "{from}" }, answer: { items: [liens] } }
  search: { document: "query($c: ID, $y: Int) { search(c: $c, y: $y) { select } }", variables: { c: "{called}", y: "{year}" }, answer: { items: [search] } }
${TYPES}`;

interface Mistake {
  readonly change: readonly [string, string];
  /** The changed mapping from the place of the fault on. */
  readonly at: string;
  readonly told: string;
  /** Where and how SOAP tells it, if otherwise. */
  readonly soap?: Pick<Mistake, 'at' | 'told'>;
}

const MISTAKES: readonly Mistake[] = [
  {
    change: ['"{constant.org}"', '"{constant.orq}"'],
    at: '"{constant.orq}"',
    told: '{constant.orq} names no key, argument, constant or other source of a value: did you mean {constant.org}?',
    soap: { at: '"{constant.orq}"', told: 'constants has no orq: did you mean {constant.org}?' },
  },
  {
    change: ['"{case.number}"', '"{case.numbr}"'],
    at: '"{case.numbr}"',
    told: '{case.numbr} names no key, argument, constant or other source of a value: did you mean {case.number}?',
    soap: { at: '"{case.numbr}"', told: '{case.numbr} is no placeholder: did you mean {case.number}?' },
  },
  { change: ['"{from}"', '"{form}"'], at: '"{form}"', told: 'did you mean {from}?' },
  {
    change: ['"{called}"', '"{caled}"'],
    at: '"{caled}"',
    told: 'did you mean {called}?',
    soap: { at: 'name } }', told: 'search asks for no {called}: did you mean {caled}?' },
  },
  { change: ['"{year}"', '"{yaer}"'], at: '"{yaer}"', told: 'did you mean {year}?' },
  {
    change: ['"{year}"', '"2020"'],
    at: 'search, arguments',
    told: 'Query.search has the argument year, which search does not ask for: write {year} in its request',
  },
  { change: ['"{from}"', '"2020"'], at: 'from: since', told: 'liens asks for no {from}: remove it' },
  { change: ['from: since', 'from: sinze'], at: 'sinze', told: 'no argument sinze: did you mean since?' },
  {
    change: ['called: name', 'caled: name'],
    at: '"{called}"',
    told: 'did you mean {caled}?',
    soap: { at: 'name } }', told: 'search asks for no {caled}: did you mean {called}?' },
  },
  {
    change: ['"{number[]}"', '"{number}"'],
    at: '"{number}"',
    told: 'many asks for many keys: write {number[]}',
    soap: { at: 'many, fields', told: 'many asks for many keys: write {number[]}' },
  },
  {
    change: ['"{number[]}"', '"5"'],
    at: 'many, fields',
    told: 'many asks for no {number}, the key of Person: write {number[]} in its request',
  },
  {
    change: ['{ of: "{number}", ', '{ of: "5", '],
    at: 'liens, type',
    told: 'liens asks for no {number}, the key of Person.liens: write {number} in its request',
  },
];

describe('what requests ask for', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'tereze-questions-'))));
  after(() => rmSync(folder, { recursive: true }));

  const faultsOf = (text: string): ReturnType<typeof faultsOfSource> => faultsOfSource(folder, text, SCHEMA);

  for (const [protocol, text] of Object.entries({ REST, SOAP, GRAPHQL })) {
    it(`fits keys, arguments and constants: ${protocol}`, () => {
      expect(faultsOf(text)).to.deep.equal([]);
    });

    for (const { change, soap, ...usual } of MISTAKES)
      it(`is told once, with its place, if ${change[0]} is ${change[1]}: ${protocol}`, () => {
        const changed = text.replace(...change);
        expect(changed).to.not.equal(text);
        const { at, told } = (protocol === 'SOAP' ? soap : undefined) ?? usual;
        // The place of a use is the last one of its text: it comes after the operations.
        const before = changed.slice(0, at.startsWith('"') ? placeOf(changed, at, change[1]) : changed.lastIndexOf(at));
        const faults = faultsOf(changed);
        expect(faults.map(({ message }) => message).join('\n')).to.include(told);
        expect(faults.map(({ line, column }) => ({ line, column }))).to.deep.equal([
          { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') },
        ]);
      });
  }

  it('is told where the path needs what another use gives', () => {
    const shared = REST.replace('"/search", ', '').replace(
      'search: { request: { path: /search,',
      'search: { request: { path: "/search/{number}",',
    );
    const faults = faultsOf(shared.replace('person: { operation: one }', 'person: { operation: search }'));
    expect(faults.map(({ message }) => message)).to.include(
      'Query.search gives no {number}, which the path of search needs: write arguments: { number: name }',
    );
  });

  it('is not told as a consequence of a fault of the operation', () => {
    const faults = faultsOf(REST.replace('query: { name:', 'qery: { name:'));
    expect(faults).to.have.length(1);
    expect(faults[0]?.message).to.include('did you mean query?');
  });
});

/** Where a changed text is; where the same text stands earlier, the one in the changed operation. */
function placeOf(text: string, at: string, changed: string): number {
  return at === '"{number}"' && changed === at ? text.indexOf(at, text.indexOf('  many:')) : text.indexOf(at);
}
