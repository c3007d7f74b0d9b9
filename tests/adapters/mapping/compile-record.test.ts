import { expect } from 'chai';
import { compileRecord, type RegisterRecord } from '../../../adapters/mapping/compile-record.js';
import { mappedField, mappedTypes, recordKey } from '../../../adapters/mapping/mapped-field.js';
import type { SelectedField } from '../../../adapters/port.js';
import { parseExactJson } from '../../../schemas/json/exact-json.js';
import { leaf, list, object } from '../selections.js';

const types = mappedTypes(recordKey, mappedField);

interface Read {
  readonly record: unknown;
  readonly faults: readonly string[];
  readonly findings: readonly string[];
}

/** Reads a record of type `T` by the mapping of its fields, and of other types. */
function read(
  fields: object,
  selected: readonly ((parentType: string) => SelectedField)[],
  record: RegisterRecord,
  others: object = {},
): Read {
  const mapping = types.parse({ T: { fields }, ...others });
  const compiled = compileRecord(
    mapping,
    'T',
    selected.map((make) => make('T')),
  );
  const faults: string[] = [];
  const findings: string[] = [];
  const made = compiled.read(
    record,
    (path, reason) => faults.push(`${path.join('.')} ${reason}`),
    (path, { type, name }) => findings.push(`${path.join('.')} ${type}.${name}`),
  );
  return { record: JSON.parse(JSON.stringify(made)), faults, findings };
}

/** A list of leaves. */
const leaves = (name: string) => list(name, 'String', []);
const typed = (name: string, type: string) => (parentType: string) => ({ ...leaf(name)(parentType), type });

describe('a mapped record: where a value is', () => {
  const cases: readonly (readonly [string, unknown, RegisterRecord, unknown])[] = [
    ['a path with dots', 'a.b', { a: { b: 1 } }, 1],
    ['a path with names of other scripts', 'адрес.улица', { адрес: { улица: 'Пробная' } }, 'Пробная'],
    ['names with dots', { at: ['amount.total'] }, { 'amount.total': '1' }, '1'],
    ['one name as a text', { at: 'amount.total' }, { 'amount.total': '1' }, '1'],
    ['names with - and @', { at: ['person-number', '@id'] }, { 'person-number': { '@id': 'x' } }, 'x'],
    ['a position in a list', { at: ['data', 1, 'x'] }, { data: [{ x: 1 }, { x: 2 }] }, 2],
    ['the name of the field', { as: 'text' }, { field: 7 }, '7'],
    ['a name that objects inherit', { at: ['constructor'] }, {}, null],
    ['a name that objects inherit, below', { at: ['a', 'toString'] }, { a: {} }, null],
    ['a position beyond the list', { at: ['data', 4] }, { data: [] }, null],
    ['what the register does not have', { not_provided: 'kept elsewhere' }, { field: 1 }, null],
  ];
  for (const [name, field, record, value] of cases)
    it(name, () => {
      expect(read({ field }, [leaf('field')], record)).to.deep.equal({
        record: { field: value },
        faults: [],
        findings: [],
      });
    });

  const wrong: readonly (readonly [string, unknown, RegisterRecord])[] = [
    ['a list where the path has a name', 'a.b', { a: [{ b: 1 }] }],
    ['an object where the path has a position', { at: ['a', 0] }, { a: { 0: 1 } }],
    ['a text where the path has an object', 'a.b', { a: 'b' }],
    ['an object where the field is a value', 'a', { a: {} }],
    ['a list where the field is a value', 'a', { a: [1] }],
  ];
  for (const [name, field, record] of wrong)
    it(`is not ${name}: the field is null, the others stand`, () => {
      const found = read({ field, other: 'other' }, [leaf('field'), leaf('other')], { ...record, other: 1 });
      expect(found).to.deep.equal({ record: { field: null, other: 1 }, faults: ['field value_type'], findings: [] });
    });

  it('leads through a list of objects where the field is a list', () => {
    const record = { items: [{ tag: 'a' }, {}, { tag: null }, { tag: ['x'] }, 'odd'] };
    expect(read({ tags: { at: ['items', 'tag'] } }, [leaves('tags')], record)).to.deep.equal({
      record: { tags: ['a', null, null, null, null] },
      faults: ['tags.3 value_type', 'tags.4 value_type'],
      findings: [],
    });
  });
});

