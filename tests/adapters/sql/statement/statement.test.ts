import { expect } from 'chai';
import { compileStatement } from '../../../../adapters/sql/statement/statement.js';
import type { SqlLists } from '../../../../adapters/sql/source.js';
import { leaf, list } from '../../selections.js';

const SOURCE: SqlLists = {
  protocol: 'sql',
  entity: { type: 'Citizen', key: 'iin' },
  max_rows: 10,
  lists: {
    lands: {
      table: 'obj_zu',
      owner: { column: 'vl_iin', type: 'bpchar' },
      order: 'zu_id',
      columns: { cadastralNumber: { column: 'kad_no', as: 'text' }, area: { column: 'pl', as: 'decimal' } },
    },
  },
};

describe('a compiled list', () => {
  const compile = (names: readonly string[], source = SOURCE) =>
    compileStatement(
      source,
      list(
        'lands',
        'Land',
        names.map((name) => leaf(name)),
      )('Citizen'),
    );

  it('names the selected columns only, casts the keys to the type of their column, and has an end', () => {
    expect(compile(['area']).text).to.equal(
      'SELECT "vl_iin" AS "_owner", "pl" FROM "obj_zu" WHERE "vl_iin" = ANY ($1::bpchar[]) AND $2::text IS NOT NULL ORDER BY "zu_id" LIMIT 11',
    );
  });

  it('takes no id of the call where the mapping says so', () => {
    expect(compile(['area'], { ...SOURCE, call_id: 'none' }).text)
      .to.include('[]) ORDER BY')
      .and.not.include('$2');
  });

  it('names a column once, for all response keys that want it', () => {
    const { text, columns } = compileStatement(
      SOURCE,
      list('lands', 'Land', [leaf('area', 'a'), leaf('__typename'), leaf('area', 'b')])('Citizen'),
    );
    expect(text.match(/"pl"/g)).to.have.length(1);
    expect(columns.map(({ key, name }) => [key, name])).to.deep.equal([
      ['a', 'pl'],
      ['b', 'pl'],
    ]);
  });

  it('is the same text for the same columns, so that groups share it', () => {
    expect(compile(['area', 'cadastralNumber']).text).to.equal(compile(['area', 'cadastralNumber']).text);
  });

  it('is refused for what is not mapped', () => {
    expect(() => compile(['price'])).to.throw('maps no Land.price');
    expect(() => compileStatement(SOURCE, list('cars', 'Car', [])('Citizen'))).to.throw('maps no Citizen.cars');
    expect(() => compile(['constructor'])).to.throw('maps no Land.constructor');
  });
});
