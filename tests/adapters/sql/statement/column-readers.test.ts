import { expect } from 'chai';
import { readerOf } from '../../../../adapters/sql/statement/column-readers.js';
import type { SqlColumn } from '../../../../adapters/sql/source.js';

describe('columns of a legacy register', () => {
  const cases: readonly (readonly [SqlColumn, unknown, unknown])[] = [
    [{ column: 'c', as: 'text' }, 'AA  ', 'AA'],
    [{ column: 'c', as: 'text' }, '  A', '  A'],
    [{ column: 'c', as: 'text' }, '', ''],
    [{ column: 'c', as: 'decimal' }, '12345678901234567890.10', '12345678901234567890.10'],
    [{ column: 'c', as: 'decimal' }, '19.10', '19.10'],
    [{ column: 'c', as: 'decimal' }, 'NaN', 'NaN'],
    [{ column: 'c', as: 'text' }, '9007199254740993', '9007199254740993'],
    [{ column: 'c', as: 'integer' }, '2019', 2019],
    [{ column: 'c', as: 'integer' }, '-1', -1],
    [{ column: 'c', as: 'integer' }, '12.5', '12.5'],
    [{ column: 'c', as: 'integer' }, '9007199254740993', '9007199254740993'],
    [{ column: 'c', as: 'date_yyyymmdd' }, '20180615', '2018-06-15'],
    [{ column: 'c', as: 'date_yyyymmdd' }, '20180231', '2018-02-31'],
    [{ column: 'c', as: 'date_yyyymmdd' }, '201806  ', '201806'],
    [{ column: 'c', as: 'date_yyyymmdd' }, '15.06.18', '15.06.18'],
    [{ column: 'c', as: 'code', codes: { K: 'FLAT' } }, 'K', 'FLAT'],
    [{ column: 'c', as: 'code', codes: { K: 'FLAT' } }, 'X ', 'X'],
    [{ column: 'c', as: 'code', codes: { K: 'FLAT' } }, 'constructor', 'constructor'],
  ];
  for (const [column, value, expected] of cases) {
    it(`reads ${JSON.stringify(value)} as ${column.as}: ${JSON.stringify(expected)}`, () => {
      expect(readerOf(column)(value)).to.equal(expected);
    });
  }

  it('keeps nothing as null for every kind of column', () => {
    for (const as of ['text', 'decimal', 'integer', 'date_yyyymmdd'] as const)
      expect(readerOf({ column: 'c', as })(null)).to.equal(null);
    expect(readerOf({ column: 'c', as: 'code', codes: {} })(null)).to.equal(null);
  });
});
