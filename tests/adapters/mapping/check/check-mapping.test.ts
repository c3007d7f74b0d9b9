import { expect } from 'chai';
import { parse } from 'graphql';
import { checkMapping } from '../../../../adapters/mapping/check/check-mapping.js';
import { outlineOfTypes } from '../../../../adapters/mapping/check/outline.js';
import { mappedField, mappedTypes, recordKey } from '../../../../adapters/mapping/mapped-field.js';

const SCHEMA = `
  type Query { person(iin: Iin!, year: Int): Person }
  type Person @key(fields: "iin") {
    iin: Iin!
    sex: Sex
    born: LocalDate
    seen: Instant!
    tags: [String]
    birth: Birth
    cards: [Card]
    mother: Person
    age: Int @derived(from: ["born"], by: "age")
    liens(since: LocalDate): [Card]
  }
  type Card { number: String, count: Int, active: Boolean, amount: Decimal, limit: Float }
  union Birth = FullDate | YearOnly
  type FullDate { date: LocalDate }
  type YearOnly { year: Int }
  enum Sex { MALE FEMALE }
  scalar Iin scalar LocalDate scalar Instant scalar Decimal
`;

const PERSON = {
  iin: 'iin',
  sex: { as: 'code', codes: { M: 'MALE' } },
  born: { as: 'date', format: 'dd.MM.yyyy' },
  seen: { as: 'instant', format: 'epoch_ms' },
  tags: { as: 'split', by: ',' },
  birth: { discriminator: { at: 'type', types: { D: 'FullDate', Y: 'YearOnly' } } },
  cards: { type: 'Card' },
  mother: { at: 'm', reference: 'Person' },
  liens: { operation: 'liens', type: 'Card', arguments: { from: 'since' } },
};
const CARD = {
  number: 'no',
  count: { as: 'integer' },
  active: { as: 'boolean' },
  amount: { as: 'decimal' },
  limit: { as: 'decimal' },
};
const TYPES = {
  Person: { key: 'iin', fields: PERSON },
  Card: { fields: CARD },
  FullDate: { fields: { date: 'd' } },
  YearOnly: { fields: { year: 'y' } },
};
const ROOTS = [
  {
    name: 'person',
    at: ['roots', 'person'],
    arguments: [
      { name: 'iin', at: ['roots', 'person', 'iin'] },
      { name: 'year', at: ['roots', 'person', 'year'] },
    ],
    mayUseMore: false,
  },
];

/** Returns the faults of a mapping, as `place: message`. */
function faultsOf(types: object, roots = ROOTS, schema = SCHEMA): readonly string[] {
  const outline = {
    types: outlineOfTypes(mappedTypes(recordKey, mappedField).parse(types)),
    roots,
    at: { types: ['types'], roots: ['roots'] },
  };
  return checkMapping(outline, parse(schema)).map(({ at, message }) => `${at.join('.')}: ${message}`);
}

const without = (fields: object, ...names: readonly string[]) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
const withField = (name: string, field: unknown) => ({
  ...TYPES,
  Person: { key: 'iin', fields: { ...PERSON, [name]: field } },
});
const withCard = (name: string, field: unknown) => ({ ...TYPES, Card: { fields: { ...CARD, [name]: field } } });

