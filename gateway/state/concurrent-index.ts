import type { Sql } from '../../schemas/ports/sql.js';
import { quotedIdentifier } from './identifier.js';

/** Whether a migration builds an index while others write to its table. */
export function isConcurrent(migrationName: string): boolean {
  return migrationName.endsWith('.concurrent.sql');
}

const COMMENT = /--[^\n]*/g;
const STATEMENT = /^CREATE (?:UNIQUE )?INDEX CONCURRENTLY (\w+) ON [^;]+;?$/;

/** Returns the name of the index that such a migration builds. Throws if its text is anything but that one statement. */
export function indexOf(text: string): string {
  const [, name] = STATEMENT.exec(text.replaceAll(COMMENT, '').trim()) ?? [];
  if (name === undefined) throw new Error('a concurrent migration is one CREATE INDEX CONCURRENTLY with a name');
  return name.toLowerCase();
}

/**
 * Builds the index of a concurrent migration, outside a transaction, and may be repeated after any interruption. A build
 * that fails leaves an invalid index behind (PostgreSQL manual, CREATE INDEX): it is dropped and built again. An index
 * that is whole is left as it is: its build ended, and only the record of it was lost.
 *
 * No lock is waited for that others queue behind, so there is no limit on waiting: it ends when the transactions that
 * are open now have ended.
 */
export async function buildIndex(owner: Sql, text: string): Promise<void> {
  const index = indexOf(text);
  const before = await validity(owner, index);
  if (before === 'valid') return;
  if (before === 'invalid') await owner.query(`DROP INDEX CONCURRENTLY ${quotedIdentifier(index)}`);
  await owner.query(text);
  if ((await validity(owner, index)) !== 'valid') throw new Error(`the index ${index} was not built`);
}

async function validity(owner: Sql, index: string): Promise<'absent' | 'invalid' | 'valid'> {
  const { rows } = await owner.query<{ valid: boolean }>(
    'SELECT indisvalid AND indisready AS valid FROM pg_index WHERE indexrelid = to_regclass($1)',
    [quotedIdentifier(index)],
  );
  return rows[0] === undefined ? 'absent' : rows[0].valid ? 'valid' : 'invalid';
}
