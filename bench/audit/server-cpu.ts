import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Clock ticks of a second in `/proc` (sysconf(_SC_CLK_TCK)), on every Linux of these machines. */
const TICKS = 100;

/**
 * Returns the CPU time that a PostgreSQL server has taken, with its processes that ended, in milliseconds. Linux only:
 * elsewhere NaN.
 *
 * @param data the server's data folder
 */
export function serverCpuMs(data: string): number {
  try {
    const server = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
    const of = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (timesOf(name) ?? []) : []));
    const own = of.filter(({ pid, parent }) => pid === server || parent === server);
    const ticks = own.reduce((sum, { pid, taken, ended }) => sum + taken + (pid === server ? ended : 0), 0);
    return (ticks * 1_000) / TICKS;
  } catch {
    return Number.NaN;
  }
}

interface Times {
  readonly pid: number;
  readonly parent: number;
  readonly taken: number;
  /** Of children that ended and were waited for. */
  readonly ended: number;
}

/** Members of `/proc/PID/stat` after the name, which may hold anything (proc(5)). */
function timesOf(pid: string): Times | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const members = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, parent = 0] = members;
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = members.slice(11, 15);
    return { pid: Number(pid), parent, taken: user + system, ended: endedUser + endedSystem };
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}
