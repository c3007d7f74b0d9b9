import { join } from 'node:path';
import { packageRoot } from '../../../../gateway/state/package-root.js';
import { createRestrictionCounter } from '../../../../gateway/state/restrictions.js';
import type { Sql } from '../../../../schemas/ports/sql.js';
import { standingClock } from '../../../doubles.js';
import { openTestDatabase, type TestDatabase } from '../test-database.js';

/** A database with logs and restrictions. What is added in the same order is the same in every database. */
export interface StateDatabase extends TestDatabase {
  /** Appends entries to a log; `branch` tells one history from another. */
  append(log: string, entries: number, branch?: string): Promise<void>;
  /** Notes a withdrawal and returns its number. */
  withdraw(id?: string): Promise<number>;
  /** Raises the epoch, as the acceptance of a database does. */
  accept(): Promise<void>;
  /** Empties the database. */
  reset(): Promise<void>;
}

export async function openStateDatabase(): Promise<StateDatabase> {
  const database = await openTestDatabase({
    migrations: ['monitoring', 'gateway/state'].map((room) => join(packageRoot(), room, 'migrations')),
  });
  const counter = createRestrictionCounter(standingClock());
  return {
    ...database,
    append: async (log, entries, branch = 'main') => {
      for (let entry = 0; entry < entries; entry += 1) await appendOne(database.ownerSql, log, branch);
    },
    withdraw: (id = 'consent') =>
      database.sql.transaction((tx) => counter.note(tx, { kind: 'withdrawal', id, revision: 2 })),
    accept: async () => {
      await database.ownerSql.query('UPDATE state_epoch SET epoch = epoch + 1');
    },
    reset: () =>
      database.ownerSql.transaction(async (tx) => {
        // Heads and counters only move forward; their triggers do not run so.
        await tx.query('SET LOCAL session_replication_role = replica');
        for (const statement of RESET) await tx.query(statement);
      }),
  };
}

const RESET = [
  'DELETE FROM audit_entry',
  'UPDATE audit_head SET size = 0 WHERE size > 0',
  'DELETE FROM restriction',
  'UPDATE restriction_counter SET number = 0',
  'UPDATE state_epoch SET epoch = 0',
];

async function appendOne(owner: Sql, log: string, branch: string): Promise<void> {
  await owner.query(
    `WITH head AS (UPDATE audit_head SET size = size + 1 WHERE log_id = $1 RETURNING log_id, size - 1 AS index),
          bytes AS (SELECT log_id, index, convert_to($2 || ' ' || log_id || ' ' || index, 'UTF8') AS entry FROM head)
     INSERT INTO audit_entry (log_id, index, request_id, kind, at, schema_version, entry, leaf_hash)
     SELECT log_id, index, 'request-' || index, 'refusal', '2026-11-23', 3, entry, sha256('\\x00'::bytea || entry) FROM bytes`,
    [log, branch],
  );
}
