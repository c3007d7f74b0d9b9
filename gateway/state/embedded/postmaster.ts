import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The process of a server, found by the file that PostgreSQL keeps in its data directory. */
export function postmasterPid(data: string): number | undefined {
  const pid = Number(firstLine(join(data, 'postmaster.pid')));
  return Number.isInteger(pid) && pid > 0 && isServerOf(pid, data) ? pid : undefined;
}

function firstLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').split('\n', 1)[0] ?? '';
  } catch {
    return '';
  }
}

/** A number in a left-over file may belong to any process by now: its command line must name the data directory. */
function isServerOf(pid: number, data: string): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(data);
  } catch {
    return false;
  }
}

const STOP_LIMIT_MS = 10_000;
const LOOK_AGAIN_MS = 10;

/** Tells a server to end (fast shutdown: open transactions roll back), without waiting for it. */
export function tellPostmaster(data: string): void {
  const pid = postmasterPid(data);
  if (pid !== undefined) process.kill(pid, 'SIGINT');
}

/** Ends a server: fast shutdown first (open transactions roll back), immediate at the limit. */
export async function endPostmaster(data: string): Promise<void> {
  const pid = postmasterPid(data);
  if (pid === undefined) return;
  process.kill(pid, 'SIGINT');
  for (let waited = 0; postmasterPid(data) !== undefined; waited += LOOK_AGAIN_MS) {
    if (waited === STOP_LIMIT_MS) process.kill(pid, 'SIGQUIT');
    if (waited > 2 * STOP_LIMIT_MS) return;
    await sleep(LOOK_AGAIN_MS);
  }
}
