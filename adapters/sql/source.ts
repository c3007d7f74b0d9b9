import { z } from 'zod';
import { callIdSource } from '../call-id.js';

/** A name in the register's database. Statements quote it as well. */
const sqlName = z.string().regex(/^[a-z_][a-z0-9_]*$/);

const sqlColumn = z.discriminatedUnion('as', [
  z.strictObject({ column: sqlName, as: z.enum(['text', 'decimal', 'integer', 'date_yyyymmdd']) }),
  z.strictObject({ column: sqlName, as: z.literal('code'), codes: z.record(z.string(), z.string()) }),
]);

/** `source.yaml` of a register that is a PostgreSQL database. */
export const sqlSource = z.strictObject({
  protocol: z.literal('sql'),
  ...callIdSource,
  entity: z.strictObject({ type: z.string(), key: z.string() }),
  /** Limit of the rows of one statement. A longer answer is `malformed`. */
  max_rows: z.int().min(1).max(1_000_000),
  lists: z.record(
    z.string(),
    z.strictObject({
      table: sqlName,
      /** Column of the owner's number. Its type decides the cast, so that the database can use its index. */
      owner: z.strictObject({ column: sqlName, type: z.enum(['bpchar', 'varchar', 'text']) }),
      order: sqlName,
      columns: z.record(z.string(), sqlColumn),
    }),
  ),
});

export type SqlSource = z.output<typeof sqlSource>;
export type SqlColumn = z.output<typeof sqlColumn>;
