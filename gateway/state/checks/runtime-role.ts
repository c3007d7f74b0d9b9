import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import type { GrantedWrites } from '../granted.js';
import { quotedIdentifier } from '../identifier.js';
import { StateFailure } from '../state-failure.js';

/** Something that the runtime role must not be able to do, and the statement that ends it. */
interface Excess {
  readonly may: string;
  readonly repair: string;
}

/**
 * Refuses a login that can change or delete what the log says, or give itself the right to: by its attributes, by what it
 * owns, or by privileges beyond those that the migrations grant. Every role counts that the login is a member of, directly
 * or not, whether it inherits its rights, can become it by `SET ROLE`, or administers it.
 */
export async function assertRuntimeRole(sql: SqlExecutor, granted: GrantedWrites): Promise<void> {
  const { rows } = await sql.query<{ login: string }>('SELECT session_user AS login');
  const login = rows[0]?.login ?? '';
  const attributes = await attributesOf(sql, login);
  // A superuser or owner may do everything: only the first reason is worth reading.
  const excess = attributes.length > 0 ? attributes : await ownedOrGranted(sql, login, granted);
  if (excess.length === 0) return;
  throw new StateFailure(
    'ROLE_TOO_STRONG',
    `the role ${quotedIdentifier(login)} of DATABASE_URL must not serve: it ${excess.map(({ may }) => may).join('; it ')}`,
    {
      hint: [
        'Give the gateway a login of its own and run `tereze db migrate` with it:',
        `CREATE ROLE tereze_gateway LOGIN PASSWORD '...';`,
        'Or repair this one, as a superuser:',
        ...new Set(excess.map(({ repair }) => repair)),
      ].join('\n'),
    },
  );
}

async function ownedOrGranted(sql: SqlExecutor, login: string, granted: GrantedWrites): Promise<readonly Excess[]> {
  const owned = await ownedBy(sql, login);
  return owned.length > 0 ? owned : privilegesBeyond(sql, granted);
}

/** Predefined roles that write tables or the server's files, or run its programs (PostgreSQL manual, section 22.5). */
const STRONG_ROLES = ['pg_write_all_data', 'pg_write_server_files', 'pg_execute_server_program'];

interface RoleRow {
  readonly role: string;
  readonly is_superuser: boolean;
  readonly bypasses: boolean;
  readonly creates_roles: boolean;
  /** Roles that have the role directly, and through which the login has it; quoted. */
  readonly members: readonly string[];
}

/** The direct members of role `r` that the login is, or is a member of. */
const MEMBERS = `ARRAY (
  SELECT quote_ident(m.rolname) FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
  WHERE a.roleid = r.oid AND pg_has_role(session_user, m.oid, 'MEMBER'))`;

const ROLES = `
SELECT rolname AS role, rolsuper AS is_superuser, rolbypassrls AS bypasses, rolcreaterole AS creates_roles, ${MEMBERS} AS members
FROM pg_roles r
WHERE pg_has_role(session_user, oid, 'MEMBER') AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolname = ANY ($1))
ORDER BY rolname <> session_user, rolname`;

async function attributesOf(sql: SqlExecutor, login: string): Promise<readonly Excess[]> {
  const { rows } = await sql.query<RoleRow>(ROLES, [STRONG_ROLES]);
  const own = rows.find(({ role }) => role === login);
  // A superuser is a member of every role.
  const relevant = own?.is_superuser === true ? [own] : rows;
  return relevant.flatMap((row) =>
    row.role === login
      ? ownAttributes(row)
      : [{ may: `is a member of ${quotedIdentifier(row.role)}`, repair: revokeMembership(row) }],
  );
}

function ownAttributes({ role, is_superuser, bypasses, creates_roles }: RoleRow): readonly Excess[] {
  const alter = (attribute: string): string => `ALTER ROLE ${quotedIdentifier(role)} ${attribute};`;
  return [
    ...(is_superuser ? [{ may: 'is a superuser', repair: alter('NOSUPERUSER') }] : []),
    ...(bypasses && !is_superuser ? [{ may: 'passes row security by', repair: alter('NOBYPASSRLS') }] : []),
    ...(creates_roles && !is_superuser ? [{ may: 'can create roles', repair: alter('NOCREATEROLE') }] : []),
  ];
}

function revokeMembership({ role, members }: Pick<RoleRow, 'role' | 'members'>): string {
  return `REVOKE ${quotedIdentifier(role)} FROM ${members.join(', ')};`;
}

