import type { SqlExecutor } from '../../schemas/ports/sql.js';
import { quotedIdentifier, quotedLiteral } from './identifier.js';
import { RUNTIME_ROLE } from './runtime-role.js';

/** Makes the runtime role of an embedded server: it can sign in, and own and create nothing. */
export async function ensureEmbeddedRoles(owner: SqlExecutor, runtimePassword: string): Promise<void> {
  await ensureRole(owner, RUNTIME_ROLE);
  await owner.query(`ALTER ROLE ${RUNTIME_ROLE} LOGIN PASSWORD ${quotedLiteral(runtimePassword)}`);
  await closePublicSchema(owner, RUNTIME_ROLE);
}

/** On a server of the installation's own: the runtime user, under any name, becomes a member of the group. */
export async function ensureRuntimeMember(owner: SqlExecutor, runtimeUser: string, group: string): Promise<void> {
  await ensureRole(owner, group);
  if (runtimeUser !== group && !(await isMember(owner, runtimeUser, group)))
    await owner.query(`GRANT ${quotedIdentifier(group)} TO ${quotedIdentifier(runtimeUser)}`);
  await closePublicSchema(owner, group);
}

/** A group that is already as it must be is left alone: the owner may have no right to change it. */
async function isMember(owner: SqlExecutor, user: string, group: string): Promise<boolean> {
  const { count } = await owner.query(
    'SELECT 1 FROM pg_auth_members WHERE roleid = to_regrole($1) AND member = to_regrole($2)',
    [quotedIdentifier(group), quotedIdentifier(user)],
  );
  return count > 0;
}

async function ensureRole(owner: SqlExecutor, group: string): Promise<void> {
  const { count } = await owner.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [group]);
  if (count === 0) await owner.query(`CREATE ROLE ${quotedIdentifier(group)} NOSUPERUSER NOCREATEDB NOCREATEROLE`);
}

async function closePublicSchema(owner: SqlExecutor, group: string): Promise<void> {
  await owner.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
  await owner.query(`GRANT USAGE ON SCHEMA public TO ${quotedIdentifier(group)}`);
}
