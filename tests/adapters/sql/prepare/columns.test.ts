import { expect } from 'chai';
import { compileColumns } from '../../../../adapters/sql/prepare/columns.js';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('columns of a statement', () => {
  it('quote names of any characters, and follow paths into JSON by literals', () => {
    expect(compileColumns([['FAM'], ['имя "1"'], ['doc', "o'x", 0, 'n\\']]).expressions).to.deep.equal([
      '"FAM" AS "c0"',
      '"имя ""1""" AS "c1"',
      `"doc" #> ARRAY['o''x', '0', 'n\\']::text[] AS "c2"`,
    ]);
  });

  it('become a record by the paths', () => {
    const { recordOf } = compileColumns([['a'], ['d', 'x'], ['d', 'y', 1, 'z'], ['gone']]);
    expect(plain(recordOf({ c0: 1, c1: 'x', c2: 'z', c3: null }))).to.deep.equal({
      a: 1,
      d: { x: 'x', y: [null, { z: 'z' }] },
      gone: null,
    });
  });

  it('read a column once, and nothing inside one that is read whole', () => {
    expect(compileColumns([['d', 'x'], ['d'], ['d'], ['d', 'x', 'y']]).expressions).to.deep.equal(['"d" AS "c0"']);
  });

  it('may have names that objects have by themselves', () => {
    const record = compileColumns([['__proto__', 'a'], ['constructor']]).recordOf({ c0: 1, c1: 2 });
    expect(Object.keys(record)).to.deep.equal(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(Object.getPrototypeOf(record))).to.equal(null);
  });
});