/** Owners of anything in this database, and of databases: `pg_shdepend` records each that is not the first superuser. */
const OWNED = `
SELECT r.rolname AS role, pg_describe_object(d.classid, d.objid, d.objsubid) AS object, ${MEMBERS} AS members
FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid
WHERE d.refclassid = 'pg_authid'::regclass AND d.deptype = 'o'
  AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
  AND pg_has_role(session_user, r.oid, 'MEMBER')
ORDER BY d.classid = 'pg_database'::regclass DESC, d.objid LIMIT 3`;

async function ownedBy(sql: SqlExecutor, login: string): Promise<readonly Excess[]> {
  const { rows } = await sql.query<{ role: string; object: string; members: readonly string[] }>(OWNED);
  return rows.map(({ role, object, members }) =>
    role === login
      ? { may: `owns ${object}`, repair: `REASSIGN OWNED BY ${quotedIdentifier(login)} TO "<owner of the schema>";` }
      : {
          may: `is a member of ${quotedIdentifier(role)}, which owns ${object}`,
          repair: revokeMembership({ role, members }),
        },
  );
}

/** Privileges by table, or by column where a column can have its own, that no migration grants. Nothing is granted on a partition by its name. */
const BEYOND = `
WITH RECURSIVE roles AS (SELECT oid FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')),
known AS (
  SELECT to_regclass(name)::oid AS oid FROM unnest($1::text[]) AS name
  UNION SELECT i.inhrelid FROM pg_inherits i JOIN known ON known.oid = i.inhparent
),
held AS (
  SELECT c.oid, c.relname AS name, p.privilege, '*' AS part
  FROM pg_class c CROSS JOIN unnest(ARRAY['DELETE', 'TRUNCATE', 'TRIGGER']) AS p (privilege)
  WHERE c.oid IN (SELECT oid FROM known)
    AND EXISTS (SELECT FROM roles r WHERE has_table_privilege(r.oid, c.oid, p.privilege))
  UNION ALL
  SELECT c.oid, c.relname, p.privilege, a.attname
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE']) AS p (privilege)
  WHERE c.oid IN (SELECT oid FROM known)
    AND EXISTS (SELECT FROM roles r WHERE has_column_privilege(r.oid, c.oid, a.attnum, p.privilege))
)
SELECT DISTINCT name AS table, privilege, oid
FROM held
WHERE NOT (name || ' ' || privilege || ' *' = ANY ($2)) AND NOT (name || ' ' || privilege || ' ' || part = ANY ($2))
ORDER BY name, privilege`;

/** Who was granted a privilege on a table or a column of it. */
const GRANTEES = `
SELECT DISTINCT CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS grantee
FROM (SELECT relacl AS acl FROM pg_class WHERE oid = $1 UNION ALL SELECT attacl FROM pg_attribute WHERE attrelid = $1) AS lists,
     LATERAL aclexplode(acl) AS x
WHERE x.privilege_type = $2 AND (x.grantee = 0 OR pg_has_role(session_user, x.grantee, 'MEMBER'))`;

async function privilegesBeyond(sql: SqlExecutor, { tables, granted }: GrantedWrites): Promise<readonly Excess[]> {
  const { rows } = await sql.query<{ table: string; privilege: string; oid: string }>(BEYOND, [tables, [...granted]]);
  const excess: Excess[] = [];
  for (const { table, privilege, oid } of rows) {
    const may = `can ${privilege} ${quotedIdentifier(table)} more than it must`;
    const { rows: grantees } = await sql.query<{ grantee: string }>(GRANTEES, [oid, privilege]);
    for (const { grantee } of grantees) excess.push({ may, repair: revoke(table, privilege, grantee, granted) });
    if (grantees.length === 0) excess.push({ may, repair: `-- find out how it can ${privilege} ${table}` });
  }
  return excess;
}

/** What is revoked of a table is revoked of its columns, too: those that a migration grants are granted again. */
function revoke(table: string, privilege: string, grantee: string, granted: ReadonlySet<string>): string {
  const prefix = `${table} ${privilege} `;
  const columns = [...granted].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  const again =
    columns.length === 0 || grantee === 'PUBLIC'
      ? ''
      : `\nGRANT ${privilege} (${columns.join(', ')}) ON ${quotedIdentifier(table)} TO ${grantee};`;
  return `REVOKE ${privilege} ON ${quotedIdentifier(table)} FROM ${grantee};${again}`;
}
