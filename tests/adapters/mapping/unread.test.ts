import { expect } from 'chai';
import fc from 'fast-check';
import type { MappedTypes } from '../../../adapters/mapping/mapped-field.js';
import { BeyondFinder, compileUnread } from '../../../adapters/mapping/unread.js';
import type { SelectedField } from '../../../adapters/port.js';
import { leaf, list, object } from '../selections.js';

const TYPES: MappedTypes = {
  Person: {
    key: 'iin',
    fields: {
      iin: 'iin',
      last: 'name.last',
      first: 'name.first',
      again: 'name.first',
      spouse: { path: 'family.spouse', reference: 'Person' },
      cards: { path: 'cards', type: 'Card' },
      home: { path: 'home', type: 'Home' },
      taxes: { operation: 'taxes', type: 'Tax' },
      never: { not_provided: 'the register does not have it' },
    },
  },
  Card: { fields: { number: 'number', issuer: { at: ['issuers', 0] } } },
  Home: { fields: { street: 'street', inside: { path: 'inside', type: 'Home' } } },
  Tax: { fields: { sum: 'sum' } },
};
const RECORD = {
  iin: '1',
  name: { last: 'A', first: null },
  family: { spouse: '2' },
  cards: [{ number: '3', issuers: ['I'] }, null],
  home: { street: 'S', inside: { street: 'T' } },
  other: { number: '9' },
};

type Make = (parentType: string) => SelectedField;

const found = (record: unknown, ...fields: readonly Make[]): readonly string[] => {
  const finder = new BeyondFinder();
  finder.find(
    record,
    compileUnread(
      TYPES,
      'Person',
      fields.map((make) => make('Person')),
    ),
  );
  return (finder.found?.fields ?? []).map(({ type, name }) => `${type}.${name}`).sort();
};

describe('what a record holds of the mapping that was not selected', () => {
  it('is every other field that came, with those in its objects, null ones too; never the key', () => {
    expect(found(RECORD, leaf('last'))).to.deep.equal([
      'Card.issuer',
      'Card.number',
      'Home.inside',
      'Home.street',
      'Person.again',
      'Person.cards',
      'Person.first',
      'Person.home',
      'Person.spouse',
    ]);
    expect(found({ iin: '1' }, leaf('last'))).to.deep.equal([]);
    expect(found({}, leaf('last'))).to.deep.equal([]);
  });

  it('does not count a value that another field asked for, nor an object around one', () => {
    const rest: readonly Make[] = [leaf('last'), object('spouse', 'Person', [leaf('iin')]), object('home', 'Home', [])];
    const cards = list('cards', 'Card', [leaf('number'), leaf('issuer')]);
    expect(found(RECORD, ...rest, leaf('first'), cards)).to.deep.equal(['Home.inside', 'Home.street']);
    expect(found(RECORD, ...rest, leaf('again'), cards)).to.deep.equal(['Home.inside', 'Home.street']);
  });

  it('is found in every item of a list', () => {
    const cards = [{ number: '1' }, null, { number: '2', issuers: ['I'] }];
    expect(found({ cards }, list('cards', 'Card', [leaf('number')]))).to.deep.equal(['Card.issuer']);
    expect(found({ cards: 'none' }, list('cards', 'Card', [leaf('number')]))).to.deep.equal([]);
  });

  it('is never what a record does not have, in any form of record', () => {
    const any = fc.anything({ maxDepth: 4, key: fc.constantFrom('name', 'last', 'cards', 'issuers', 'home', 'x') });
    fc.assert(
      fc.property(any, (record) => {
        const names = found(record, leaf('last'));
        const has = (member: string): boolean => JSON.stringify(record, bigints)?.includes(`"${member}"`) === true;
        if (names.includes('Person.cards')) expect(has('cards')).to.equal(true);
        if (names.includes('Person.home')) expect(has('home')).to.equal(true);
        expect(names).to.not.include('Person.last');
        expect(names).to.not.include('Person.iin');
      }),
    );
  });

  it('is told apart from what no field of the mapping reads', () => {
    const finder = new BeyondFinder();
    expect(finder.found).to.equal(undefined);
    finder.note(undefined);
    expect(finder.found).to.deep.equal({ fields: [], isUnmapped: true });
  });

  it('is looked for in types that hold each other, once', () => {
    const deep = { home: { inside: { inside: { inside: { street: 'T' } } } } };
    expect(found(deep, leaf('last'))).to.deep.equal(['Home.inside', 'Person.home']);
  });
});

const bigints = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
