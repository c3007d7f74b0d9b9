import type { Clock } from '../../schemas/ports/clock.js';
import type { Config } from '../config/schema.js';
import type { StateOptions } from '../state/state-options.js';
import { migrationFolders } from './migration-folders.js';

/** Where the state of a configuration is, and what it must be like. */
export function stateOptionsOf({ environment, database, audit, server }: Config, clock: Clock): StateOptions {
  return {
    databaseUrl: database.url,
    databaseAdminUrl: database.admin_url,
    runtimeRole: database.runtime_role,
    directory: database.directory,
    migrations: migrationFolders(),
    clock,
    officerConnections: server.audit?.connections,
    demands: {
      role: environment !== 'demo',
      replicated: environment === 'production' && audit.durability === 'replicated',
    },
  };
}
