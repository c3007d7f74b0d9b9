import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readSource, SourceInvalid } from '../../adapters/source-file.js';
import { packageRoot } from '../../gateway/state/package-root.js';

const REST = `
protocol: rest
api_key_header: X-Api-Key
read: { path: /read, key: iin }
batch: { path: /batch, keys: iins, items: items, max: 2 }
roots: { citizen: iin }
types:
  Citizen: { key: iin, fields: { iin: iin, spouse: { path: spouse, reference: Citizen } } }
`;
const LISTS = `
protocol: rest
api_key_header: X-Api-Key
read: { path: /read, key: iin }
batch: { path: /batch, keys: iins, items: items, max: 2 }
lists:
  incomes: { path: /incomes, keys: iins, max_keys: 2, owner: iin, items: items, page: { size: limit, items: 10, cursor: cursor, next: next, max: 5 } }
types:
  Citizen: { key: iin, fields: { incomes: { list: incomes, type: Income, arguments: { months: { member: months, default: 12, least: 1, most: 36 } } } } }
  Income: { fields: { amount: amount } }
`;
const SQL = `
protocol: sql
entity: { type: Citizen, key: iin }
max_rows: 10
lists:
  lands: { table: obj_zu, owner: { column: vl_iin, type: bpchar }, order: zu_id, columns: { area: { column: pl, as: decimal } } }
`;

describe('source.yaml', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'tereze-source-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  const read = (text: string): unknown => {
    const file = join(directory, 'source.yaml');
    writeFileSync(file, text);
    return readSource(file);
  };

  for (const [register, protocol] of [
    ['population', 'soap'],
    ['address', 'graphql'],
    ['property', 'sql'],
    ['civil-acts', 'rest'],
    ['tax', 'rest'],
  ] as const) {
    it(`of ${register} is valid and says ${protocol}`, () => {
      expect(readSource(join(packageRoot(), 'schemas', 'registers', register, 'source.yaml')).protocol).to.equal(
        protocol,
      );
    });
  }

  it('is read as it stands', () => {
    expect(read(REST)).to.have.nested.property('types.Citizen.fields.spouse.reference', 'Citizen');
    expect(read(LISTS)).to.have.nested.property('types.Citizen.fields.incomes.arguments.months.default', 12);
    expect(read(SQL)).to.have.nested.property('lists.lands.owner.type', 'bpchar');
  });

  const wrong: readonly (readonly [string, string, string])[] = [
    ['an unknown protocol', 'protocol: telepathy', 'protocol'],
    ['an unknown key', `${REST}retries: 3`, 'retries'],
    ['a key written twice', `${REST}protocol: rest`, 'twice'],
    ['what is no YAML', 'protocol: [', 'source.yaml'],
    ['a path with a place for numbers', REST.replace('/read', '"/read/{iin}"'), 'fixed path'],
    ['a path to another host', REST.replace('/read', 'http://other/read'), 'fixed path'],
    [
      'a reference to a type that is not mapped',
      REST.replace('reference: Citizen', 'reference: Dwelling'),
      'refers to Dwelling',
    ],
    ['a reference to a type without a key', REST.replace('key: iin, fields', 'fields'), 'which has no key'],
    ['a field of a type that is not mapped', REST.replace('reference: Citizen', 'type: Dwelling'), 'of type Dwelling'],
    ['a list that is not mapped', LISTS.replace('{ list: incomes', '{ list: wages'), 'of the list wages'],
    ['a list of what has no key', LISTS.replace('key: iin, fields', 'fields'), 'Citizen has no key'],
    ['a list of a type that is not mapped', LISTS.replace('type: Income', 'type: Wage'), 'of type Wage'],
    ['a default that the register does not know', LISTS.replace('default: 12', 'default: 40'), 'from least to most'],
    ['a list at another host', LISTS.replace('/incomes', '//other/incomes?x='), 'fixed path'],
    ['a table that is no name', SQL.replace('table: obj_zu', 'table: "obj\\0zu"'), 'table'],
    ['a column that is no name', SQL.replace('column: pl', `column: ${'p'.repeat(64)}`), 'column'],
    ['a cast that is not of a list', SQL.replace('type: bpchar', 'type: "bpchar[]); --"'), 'type'],
    ['a transform that is not of the list', SQL.replace('as: decimal', 'as: eval'), 'as'],
    ['a code without codes', SQL.replace('as: decimal', 'as: code'), 'codes'],
  ];
  for (const [what, text, named] of wrong) {
    it(`is refused with ${what}, naming it and the file`, () => {
      expect(() => read(text))
        .to.throw(SourceInvalid, named)
        .with.property('message')
        .that.includes(join(directory, 'source.yaml'));
    });
  }

  it('is refused when it is missing', () => {
    expect(() => readSource(join(directory, 'none', 'source.yaml'))).to.throw(SourceInvalid, 'ENOENT');
  });
});
