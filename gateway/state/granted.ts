import type { Migration } from './migrations.js';
import { RUNTIME_ROLE } from './runtime-role.js';

/** What the runtime role may change: all of a table, or one column of it. */
export interface GrantedWrites {
  /** Every table that a migration creates, and the one that says which ran. */
  readonly tables: readonly string[];
  /** `table PRIVILEGE *` or `table PRIVILEGE column`. */
  readonly granted: ReadonlySet<string>;
}

const STATEMENT = new RegExp(
  String.raw`\b(?:CREATE TABLE(?: IF NOT EXISTS)? (?<created>\w+)|(?<verb>GRANT|REVOKE) (?<privileges>[\w\s,()]+?) ON (?:TABLE )?(?<tables>\w+(?:\s*,\s*\w+)*) (?:TO|FROM) ${RUNTIME_ROLE}\s*;)`,
  'gi',
);
const PRIVILEGE = /(\w+)\s*(?:\(([^)]*)\))?/g;

/**
 * Returns what migrations grant to the runtime role, in their order. The grants are known from the migrations alone, so a
 * new table needs no second list. `tests/gateway/state/migration-files.test.ts` holds the files to the form that is read here.
 */
export function grantedWrites(migrations: readonly Pick<Migration, 'text'>[]): GrantedWrites {
  const tables = new Set(['schema_migration']);
  const granted = new Set<string>();
  for (const { text } of migrations) {
    for (const { groups = {} } of text.matchAll(STATEMENT)) {
      if (groups['created'] !== undefined) tables.add(groups['created'].toLowerCase());
      else applyGrant(granted, groups as unknown as Grant);
    }
  }
  return { tables: [...tables], granted };
}

interface Grant {
  readonly verb: string;
  readonly privileges: string;
  readonly tables: string;
}

function applyGrant(granted: Set<string>, { verb, privileges, tables }: Grant): void {
  const isGrant = verb.toUpperCase() === 'GRANT';
  for (const table of words(tables)) {
    for (const [, privilege = '', columns] of privileges.matchAll(PRIVILEGE)) {
      for (const column of columns === undefined ? ['*'] : words(columns)) {
        const key = grantKey(table, privilege.toUpperCase(), column);
        if (isGrant) granted.add(key);
        else forget(granted, key);
      }
    }
  }
}

/** A privilege that is revoked of the table is revoked of its columns as well. */
function forget(granted: Set<string>, key: string): void {
  granted.delete(key);
  if (!key.endsWith(' *')) return;
  for (const one of granted) if (one.startsWith(key.slice(0, -1))) granted.delete(one);
}

/** The form in which {@link GrantedWrites} names one privilege. */
function grantKey(table: string, privilege: string, column: string): string {
  return `${table} ${privilege} ${column}`;
}

const words = (list: string): readonly string[] => list.split(',').map((word) => word.trim().toLowerCase());