describe('a mapped record: objects and lists', () => {
  const card = { Card: { fields: { number: 'no' } } };
  const cards = [list('cards', 'Card', [leaf('number')])];

  it('reads a list of objects, and null for each that is none', () => {
    const record = { cards: [{ no: 1 }, null, 'x'] };
    expect(read({ cards: { type: 'Card' } }, cards, record, card)).to.deep.equal({
      record: { cards: [{ number: 1 }, null, null] },
      faults: ['cards.2 value_type'],
      findings: [],
    });
  });

  it('refuses an item in the place of a list', () => {
    const found = read({ cards: { type: 'Card' } }, cards, { cards: { no: 1 } }, card);
    expect(found).to.deep.include({ record: { cards: null }, faults: ['cards value_type'] });
  });

  it('takes an item for a list of one where the mapping says so', () => {
    const field = { cards: { type: 'Card', one_or_many: true } };
    expect(read(field, cards, { cards: { no: 1 } }, card).record).to.deep.equal({ cards: [{ number: 1 }] });
    expect(read(field, cards, { cards: [{ no: 1 }, { no: 2 }] }, card).record).to.deep.equal({
      cards: [{ number: 1 }, { number: 2 }],
    });
    expect(read(field, cards, {}, card).record).to.deep.equal({ cards: null });
  });

  it('makes an object of members of the record itself', () => {
    const mapped = { name: { at: [], type: 'Name' } };
    const found = read(
      mapped,
      [object('name', 'Name', [leaf('family')])],
      { FAM: 'Т' },
      { Name: { fields: { family: 'FAM' } } },
    );
    expect(found).to.deep.include({ record: { name: { family: 'Т' } }, faults: [] });
  });

  it('tells the whole path of a fault', () => {
    const mapped = { a: { type: 'B' } };
    const b = { B: { fields: { cards: { type: 'Card' } } }, ...card };
    const selected = [object('a', 'B', [list('cards', 'Card', [leaf('number')])])];
    expect(read(mapped, selected, { a: { cards: [{ no: 1 }, { no: {} }] } }, b).faults).to.deep.equal([
      'a.cards.1.number value_type',
    ]);
  });

  it('reads a reference by its key, converted', () => {
    const others = { Person: { key: 'iin', fields: { iin: 'iin' } } };
    const mapped = { mother: { at: ['m'], reference: 'Person', as: 'digits', length: 12 } };
    const selected = [object('mother', 'Person', [leaf('__typename'), leaf('iin')])];
    expect(read(mapped, selected, { m: 10203590013 }, others).record).to.deep.equal({
      mother: { __typename: 'Person', iin: '010203590013' },
    });
    expect(read(mapped, selected, { m: { iin: 'x' } }, others).faults).to.deep.equal(['mother value_type']);
  });

  it('compiles nothing that it cannot read', () => {
    const mapping = types.parse({
      T: { fields: { a: 'a', o: { operation: 'liens', type: 'T' }, n: { type: 'T' } } },
    });
    const compiling = (field: SelectedField) => () => compileRecord(mapping, 'T', [field]);
    expect(compiling(leaf('b')('T'))).to.throw('source.yaml maps no T.b');
    expect(compiling(leaf('o')('T'))).to.throw('T.o is not in the record');
    expect(compiling(object('a', 'X', [leaf('x')])('T'))).to.throw('T.a to a value');
    expect(() => compileRecord(mapping, 'U', [])).to.throw('maps no type U');
  });
});

describe('a mapped record: unions and interfaces', () => {
  const birth = {
    at: ['born'],
    discriminator: { at: ['type'], types: { Date: 'FullDate', YearDate: 'YearOnly' } },
  };
  const others = {
    FullDate: { fields: { date: { at: ['datum'], as: 'date' }, label: 'label' } },
    YearOnly: { fields: { year: 'jaar', label: 'label' } },
  };
  const selected = [
    (parentType: string): SelectedField => ({
      ...object('birth', 'Birth', [])(parentType),
      fields: [leaf('__typename')('Birth'), leaf('label')('Birth'), leaf('date')('FullDate'), leaf('year')('YearOnly')],
    }),
  ];
  const born = (value: object, discriminator: object = birth.discriminator) =>
    read({ birth: { ...birth, discriminator } }, selected, { born: value }, others);

  it('reads each object as the type that it tells', () => {
    expect(born({ type: 'Date', datum: '2001-02-03', label: 'x' }).record).to.deep.equal({
      birth: { __typename: 'FullDate', label: 'x', date: '2001-02-03' },
    });
    expect(born({ type: 'YearDate', jaar: 2001, label: 'x' }).record).to.deep.equal({
      birth: { __typename: 'YearOnly', label: 'x', year: 2001 },
    });
  });

  for (const value of [{ type: 'Other' }, { type: 'constructor' }, { type: null }, {}, { type: { Date: 1 } }])
    it(`does not know ${JSON.stringify(value)}`, () => {
      expect(born(value)).to.deep.equal({
        record: { birth: null },
        faults: ['birth discriminator_unknown'],
        findings: [],
      });
    });

  it('reads any other object as the type that the mapping declares', () => {
    const found = born({ type: 'Other', jaar: 1999 }, { ...birth.discriminator, default: 'YearOnly' });
    expect(found).to.deep.include({
      record: { birth: { __typename: 'YearOnly', label: null, year: 1999 } },
      faults: [],
    });
  });

  it('tells the types of whole records, too', () => {
    const mapping = types.parse({ R: { discriminator: birth.discriminator }, ...others });
    const compiled = compileRecord(mapping, 'R', [leaf('__typename')('R'), leaf('year')('YearOnly')]);
    const made = compiled.read({ type: 'YearDate', jaar: 1 }, () => undefined);
    expect(made).to.deep.equal({ __typename: 'YearOnly', year: 1 });
  });
});

