import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const GRACE_MS = 5_000;
const LOOK_AGAIN_MS = 50;

/**
 * Ends the processes that still run with this folder as their TMPDIR, and returns their command lines.
 * Processes that end by themselves within five seconds do not count. Only Linux shows the environment
 * of other processes; elsewhere the list is empty.
 */
export async function endLeftProcesses(temporary) {
  for (let waited = 0; waited < GRACE_MS && processesOf(temporary).length > 0; waited += LOOK_AGAIN_MS)
    await sleep(LOOK_AGAIN_MS);
  const left = processesOf(temporary);
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
  return left.map(({ pid, command }) => `${pid} ${command}`);
}

function processesOf(temporary) {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && read(name, 'environ').split('\0').includes(`TMPDIR=${temporary}`))
    .map((name) => ({ pid: Number(name), command: read(name, 'cmdline').replaceAll('\0', ' ').trim() }));
}

/** Returns the file of a process; nothing for one that has ended or is another user's. */
function read(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}
