import { expect } from 'chai';
import { migrationFolders } from '../../../../gateway/compose/migration-folders.js';
import { assertRuntimeRole } from '../../../../gateway/state/checks/runtime-role.js';
import { grantedWrites } from '../../../../gateway/state/granted.js';
import { readMigrations } from '../../../../gateway/state/migrations.js';
import { createSql } from '../../../../gateway/state/pool.js';
import type { StateFailure } from '../../../../gateway/state/state-failure.js';
import { openTestDatabase, type TestDatabase } from '../test-database.js';

const PASSWORD = 'pass word';
const GRANTED = grantedWrites(readMigrations(migrationFolders()));

/** A login's name that needs quoting, a role between, and the owner of the schema. */
const LOGIN = '"the ""gateway"""';
const BETWEEN = 'role_between';
const OWNER = 'role_owner';

describe('the role that serves', function () {
  let database: TestDatabase;
  before(async () => {
    database = await openTestDatabase({ migrations: migrationFolders() });
  });
  after(() => database.close());
  beforeEach(async () => {
    await database.ownerSql.query(`
      CREATE ROLE ${LOGIN} LOGIN PASSWORD '${PASSWORD}';
      CREATE ROLE ${BETWEEN};
      CREATE ROLE ${OWNER} NOLOGIN;
      GRANT tereze_runtime TO ${LOGIN};
      GRANT ALL ON SCHEMA public TO ${OWNER}, ${LOGIN};
      GRANT USAGE ON SCHEMA public TO PUBLIC`);
  });
  afterEach(async () => {
    const { rows } = await database.ownerSql.query<{ name: string }>('SELECT current_database() AS name');
    await database.ownerSql.query(`ALTER DATABASE ${rows[0]?.name} OWNER TO tereze_owner`);
    for (const role of [LOGIN, BETWEEN, OWNER])
      await database.ownerSql.query(
        `REASSIGN OWNED BY ${role} TO tereze_owner; DROP OWNED BY ${role}; DROP ROLE ${role}`,
      );
  });

  /** What the check says of the login, in a session of its own. */
  async function failure(): Promise<StateFailure | undefined> {
    const { settings } = database;
    const connection = { ...settings.runtime, user: 'the "gateway"', password: PASSWORD };
    const sql = createSql({ connection, maxConnections: 1 });
    try {
      return await assertRuntimeRole(sql, GRANTED).then(
        () => undefined,
        (error: unknown) => error as StateFailure,
      );
    } finally {
      await sql.close();
    }
  }

  /** Statements of a hint that repair the login, as someone would paste them. */
  const repairs = (hint: string | undefined): readonly string[] =>
    (hint ?? '')
      .split('\n')
      .filter((line) => /^(ALTER|REVOKE|REASSIGN|GRANT) /.test(line))
      .map((line) => line.replace('"<owner of the schema>"', 'tereze_owner'));

  it('is taken as a member of the group that the migrations grant to', async () => {
    expect(await failure()).to.equal(undefined);
  });

  it('is taken when it administers nothing, and another member of the group can be more', async () => {
    await database.ownerSql.query(`CREATE ROLE elsewhere SUPERUSER; GRANT tereze_runtime TO elsewhere`);
    expect(await failure()).to.equal(undefined);
    await database.ownerSql.query(`DROP ROLE elsewhere`);
  });

  const own = (what: string): string => `SET ROLE ${LOGIN}; ${what}; RESET ROLE`;
  const TOO_STRONG: readonly (readonly [string, string])[] = [
    ['a superuser', `ALTER ROLE ${LOGIN} SUPERUSER`],
    ['free of row security', `ALTER ROLE ${LOGIN} BYPASSRLS`],
    ['able to create roles', `ALTER ROLE ${LOGIN} CREATEROLE`],
    ['all of these but a superuser', `ALTER ROLE ${LOGIN} CREATEROLE BYPASSRLS`],
    ['a member of a superuser', `ALTER ROLE ${BETWEEN} SUPERUSER; GRANT ${BETWEEN} TO ${LOGIN}`],
    ['a member of a role that creates roles', `ALTER ROLE ${BETWEEN} CREATEROLE; GRANT ${BETWEEN} TO ${LOGIN}`],
    ['a member of pg_write_all_data', `GRANT pg_write_all_data TO ${LOGIN}`],
    ['able to write the server’s files', `GRANT pg_write_server_files TO ${LOGIN}`],
    [
      'able to run programs there, by way of another',
      `GRANT pg_execute_server_program TO ${BETWEEN}; GRANT ${BETWEEN} TO ${LOGIN}`,
    ],
    ['the owner of entries', `ALTER TABLE audit_entry OWNER TO ${LOGIN}`],
    ['the owner of any table', own('CREATE TABLE mine (a int)')],
    ['the owner of a function', own(`CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'`)],
    ['the owner of a schema', `CREATE SCHEMA mine AUTHORIZATION ${LOGIN}`],
    ['a member of an owner', `ALTER TABLE audit_subject OWNER TO ${OWNER}; GRANT ${OWNER} TO ${LOGIN}`],
    [
      'a member of an owner that it only becomes by SET ROLE',
      `ALTER TABLE audit_head OWNER TO ${OWNER}; GRANT ${OWNER} TO ${LOGIN} WITH INHERIT FALSE, SET TRUE`,
    ],
    [
      'an administrator of an owner',
      `ALTER TABLE audit_head OWNER TO ${OWNER}; GRANT ${OWNER} TO ${LOGIN} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`,
    ],
    [
      'a member of a member of an owner',
      `ALTER TABLE audit_entry OWNER TO ${OWNER}; GRANT ${OWNER} TO ${BETWEEN}; GRANT ${BETWEEN} TO ${LOGIN}`,
    ],
    ['allowed to UPDATE entries', `GRANT UPDATE ON audit_entry TO ${LOGIN}`],
    ['allowed to UPDATE one column of entries', `GRANT UPDATE (answer_salt) ON audit_entry TO ${LOGIN}`],
    ['allowed to DELETE entries', `GRANT DELETE ON audit_entry TO ${LOGIN}`],
    ['allowed to TRUNCATE entries', `GRANT TRUNCATE ON audit_entry TO ${LOGIN}`],
    ['allowed to put a trigger on entries', `GRANT TRIGGER ON audit_entry TO ${LOGIN}`],
    ['allowed all of it, as everyone is', `GRANT ALL ON audit_entry, audit_subject TO PUBLIC`],
    ['allowed it by way of its group', `GRANT DELETE ON audit_entry TO tereze_runtime`],
    [
      'allowed it by a role that it only becomes by SET ROLE',
      `GRANT DELETE ON audit_entry TO ${BETWEEN}; GRANT ${BETWEEN} TO ${LOGIN} WITH INHERIT FALSE`,
    ],
    ['allowed to DELETE revisions of a consent', `GRANT DELETE ON consent_revision TO ${LOGIN}`],
    ['allowed to UPDATE revisions of a consent', `GRANT UPDATE (status) ON consent_revision TO ${LOGIN}`],
    [
      'allowed to UPDATE more of a consent than its state',
      `GRANT UPDATE (subject_token) ON consent_record TO tereze_runtime`,
    ],
    ['allowed to make logs', `GRANT INSERT ON audit_head TO ${LOGIN}`],
    ['allowed to name other logs', `GRANT UPDATE ON audit_head TO tereze_runtime`],
    ['allowed to change what was migrated', `GRANT DELETE ON schema_migration TO ${LOGIN}`],
    ['allowed to change approvals', `GRANT UPDATE ON document_approval TO ${LOGIN}`],
    ['allowed to accept a database that went back in time', `GRANT UPDATE ON state_epoch TO ${LOGIN}`],
    ['allowed to change the journal', `GRANT UPDATE ON restriction TO ${LOGIN}`],
  ];

  for (const [what, statements] of TOO_STRONG) {
    it(`is refused when it is ${what}; what the refusal says repairs it`, async () => {
      await database.ownerSql.query(statements);
      const refused = await failure();
      expect(refused).to.have.property('code', 'ROLE_TOO_STRONG');
      // Some statements end only the first reason.
      for (let again = refused, tries = 0; again !== undefined && tries < 3; tries += 1) {
        const statementsOfHint = repairs(again.hint);
        expect(statementsOfHint, again.hint).to.not.deep.equal([]);
        for (const statement of statementsOfHint) await database.ownerSql.query(statement);
        again = await failure();
      }
      expect(await failure()).to.equal(undefined);
      await restore();
    });
  }

  it('is refused as the owner of the database, and as the owner that migrates', async () => {
    const { rows } = await database.ownerSql.query<{ name: string }>('SELECT current_database() AS name');
    await database.ownerSql.query(`ALTER DATABASE ${rows[0]?.name} OWNER TO ${LOGIN}`);
    expect((await failure())?.message).to.include(`owns database ${rows[0]?.name}`);
    const asOwner = await assertRuntimeRole(database.ownerSql, GRANTED).catch((error: unknown) => error);
    expect(asOwner).to.have.property('message').that.includes('is a superuser');
  });

  /** Grants are the database's, not the role's: what a repair took from the group must be as the migrations made it. */
  async function restore(): Promise<void> {
    await database.ownerSql.query(`
      REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
      REASSIGN OWNED BY ${OWNER} TO tereze_owner;
      REVOKE ALL ON SCHEMA public FROM ${LOGIN}`);
    const held = await database.ownerSql.query<{ held: string }>(
      `SELECT string_agg(table_name || ' ' || column_name, ',' ORDER BY table_name, column_name) AS held
       FROM information_schema.column_privileges WHERE grantee = 'tereze_runtime' AND privilege_type = 'UPDATE'`,
    );
    const wanted = [...GRANTED.granted]
      .filter((key) => key.includes(' UPDATE '))
      .map((key) => key.replace(' UPDATE', ''))
      .sort();
    expect((held.rows[0]?.held ?? '').split(',')).to.include.members(wanted.filter((key) => !key.endsWith('*')));
  }
});
