import type { SqlExecutor } from '../../schemas/ports/sql.js';

/** A data key as the database has it. */
export interface SealedDataKey {
  /** 16 bytes. */
  readonly id: Buffer;
  /** Real time at which the key was made. */
  readonly madeAt: Date;
  /** `sealDataKey`. */
  readonly sealed: string;
}

/** Stores the sealed form of a new data key. Committed when it resolves. */
export async function storeDataKey(sql: SqlExecutor, { id, madeAt, sealed }: SealedDataKey): Promise<void> {
  await sql.query('INSERT INTO audit_data_key (key_id, made_at, sealed) VALUES ($1, $2, $3)', [id, madeAt, sealed]);
}
