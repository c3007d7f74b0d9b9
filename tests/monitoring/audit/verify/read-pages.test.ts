import { expect } from 'chai';
import { readPages } from '../../../../monitoring/audit/verify/read-pages.js';
import { SqlFailure, type SqlExecutor } from '../../../../schemas/ports/sql.js';

/** A database that takes too long for more than `atMost` indexes at once. The row of a person at 7 has no entry. */
function slowSql(atMost: number, code = '57014'): { readonly sql: SqlExecutor; readonly ranges: string[] } {
  const ranges: string[] = [];
  const sql: SqlExecutor = {
    query: async <Row>(text: string, values: readonly unknown[] = []) => {
      const [, from, to] = values as [string, number, number];
      if (to - from > atMost) throw new SqlFailure('too long', { outcome: 'not_done', code });
      const isSubjects = text.includes('audit_subject');
      if (!isSubjects) ranges.push(`${from}-${to}`);
      const all = Array.from({ length: to - from }, (_, at) => ({ index: String(from + at) }));
      const rows = all.filter(({ index }) => (isSubjects ? index === '7' : index !== '7')) as Row[];
      return { rows, count: rows.length };
    },
  };
  return { sql, ranges };
}

describe('readPages', () => {
  it('reads a page in halves where the database would take too long', async () => {
    const { sql, ranges } = slowSql(3);
    const pages = [];
    for await (const page of readPages(sql, { log: 'tereze/0', from: 0, to: 10 })) pages.push(page);
    expect(ranges).to.deep.equal(['0-3', '3-5', '5-8', '8-10']);
    expect(pages.map(({ from, to, strayIndex }) => ({ from, to, strayIndex }))).to.deep.equal([
      { from: 0, to: 10, strayIndex: 7 },
    ]);
    expect(pages[0]?.entries.map(({ index }) => index)).to.deep.equal(['0', '1', '2', '3', '4', '5', '6', '8', '9']);
  });

  it('rejects if one row takes too long, or for another failure', async () => {
    for (const { sql } of [slowSql(0), slowSql(3, '08006')]) {
      const failure = await readPages(sql, { log: 'tereze/0', from: 0, to: 10 })
        .next()
        .catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(SqlFailure);
    }
  });
});
