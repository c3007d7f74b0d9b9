import { expect } from 'chai';
import { SqlFailure } from '../../../schemas/ports/sql.js';
import { rejection } from '../../rejection.js';
import type { TestDatabase } from '../../gateway/state/test-database.js';
import { intentDraft } from './drafts.js';
import { emptyLog, openDatabase, openLog, storedRows } from './harness.js';

const INSUFFICIENT_PRIVILEGE = '42501';
const CHECK_VIOLATION = '23514';
const UNIQUE_VIOLATION = '23505';

describe('what the runtime role may do to the audit log', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openDatabase();
    await emptyLog(database);
    const log = await openLog(database.sql);
    await log.append(intentDraft('r1', { subjects: ['a'] }));
    await log.close();
  });
  after(() => database.close());

  const codeOf = async (statement: string): Promise<string | undefined> => {
    const error = await rejection(database.sql.query(statement));
    return error instanceof SqlFailure ? error.code : undefined;
  };

  for (const statement of [
    `UPDATE audit_entry SET kind = 'refusal'`,
    `UPDATE audit_entry SET entry = '{}'`,
    `UPDATE audit_entry SET answer_salt = NULL`,
    'DELETE FROM audit_entry',
    'TRUNCATE audit_entry CASCADE',
    'UPDATE audit_subject SET salt = NULL',
    'DELETE FROM audit_subject',
    'DELETE FROM audit_head',
    'UPDATE audit_tile SET number = 7',
    'DELETE FROM audit_tile',
    'UPDATE audit_checkpoint SET size = 7',
    'DELETE FROM audit_checkpoint',
    'DELETE FROM audit_signer',
    `INSERT INTO audit_head (log_id) VALUES ('tereze/999')`,
    `UPDATE audit_head SET log_id = 'other'`,
    'DROP TABLE audit_entry',
    'ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_leaf',
    'ALTER TABLE audit_head DISABLE TRIGGER audit_head_forward',
    `COPY audit_entry TO PROGRAM 'true'`,
  ]) {
    it(`cannot: ${statement}`, async () => {
      expect(await codeOf(statement)).to.equal(INSUFFICIENT_PRIVILEGE);
      expect(await storedRows(database.sql)).to.have.length(1);
    });
  }

  for (const column of ['size', 'closed_through', 'epoch']) {
    it(`cannot move a head back: ${column}`, async () => {
      await database.ownerSql.query(
        `UPDATE audit_head SET ${column} = greatest(${column}, 1) WHERE log_id = 'tereze/0'`,
      );
      expect(await codeOf(`UPDATE audit_head SET ${column} = 0 WHERE log_id = 'tereze/0'`)).to.equal(CHECK_VIOLATION);
    });
  }

  const insert = (index: number, entry: string, leaf: string, at = 'now()'): string =>
    `INSERT INTO audit_entry (log_id, index, request_id, kind, at, schema_version, entry, leaf_hash) VALUES ('tereze/0', ${index}, 'r', 'intent', ${at}, 1, '${entry}', ${leaf})`;
  const leafOf = (entry: string): string => `sha256('\\x00'::bytea || '${entry}'::bytea)`;

  it('cannot put a second entry with its time at a position', async () => {
    const at = `(SELECT at FROM audit_entry WHERE log_id = 'tereze/0' AND index = 0)`;
    expect(await codeOf(insert(0, '{}', leafOf('{}'), at))).to.equal(UNIQUE_VIOLATION);
  });

  it('cannot read or write partitions by their own names', async () => {
    for (const statement of ['SELECT FROM audit_entry_before', 'SELECT FROM audit_subject_default'])
      expect(await codeOf(statement)).to.equal(INSUFFICIENT_PRIVILEGE);
  });

  it('cannot store a leaf that is not the hash of the bytes', async () => {
    expect(await codeOf(insert(7, '{}', leafOf('[]')))).to.equal(CHECK_VIOLATION);
  });

  it('cannot store more than 65,535 bytes', async () => {
    const large = 'x'.repeat(65_536);
    expect(await codeOf(insert(8, large, leafOf(large)))).to.equal(CHECK_VIOLATION);
  });
});
