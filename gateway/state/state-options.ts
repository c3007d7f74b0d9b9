import type { Clock } from '../../schemas/ports/clock.js';
import type { SqlExecutor } from '../../schemas/ports/sql.js';
import type { Standbys } from './checks/standbys.js';
import type { SupervisionEvent } from './embedded/supervise.js';
import type { RuntimeDemands } from './runtime-checks.js';
import type { StateFailure } from './state-failure.js';

/** Where the state is, and what it must be like. */
export interface StateOptions {
  /** A server of the installation's own; absent: the embedded one in `directory`. */
  readonly databaseUrl?: string | undefined;
  /** Its owner, only for `migrateState`. */
  readonly databaseAdminUrl?: string | undefined;
  /** The group to which the migrations grant, on a server of the installation's own. Default: `tereze_runtime`. */
  readonly runtimeRole?: string | undefined;
  readonly directory: string;
  /** Folders of migrations, in order. */
  readonly migrations: readonly string[];
  readonly clock: Clock;
  /** Connections of `State.officers`. Default: none, and officers have the connections of everyone. */
  readonly officerConnections?: number | undefined;
  /** What the database must be like. Default: the role is checked, and no standby demanded. */
  readonly demands?: RuntimeDemands;
  /**
   * Rejects with a `StateFailure` unless the database that a connection leads to may be asked for data, by what is known
   * outside it. Runs on every connection of `State.sql`, and on none of `State.unanchored`.
   */
  readonly admits?: ((sql: SqlExecutor) => Promise<void>) | undefined;
  /** Told when the embedded server ended under this process, and of what became of it. */
  readonly onSupervised?: (event: SupervisionEvent) => void;
  /** Told what each check of a connection saw of the standbys. */
  readonly onStandbys?: (standbys: Standbys) => void;
  /** Told when a database in use is refused, with the reason, and, with undefined, when it is good again. */
  readonly onRefused?: (failure: StateFailure | undefined) => void;
}
