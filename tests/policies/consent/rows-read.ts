import type { Sql, SqlExecutor } from '../../../schemas/ports/sql.js';

/** A statement as it was sent. */
export interface Sent {
  readonly text: string;
  readonly values: readonly unknown[] | undefined;
}

/** Returns the same connection, which notes every statement outside a transaction. */
export function noting(sql: Sql, sent: Sent[]): Sql {
  return {
    query: (text, values) => {
      sent.push({ text, values });
      return sql.query(text, values);
    },
    transaction: (work) => sql.transaction(work),
  };
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Runs a statement once more, and returns how many rows it read of tables and indexes, those that it threw away included. */
export async function rowsRead(owner: SqlExecutor, { text, values }: Sent): Promise<number> {
  const { rows } = await owner.query<{ readonly 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
    values,
  );
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  if (plan === undefined) throw new Error('there is no plan');
  return readBy(plan);
}

/** Returns the same for the statement as it is prepared and sent again: with a plan that knows no values. */
export function rowsReadPrepared(owner: Sql, { text, values = [] }: Sent): Promise<number> {
  return owner.transaction(async (tx) => {
    await tx.query(`SET LOCAL plan_cache_mode = force_generic_plan`);
    await tx.query(`PREPARE asked AS ${text}`);
    try {
      return await rowsRead(tx, { text: `EXECUTE asked (${values.map(literal).join(', ')})`, values: [] });
    } finally {
      await tx.query('DEALLOCATE asked');
    }
  });
}

function literal(value: unknown): string {
  return Array.isArray(value) ? `ARRAY[${value.map(literal).join(', ')}]` : `'${String(value).replaceAll("'", "''")}'`;
}

function readBy(node: PlanNode): number {
  const thrownAway = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  const isScan = / Scan$/.test(node['Node Type']) && node['Relation Name'] !== undefined;
  const own = isScan ? (node['Actual Rows'] + thrownAway) * node['Actual Loops'] : 0;
  return (node.Plans ?? []).reduce((sum, below) => sum + readBy(below), own);
}
