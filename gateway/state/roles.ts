import type { Sql } from '../../schemas/ports/sql.js';

/** The group that every migration grants to, by name. */
export const RUNTIME_ROLE = 'tereze_runtime';

/** Makes the runtime role of an embedded server: it can sign in, and own and create nothing. */
export async function ensureEmbeddedRoles(owner: Sql, runtimePassword: string): Promise<void> {
  await ensureRole(owner);
  await owner.query(`ALTER ROLE ${RUNTIME_ROLE} LOGIN PASSWORD ${literal(runtimePassword)}`);
  await closePublicSchema(owner);
}

/** On a server of the installation's own: the runtime user, under any name, becomes a member of the group. */
export async function ensureRuntimeMember(owner: Sql, runtimeUser: string): Promise<void> {
  await ensureRole(owner);
  if (runtimeUser !== RUNTIME_ROLE) await owner.query(`GRANT ${RUNTIME_ROLE} TO ${identifier(runtimeUser)}`);
  await closePublicSchema(owner);
}

async function ensureRole(owner: Sql): Promise<void> {
  const { count } = await owner.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [RUNTIME_ROLE]);
  if (count === 0) await owner.query(`CREATE ROLE ${RUNTIME_ROLE} NOSUPERUSER NOCREATEDB NOCREATEROLE`);
}

async function closePublicSchema(owner: Sql): Promise<void> {
  await owner.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
  await owner.query(`GRANT USAGE ON SCHEMA public TO ${RUNTIME_ROLE}`);
}

/** DDL takes no parameters: quoted by doubling (PostgreSQL manual, section 4.1.2.1). */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
