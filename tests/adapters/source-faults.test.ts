import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'graphql';
import { readSource, SourceInvalid } from '../../adapters/source-file.js';

const TEXT = `protocol: rest
api_key_header: X-Api-Key
read: { path: /read, key: iin }
batch: { path: /batch, keys: iins, items: items, max: 10 }
types:
  Citizen:
    key: iin
    fields:
      iin: iin
      born: { path: born, as: date }
      cards: { path: cards, type: Card }
  Card: { fields: { number: no } }
`;
const SCHEMA = `
  type Citizen @key(fields: "iin") { iin: Iin! born: LocalDate cards: [Card] name: String }
  type Card { number: String }
  scalar Iin scalar LocalDate
`;

describe('faults of a source.yaml', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'source-'))));
  after(() => rmSync(folder, { recursive: true }));

  /** Returns the faults as `line:column message`. */
  function faultsOf(text: string, schema?: string): readonly string[] {
    const file = join(folder, 'source.yaml');
    writeFileSync(file, text);
    try {
      readSource(file, schema === undefined ? undefined : parse(schema));
      return [];
    } catch (error) {
      if (!(error instanceof SourceInvalid)) throw error;
      const lines = error.faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
      expect(error.message).to.equal(
        error.faults.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'),
      );
      return lines;
    }
  }

  it('are none of a right one', () => expect(faultsOf(TEXT)).to.deep.equal([]));

  const cases: readonly (readonly [string, string, string, string])[] = [
    [
      'an unknown key',
      'api_key_header',
      'api_key_heder',
      '2:1 api_key_heder: unknown key, did you mean api_key_header?',
    ],
    [
      'an unknown key of a field',
      'path: born',
      'pth: born',
      '10:15 types.Citizen.fields.born.pth: unknown key, did you mean path?',
    ],
    [
      'an unknown transform',
      'as: date',
      'as: dat',
      '10:31 types.Citizen.fields.born.as: has another value, did you mean date?',
    ],
    ['a text where a number belongs', 'max: 10', 'max: ten', '4:55 batch.max: must be a number'],
    [
      'a type that is not mapped',
      'type: Card',
      'type: Kard',
      '11:35 types.Citizen.fields.cards.type: Citizen.cards is of type Kard, which is not mapped',
    ],
    ['a number where a field belongs', 'iin: iin', 'iin: 7', '9:12 types.Citizen.fields.iin: must be a text'],
    ['an unknown protocol', 'protocol: rest', 'protocol: rset', '1:11 names no protocol: write one of'],
    ['what is no YAML', 'protocol: rest', 'protocol: [', '2:1 '],
  ];
  for (const [name, from, to, fault] of cases)
    it(`name ${name}`, () => {
      const [first = ''] = faultsOf(TEXT.replace(from, to));
      expect(first.slice(0, fault.length)).to.equal(fault);
    });

  it('name what is missing, where it belongs', () => {
    expect(faultsOf(TEXT.replace('read: { path: /read, key: iin }', 'read: { path: /read }'))).to.deep.equal([
      '3:7 read.key: is missing',
    ]);
  });

  it('are told together: of shape, of types and of the schema', () => {
    const text = TEXT.replace('path: born', 'pth: born')
      .replace('max: 10', 'max: ten')
      .replace('type: Card', 'type: Kard');
    expect(faultsOf(text, SCHEMA)).to.deep.equal([
      '4:55 batch.max: must be a number',
      '8:5 Citizen.name is not mapped: write where it is, or name: { not_provided: why }',
      '10:15 types.Citizen.fields.born.pth: unknown key, did you mean path?',
      '11:35 types.Citizen.fields.cards.type: Citizen.cards is of type Kard, which is not mapped',
    ]);
  });
});
