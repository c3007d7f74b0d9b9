import type { SqlExecutor } from '../../schemas/ports/sql.js';
import { assertDurable } from './checks/durability.js';
import { assertRuntimeRole } from './checks/runtime-role.js';
import { assertReplicated, readStandbys, type Standbys } from './checks/standbys.js';
import type { GrantedWrites } from './granted.js';
import { assertSessionSettings } from './session-settings.js';

/** What a state database must be like for this installation to use it. */
export interface RuntimeDemands {
  /** The login owns nothing and can change no entry: everywhere but in the demo. */
  readonly role: boolean;
  /** Every commit waits for a standby. */
  readonly replicated: boolean;
}

/**
 * Returns the check of a connection that serves: time limits, durability, role, standbys. It rejects with a
 * `StateFailure` that says what is wrong and how to repair it. `onStandbys` is told what was seen of the standbys.
 */
export function runtimeCheck(
  { role, replicated }: RuntimeDemands,
  granted: GrantedWrites,
  onStandbys: (standbys: Standbys) => void = () => undefined,
): (sql: SqlExecutor) => Promise<void> {
  return async (sql) => {
    await assertSessionSettings(sql);
    await assertDurable(sql);
    if (role) await assertRuntimeRole(sql, granted);
    const standbys = await readStandbys(sql);
    onStandbys(standbys);
    if (replicated) assertReplicated(standbys);
  };
}
