import { readFileSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';

/** The file system in memory of every Linux. */
const IN_MEMORY = '/dev/shm';
/** Tests of databases fill up to 0.6 GiB at once; containers often give this file system only 64 MiB. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

/**
 * Returns the folder in which a run makes its temporary files: one in memory if there is enough of it, otherwise the
 * system's. Tests that start a PostgreSQL wait for the disk otherwise. `TMPDIR` decides where it is set.
 */
export function temporaryRoot() {
  if (process.env.TMPDIR !== undefined || !isUsable(IN_MEMORY)) return tmpdir();
  return IN_MEMORY;
}

function isUsable(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= ENOUGH_BYTES && freemem() >= ENOUGH_BYTES && !isNoExec(folder);
  } catch {
    // No such folder: not Linux.
    return false;
  }
}

/** Some tests run a program from their folder. */
function isNoExec(folder) {
  const line = readFileSync('/proc/mounts', 'latin1')
    .split('\n')
    .find((mount) => mount.split(' ')[1] === folder);
  return line === undefined || line.split(' ')[3].split(',').includes('noexec');
}