describe('a mapped record: conversion', () => {
  it('says what is converted, and by which paths it reads', () => {
    const mapping = types.parse({
      T: {
        fields: {
          born: { at: ['dr'], as: 'date', format: 'dd.MM.yyyy' },
          seen: { at: ['a', 't'], as: 'instant', format: 'dd.MM.yyyy HH:mm', zone: 'Asia/Almaty' },
          sex: { as: ['trim', { as: 'code', codes: { M: 'MALE' } }] },
          plain: 'p',
          cards: { type: 'Card' },
        },
      },
      Card: { fields: { number: { as: 'digits', length: 9 } } },
    });
    const selected = [leaf('born'), leaf('seen'), leaf('sex'), leaf('plain'), list('cards', 'Card', [leaf('number')])];
    const { converted, paths } = compileRecord(
      mapping,
      'T',
      selected.map((make) => make('T')),
    );
    expect(converted).to.deep.equal([
      'born: date dd.MM.yyyy',
      'seen: instant dd.MM.yyyy HH:mm Asia/Almaty',
      'sex: trim, code',
      'cards.number: digits 9',
    ]);
    expect(paths).to.deep.equal([['dr'], ['a', 't'], ['sex'], ['p'], ['cards'], ['cards', 'number']]);
  });

  it('converts each item of a list, and only what cannot be converted is null', () => {
    const found = read({ days: { as: 'date', format: 'dd.MM.yyyy' } }, [leaves('days')], {
      days: ['01.02.2003', null, '31.02.2003'],
    });
    expect(found).to.deep.equal({
      record: { days: ['2003-02-01', null, null] },
      faults: ['days.2 value_type'],
      findings: [],
    });
  });

  it('keeps every digit of a number', () => {
    const record = parseExactJson('{"amount": 12345678901234567.890, "id": 12345678901234567890}') as RegisterRecord;
    const fields = { amount: { as: 'decimal' }, id: { as: 'integer' } };
    expect(read(fields, [typed('amount', 'Decimal'), typed('id', 'BigInt')], record)).to.deep.include({
      record: { amount: '12345678901234567.890', id: '12345678901234567890' },
      faults: [],
    });
  });

  it('does not keep a number with more digits than its type has', () => {
    const record = { amount: '1'.repeat(41) };
    expect(read({ amount: { as: 'decimal' } }, [typed('amount', 'Decimal')], record)).to.deep.include({
      record: { amount: null },
      faults: ['amount value_precision'],
    });
  });

  it('makes a code that is not known null: an error, or a finding where the mapping says so', () => {
    const codes = { '1': 'MALE', '2': 'FEMALE', ' ': null };
    const strict = { sex: { as: 'code', codes } };
    expect(read(strict, [leaf('sex')], { sex: '9' }).faults).to.deep.equal(['sex value_code_unknown']);
    expect(read(strict, [leaf('sex')], { sex: ' ' })).to.deep.include({ record: { sex: null }, faults: [] });
    const lenient = { sex: { as: 'code', codes, unknown: null } };
    expect(read(lenient, [leaf('sex')], { sex: '9' })).to.deep.equal({
      record: { sex: null },
      faults: [],
      findings: ['sex T.sex'],
    });
  });

  it('takes a chain over a list and back', () => {
    const one = { name: { at: ['given'], as: ['trim', { as: 'join', with: ' ' }] } };
    expect(read(one, [leaf('name')], { given: [' a', 'b '] }).record).to.deep.equal({ name: 'a b' });
    const deep = { name: { at: ['names', 'given'], as: ['first', 'trim'] } };
    expect(read(deep, [leaf('name')], { names: [{ given: ' x ' }, { given: 'y' }] }).record).to.deep.equal({
      name: 'x',
    });
    const many = { codes: { as: [{ as: 'split', by: ',' }, 'trim', { as: 'code', codes: { a: 'A', b: 'B' } }] } };
    expect(read(many, [leaves('codes')], { codes: 'a, b,c' })).to.deep.equal({
      record: { codes: ['A', 'B', null] },
      faults: ['codes.2 value_code_unknown'],
      findings: [],
    });
    const single = { name: { as: 'first', one_or_many: true } };
    expect(read(single, [leaf('name')], { name: 'x' }).record).to.deep.equal({ name: 'x' });
  });

  it('refuses a chain that does not give what the field is', () => {
    const mapping = types.parse({ T: { fields: { a: { as: 'split', by: ',' }, b: { as: 'first' } } } });
    expect(() => compileRecord(mapping, 'T', [leaf('a')('T')])).to.throw('T.a by what gives a list');
    expect(() => compileRecord(mapping, 'T', [leaves('b')('T')])).to.throw('T.b by what gives one value');
  });
});
