import { join } from 'node:path';
import { packageRoot } from '../state/package-root.js';

/** Rooms that keep state, in the order in which their migrations run. */
const ROOMS = [
  'monitoring',
  'policies',
  'gateway/auth',
  'gateway/approvals',
  'gateway/officers',
  'gateway/state',
] as const;

/** The folders of their migrations. */
export function migrationFolders(): readonly string[] {
  return ROOMS.map((room) => join(packageRoot(), room, 'migrations'));
}
