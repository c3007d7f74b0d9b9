import type { SqlExecutor } from '../../schemas/ports/sql.js';

/** A data key as the database has it. */
export interface SealedDataKey {
  /** 16 bytes. */
  readonly id: Buffer;
  /** Real time at which the key was made. */
  readonly madeAt: Date;
  /** How often it was sealed before. */
  readonly sealing: number;
  /** `sealDataKey`. */
  readonly sealed: string;
}

/** Data keys read in one statement. */
const PAGE = 500;

interface Row {
  readonly key_id: Buffer;
  readonly made_at: Date;
  readonly sealing: number;
  readonly sealed: string;
}

/** Stores the sealed form of a data key. Committed when it resolves. */
export async function storeDataKey(sql: SqlExecutor, { id, madeAt, sealing, sealed }: SealedDataKey): Promise<void> {
  await sql.query('INSERT INTO audit_data_key (key_id, made_at, sealing, sealed) VALUES ($1, $2, $3, $4)', [
    id,
    madeAt,
    sealing,
    sealed,
  ]);
}

/** Yields every data key as it was sealed last, in the order of their ids. */
export async function* readDataKeys(sql: SqlExecutor): AsyncGenerator<SealedDataKey> {
  let after: Buffer = Buffer.alloc(0);
  for (let isLast = false; !isLast;) {
    const { rows } = await sql.query<Row>(
      `SELECT DISTINCT ON (key_id) key_id, made_at, sealing, sealed FROM audit_data_key
       WHERE key_id > $1 ORDER BY key_id, sealing DESC LIMIT ${PAGE}`,
      [after],
    );
    yield* rows.map(sealedDataKey);
    isLast = rows.length < PAGE;
    after = rows.at(-1)?.key_id ?? after;
  }
}

function sealedDataKey({ key_id: id, made_at: madeAt, sealing, sealed }: Row): SealedDataKey {
  return { id, madeAt, sealing, sealed };
}
