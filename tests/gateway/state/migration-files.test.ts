import { expect } from 'chai';
import { migrationFolders } from '../../../gateway/compose/migration-folders.js';
import { indexOf, isConcurrent } from '../../../gateway/state/concurrent-index.js';
import { grantedWrites } from '../../../gateway/state/granted.js';
import { readMigrations, type Migration } from '../../../gateway/state/migrations.js';

const withoutComments = ({ text }: Migration): string => text.replaceAll(/--[^\n]*/g, '');
const statementsOf = (migration: Migration): readonly string[] => withoutComments(migration).split(';');

/** Indexes that were built plainly before these rules; a file that was applied never changes. */
const LANDED = ['monitoring/002_audit_heads.sql'];

/** Two files landed with this number. They are applied by name: a new name would apply one of them again. */
const NUMBERED_TWICE = ['monitoring/018'];

describe('migration files', () => {
  const migrations = readMigrations(migrationFolders());

  it('have numbers that no other file of their folder has', () => {
    const numbers = migrations.map(({ name }) => /^(.*\d+)_/.exec(name)?.[1] ?? expect.fail(name));
    const repeated = numbers.filter((number, nth) => numbers.indexOf(number) !== nth);
    expect(repeated).to.deep.equal(NUMBERED_TWICE);
  });

  it('grant in the form from which the check of the role knows what the runtime role may', () => {
    for (const migration of migrations) {
      const naming = statementsOf(migration).filter(
        (statement) => /\btereze_runtime\b/.test(statement) && !/ ON FUNCTION /.test(statement),
      );
      for (const statement of naming) {
        expect(statement.trim(), migration.name).to.match(
          /^(GRANT|REVOKE) (\w+( \([\w\s,]+\))?(,\s*)?)+\s+ON (?!ALL)\w+(,\s*\w+)*\s+(TO|FROM) tereze_runtime$/,
        );
        // Read alone, it must add or take something.
        const { granted } = grantedWrites([
          { text: `${statement.replace('REVOKE', 'GRANT').replace(' FROM ', ' TO ')};` },
        ]);
        expect(granted.size, statement).to.be.greaterThan(0);
      }
    }
  });

  it('name the runtime role where another name can take its place: in grants, never in a text', () => {
    for (const migration of migrations) expect(withoutComments(migration)).to.not.match(/'[^'\n]*tereze_runtime/);
  });

  it('build an index on a table that is there already while others write to it', () => {
    for (const migration of migrations.filter(({ name }) => !LANDED.includes(name))) {
      const made = [...withoutComments(migration).matchAll(/CREATE TABLE(?: IF NOT EXISTS)? (\w+)/gi)].map(
        ([, table]) => table,
      );
      const indexed = [
        ...withoutComments(migration).matchAll(/CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)\w+ ON (\w+)/gi),
      ].map(([, table]) => table);
      expect(made, `${migration.name}: use a file NNN_name.concurrent.sql`).to.include.members(indexed);
    }
  });

  it('that are concurrent are one statement each, which says the index', () => {
    for (const migration of migrations.filter(({ name }) => isConcurrent(name)))
      expect(indexOf(migration.text)).to.be.a('string');
    expect(indexOf('-- Why.\nCREATE UNIQUE INDEX CONCURRENTLY one ON thing (x);\n')).to.equal('one');
    for (const other of [
      'CREATE INDEX one ON thing (x)',
      'CREATE INDEX CONCURRENTLY one ON t (x); DROP TABLE t',
      'CREATE INDEX CONCURRENTLY ON t (x)',
      'CREATE INDEX CONCURRENTLY IF NOT EXISTS one ON t (x)',
    ])
      expect(() => indexOf(other), other).to.throw();
  });

  it('give the runtime role no DELETE, TRUNCATE or UPDATE of what is only added to', () => {
    const { granted } = grantedWrites(migrations);
    for (const table of [
      'audit_entry',
      'audit_subject',
      'consent_agreement',
      'consent_revision',
      'document_approval',
      'schema_migration',
    ])
      expect([...granted].filter((key) => key.startsWith(`${table} `) && !/ (SELECT|INSERT) /.test(key))).to.deep.equal(
        [],
      );
    expect([...granted].filter((key) => / (TRUNCATE|TRIGGER) /.test(key))).to.deep.equal([]);
  });
});

describe('what migrations grant', () => {
  const of = (text: string): readonly string[] => [...grantedWrites([{ text }]).granted].sort();

  it('is added, table by table and column by column, and taken away', () => {
    expect(of('GRANT SELECT, UPDATE (a, b) ON one, two TO tereze_runtime;')).to.deep.equal([
      'one SELECT *',
      'one UPDATE a',
      'one UPDATE b',
      'two SELECT *',
      'two UPDATE a',
      'two UPDATE b',
    ]);
    expect(of('GRANT INSERT ON t TO tereze_runtime; REVOKE INSERT ON t FROM tereze_runtime;')).to.deep.equal([]);
    expect(of('GRANT UPDATE (a, b) ON t TO tereze_runtime; REVOKE UPDATE (a) ON t FROM tereze_runtime;')).to.deep.equal(
      ['t UPDATE b'],
    );
    expect(of('GRANT UPDATE (a) ON t TO tereze_runtime; REVOKE UPDATE ON t FROM tereze_runtime;')).to.deep.equal([]);
    expect(of('GRANT DELETE ON t TO someone_else;')).to.deep.equal([]);
  });
});