describe('a mapping against its schema', () => {
  it('fits', () => expect(faultsOf(TYPES)).to.deep.equal([]));

  it('may leave out a field with its reason', () =>
    expect(faultsOf(withField('born', { not_provided: 'kept elsewhere' }))).to.deep.equal([]));

  it('tells all faults at once', () => {
    const fields = { ...without(PERSON, 'sex', 'born'), bornn: PERSON.born, cards: 'cards' };
    const types = { ...TYPES, Person: { key: 'iin', fields } };
    expect(faultsOf(types, [])).to.deep.equal(
      [
        'roots: lacks the root field person: write how it is read, or remove it from schema.graphql',
        'types.Person.fields.cards: Person.cards is an object Card in schema.graphql: write type: Card',
        'types.Person.fields.bornn: Person has no field bornn in schema.graphql: did you mean born?',
        'types.Person.fields: Person.sex is not mapped: write where it is, or sex: { not_provided: why }',
      ].sort((a, b) => Number(a.includes('not mapped')) - Number(b.includes('not mapped'))),
    );
  });

  const cases: readonly (readonly [string, object, string])[] = [
    [
      'a field of the schema that is required',
      withField('seen', { not_provided: 'no' }),
      'types.Person.fields.seen: Person.seen can never be null in schema.graphql: write where it is',
    ],
    [
      'a derived field',
      withField('age', 'age'),
      'types.Person.fields.age: Person.age is not this register’s own: remove it',
    ],
    [
      'an object in the place of a value',
      withField('born', { type: 'Card' }),
      'types.Person.fields.born: Person.born is a value of type LocalDate in schema.graphql: write where the value is',
    ],
    [
      'another type',
      withField('cards', { type: 'FullDate' }),
      'types.Person.fields.cards.type: Person.cards is of type Card in schema.graphql, not FullDate: write Card',
    ],
    [
      'another type of what is asked apart',
      withField('liens', { operation: 'x', type: 'FullDate', arguments: { a: 'since' } }),
      'types.Person.fields.liens.type: Person.liens is of type Card in schema.graphql, not FullDate: write Card',
    ],
    [
      'a union without a discriminator',
      withField('birth', 'b'),
      'types.Person.fields.birth: Person.birth is a union Birth in schema.graphql: write discriminator, which tells its types apart',
    ],
    [
      'a discriminator of one type',
      withField('cards', PERSON.birth),
      'types.Person.fields.cards.discriminator: Card is one object type: write type: Card',
    ],
    [
      'a type that a union lacks',
      withField('birth', { discriminator: { at: 't', types: { D: 'FullDate', Y: 'YearOnly', C: 'Card' } } }),
      'types.Person.fields.birth.discriminator.types.C: Birth is never an object Card: remove it',
    ],
    [
      'a type that no value means',
      withField('birth', { discriminator: { at: 't', types: { D: 'FullDate' } } }),
      'types.Person.fields.birth.discriminator: tells no object of type YearOnly: write the value that means it',
    ],
    [
      'a transform of another type',
      withField('born', { as: 'instant' }),
      'types.Person.fields.born.as: Person.born gives what no LocalDate is: write as: text or date',
    ],
    [
      'a transform of an enum',
      withField('sex', { as: 'text' }),
      'types.Person.fields.sex.as: Person.sex gives what no Sex is: write as: code, with codes',
    ],
    [
      'a value that an enum lacks',
      withField('sex', { as: 'code', codes: { M: 'MAL' } }),
      'types.Person.fields.sex.codes.M: Person.sex is no value of Sex: did you mean MALE?',
    ],
    [
      'one value in the place of a list',
      withField('tags', { as: 'first' }),
      'types.Person.fields.tags.as: Person.tags gives one value, and the field is a list',
    ],
    [
      'a list in the place of one value',
      withCard('number', { as: 'split', by: ',' }),
      'types.Card.fields.number.as: Card.number gives a list, and the field is one value',
    ],
    [
      'a number as a boolean',
      withCard('active', { as: 'integer' }),
      'types.Card.fields.active.as: Card.active gives what no Boolean is: write as: boolean',
    ],
    [
      'a step of a chain',
      withCard('count', { as: ['trim', 'boolean'] }),
      'types.Card.fields.count.as.1: Card.count gives what no Int is: write as: integer',
    ],
    [
      'one_or_many of what is no list',
      withCard('number', { one_or_many: true }),
      'types.Card.fields.number.one_or_many: Card.number is no list: remove it',
    ],
    [
      'an argument that the field lacks',
      withField('liens', { operation: 'x', type: 'Card', arguments: { from: 'sinc' } }),
      'types.Person.fields.liens.arguments.from: Person.liens has no argument sinc: did you mean since?',
    ],
    [
      'an argument that nothing uses',
      withField('liens', { type: 'Card' }),
      'types.Person.fields.liens: Person.liens has the argument since, which nothing here uses: write what it is sent as',
    ],
    [
      'another key',
      { ...TYPES, Person: { key: 'born', fields: PERSON } },
      'types.Person.key: is not the @key of Person in schema.graphql: write key: iin',
    ],
    [
      'a key that is no field',
      { ...TYPES, Person: { key: 'iinn', fields: PERSON } },
      'types.Person.key: Person has no field iinn: did you mean iin?',
    ],
    [
      'a type that the schema lacks',
      { ...TYPES, Cards: { fields: {} } },
      'types.Cards: schema.graphql has no type Cards: did you mean Card?',
    ],
  ];
  for (const [name, types, fault] of cases)
    it(`cannot have ${name}`, () => expect(faultsOf(types)).to.deep.equal([fault]));

  it('must have a key where the schema has one', () => {
    const fields = without(PERSON, 'mother');
    expect(faultsOf({ ...TYPES, Person: { fields: { ...fields, mother: { not_provided: 'x' } } } })).to.deep.equal([
      'types.Person: Person has no key here, and @key in schema.graphql: write key: iin',
    ]);
  });

  it('must have every type that objects may be', () => {
    const schema = SCHEMA.replace('number: String', 'number: Number').concat('type Number { text: String }');
    const types = withCard('number', { not_provided: 'no' });
    expect(faultsOf(types, ROOTS, schema)).to.deep.equal([]);
    expect(faultsOf({ ...TYPES }, ROOTS, schema)).to.deep.equal([
      'types.Card.fields.number: Card.number is an object Number in schema.graphql: write type: Number',
      'types: lacks the type Number of schema.graphql: write where its fields are',
    ]);
  });

  it('must have every root with every argument', () => {
    const [person] = ROOTS;
    if (person === undefined) throw new Error('there is one');
    const { name, at } = person;
    expect(faultsOf(TYPES, [{ name, at, arguments: [{ name: 'iin', at }], mayUseMore: false }])).to.deep.equal([
      'roots.person: Query.person has the argument year, which nothing here uses: write what it is sent as',
    ]);
    expect(faultsOf(TYPES, [{ ...person, name: 'persn' }])).to.deep.equal([
      'roots.person: Query has no field persn in schema.graphql: did you mean person?',
    ]);
  });
});
