import { expect } from 'chai';
import { compileKeyColumn, keyColumn } from '../../../adapters/sql/key-column.js';

type Type = Parameters<typeof compileKeyColumn>[0]['type'];

const canonical = (type: Type, key: string, digits?: number): string | undefined =>
  compileKeyColumn({ column: 'k', type, digits }).canonical(key);

describe('a key column', () => {
  for (const [type, key, expected] of [
    ['bpchar', 'a b  ', 'a b'],
    ['varchar', 'a ', 'a '],
    ['text', '', ''],
    ['text', 'a\0', undefined],
    ['int8', '010203590013', '10203590013'],
    ['bigint', '9223372036854775807', '9223372036854775807'],
    ['bigint', '9223372036854775808', undefined],
    ['int4', '-2147483648', '-2147483648'],
    ['int4', '2147483648', undefined],
    ['smallint', '32768', undefined],
    ['int8', '1.0', undefined],
    ['int8', '1e3', undefined],
    ['int8', ' 1', undefined],
    ['int8', '', undefined],
    ['numeric', '12.00', '12'],
    ['numeric', '12.50', undefined],
    ['uuid', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['uuid', 'a0eebc99', undefined],
    ['date', '2026-02-28', '2026-02-28'],
    ['date', '2026-02-30', undefined],
    ['date', '28.02.2026', undefined],
  ] as const) {
    it(`of type ${type} takes "${key}" for ${expected === undefined ? 'no key' : `"${expected}"`}`, () => {
      expect(canonical(type, key)).to.equal(expected);
    });
  }

  it('takes a number with other than its digits for no key', () => {
    expect(canonical('int8', '010203590013', 12)).to.equal('10203590013');
    expect(canonical('int8', '10203590013', 12)).to.equal(undefined);
  });

  it('has a type of the list, and a name that PostgreSQL does not cut off', () => {
    expect(keyColumn.safeParse({ column: 'Ключ "а"', type: 'int8' }).success).to.equal(true);
    for (const wrong of [
      { column: 'k', type: 'money' },
      { column: 'k', type: 'int8[])); DROP TABLE x; --' },
      { column: 'ж'.repeat(32), type: 'text' },
      { column: 'a\0', type: 'text' },
      { column: '', type: 'text' },
    ])
      expect(keyColumn.safeParse(wrong).success, JSON.stringify(wrong)).to.equal(false);
  });
});
