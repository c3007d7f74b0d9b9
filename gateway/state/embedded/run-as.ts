import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, readFileSync, readdirSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { StateFailure } from '../state-failure.js';

/** How to run a program that refuses to be root. */
export interface RunAs {
  /** Put before the program. */
  readonly prefix: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
  /** Makes a folder usable for the user that the program runs as. */
  own(folder: string): void;
}

const UNSHARE = ['unshare', '--user', '--map-user=1', '--map-group=1'] as const;
const SYSTEM_USERS = ['postgres', 'nobody'] as const;

/**
 * PostgreSQL refuses to run as root. A user namespace in which root has another number keeps owners
 * as they are and works below 0700 folders; else a system user that the folder is given to.
 */
export function chooseRunAs(uid: number | undefined = process.getuid?.()): RunAs {
  if (uid !== 0) return { prefix: [], own: () => undefined };
  if (canUnshare()) return { prefix: UNSHARE, own: () => undefined };
  const user = SYSTEM_USERS.map(findUser).find((found) => found !== undefined);
  if (user === undefined) {
    throw new StateFailure(
      'NO_USER',
      'PostgreSQL does not run as root, and neither user namespaces nor a system user are to be had',
      {
        hint: 'Run Tereze as another user, or set DATABASE_URL to a PostgreSQL server.',
      },
    );
  }
  return { prefix: [], ...user, own: (folder) => giveTo(folder, user) };
}

function canUnshare(): boolean {
  return spawnSync(UNSHARE[0], [...UNSHARE.slice(1), 'true'], { stdio: 'ignore' }).status === 0;
}

interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

function findUser(name: string): SystemUser | undefined {
  if (!existsSync('/etc/passwd')) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

function giveTo(folder: string, user: SystemUser): void {
  chownSync(folder, user.uid, user.gid);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (lstatSync(path).isDirectory()) giveTo(path, user);
    else chownSync(path, user.uid, user.gid);
  }
}
