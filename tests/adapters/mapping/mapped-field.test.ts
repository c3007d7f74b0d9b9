import { expect } from 'chai';
import { mappedField, mappedTypes, recordKey } from '../../../adapters/mapping/mapped-field.js';

const types = mappedTypes(recordKey, mappedField);

/** Returns the faults of the mapping of a field `f`: the path below it, and the message. */
function faultsOf(field: unknown): readonly string[] {
  const read = types.safeParse({ T: { key: 'f', fields: { f: field } } });
  return (read.error?.issues ?? []).map(({ path, message }) => `${path.slice(3).join('.')}: ${message}`);
}

describe('the mapping of a field', () => {
  const right: readonly unknown[] = [
    'a.b',
    { at: ['a', 0, 'b.c'] },
    { at: [], type: 'T' },
    { path: 'a.b', reference: 'T' },
    { as: 'date', format: "d.M.yyyy 'г.'" },
    { as: 'date', format: 'ddMMyyyy' },
    { as: 'date', format: 'yyyy-MM-ddTHH:mm:ssXXX', zone: 'drop' },
    { as: 'instant' },
    { as: 'instant', format: 'epoch_ms' },
    { as: 'instant', format: 'yyyyMMddHHmmss', zone: '+05:00' },
    { as: 'boolean', codes: { Y: true, N: false } },
    { as: ['trim', { as: 'split', by: ';' }, { as: 'code', codes: { a: 'A' } }] },
    { not_provided: 'kept elsewhere' },
    { operation: 'liens', type: 'T', arguments: { since: 'from' } },
  ];
  for (const field of right) it(`may be ${JSON.stringify(field)}`, () => expect(faultsOf(field)).to.deep.equal([]));

  const wrong: readonly (readonly [unknown, string])[] = [
    [{ as: 'digits' }, 'as: digits needs length: write for example length: 12'],
    [{ as: 'code' }, 'as: code needs codes: write for example codes: { M: MALE }'],
    [{ as: 'text', length: 3 }, 'length: is no option of text'],
    [{ at: 'a', codes: { a: 'b' } }, 'codes: is an option of a transform: write as, too'],
    [{ as: ['trim'], length: 3 }, 'length: is beside a chain: write it with its transform'],
    [
      { as: 'code', codes: { a: true } },
      'codes: of a code are texts or null: write as: boolean, or put true and false in quotes',
    ],
    [{ as: 'boolean', codes: { a: 'yes' } }, 'codes: of a boolean can only be true, false or null'],
    [{ as: 'date', format: 'dd.MM.yy' }, 'format: has a year of two digits, which names no century: write yyyy'],
    [{ as: 'date', format: 'MM.yyyy' }, 'format: has no day: write yyyy, MM and dd'],
    [{ as: 'date', format: 'dMyyyy' }, 'format: has one letter for digits beside other digits: write two'],
    [{ as: 'date', format: 'dd.MM.yyyy dd' }, 'format: names the day twice'],
    [
      { as: 'date', format: 'dd.MM.yyyy mm' },
      'format: has a part of a time without the greater ones: write HH, mm, ss',
    ],
    [{ as: 'date', zone: 'Asia/Almaty' }, 'zone: can only be drop for a date'],
    [{ as: 'date', format: 'epoch_ms' }, 'format: is a moment, not a day: write as: instant'],
    [
      { as: 'instant', format: 'dd.MM.yyyy HH:mm' },
      'format: has no offset: write XXX where it stands, or zone: with the register’s zone',
    ],
    [
      { as: 'instant', format: 'dd.MM.yyyy', zone: 'Asia/Almaty' },
      'format: has no time, which a moment has: write HH, or as: date',
    ],
    [
      { as: 'instant', format: 'epoch_s', zone: '+05:00' },
      'zone: says nothing of an epoch, which is in UTC: remove it',
    ],
    [
      { as: 'instant', zone: 'Asia/Nowhere' },
      'zone: is no time zone: write an offset (+05:00) or a name (Asia/Almaty)',
    ],
    [{ type: 'T', as: 'text' }, 'as: converts a value, and the field is type: remove it'],
    [{ type: 'T', reference: 'T' }, 'reference: stands beside type: write one of them'],
    [{ path: 'a', at: 'b' }, 'at: stands beside path: write only at'],
    [{ at: 'b', not_provided: 'no' }, 'at: says where a value is that is not in the record: remove it'],
    [{ arguments: { a: 'b' } }, 'arguments: is for operation: remove it'],
    [{ type: 'U' }, 'type: T.f is of type U, which is not mapped'],
    [{ reference: 'U' }, 'reference: T.f refers to U, which has no key'],
    [
      { discriminator: { at: 'k', types: { a: 'T', b: 'U' } } },
      'discriminator.types.b: T.f is of type U, which is not mapped',
    ],
    [{ as: ['trim', 'digits'] }, 'as.1: digits needs length: write for example length: 12'],
    [
      { as: ['trim', { as: 'instant', zone: 'x' }] },
      'as.1.zone: is no time zone: write an offset (+05:00) or a name (Asia/Almaty)',
    ],
  ];
  for (const [field, fault] of wrong)
    it(`cannot be ${JSON.stringify(field)}`, () => expect(faultsOf(field)).to.deep.equal([fault]));
});
