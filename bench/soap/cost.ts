import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { SOAP, WSU } from '../../adapters/soap/xml/namespaces.js';
import { percentile } from '../figures.js';

/** Milliseconds of CPU a message. */
export interface Cost {
  readonly cpu: number;
  /** Of the main thread alone. Undefined where the system does not say it. */
  readonly mainThread?: number | undefined;
}

/** Runs `work` until it took so much CPU, and returns what one run costs. */
export async function costOf(work: () => Promise<unknown>, enoughMs: number): Promise<Cost> {
  const [cpu, main] = [process.cpuUsage(), mainThreadMs()];
  const spentMs = (): number => {
    const { user, system } = process.cpuUsage(cpu);
    return (user + system) / 1_000;
  };
  let times = 0;
  while (spentMs() < enoughMs) {
    for (let turn = 0; turn < 5; turn += 1) await work();
    times += 5;
  }
  const mainNow = mainThreadMs();
  return {
    cpu: spentMs() / times,
    mainThread: main === undefined || mainNow === undefined ? undefined : (mainNow - main) / times,
  };
}

/** CPU time of the main thread, as Linux says it (proc(5), schedstat). */
function mainThreadMs(): number | undefined {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ', 1)[0]) / 1e6;
  } catch {
    return undefined;
  }
}

export function hasXmlsec1(): boolean {
  return spawnSync('xmlsec1', ['--version']).status === 0;
}

/** What xmlsec1 says that verifying this file costs. Throws if it does not verify it. */
export function costOfXmlsec1(file: string, publicKey: string): Cost {
  const ids = [`${SOAP}:Body`, `${WSU}:Timestamp`].flatMap((name) => ['--id-attr:Id', name]);
  const times = 200;
  const { status, stdout, stderr } = spawnSync(
    'xmlsec1',
    ['--verify', '--repeat', String(times), '--pubkey-pem', publicKey, ...ids, file],
    { encoding: 'utf8' },
  );
  const [, ms] = /Executed \d+ tests in ([\d.]+) msec/.exec(stdout + stderr) ?? [];
  if (status !== 0 || ms === undefined) throw new Error(`xmlsec1 does not verify ${file}`);
  return { cpu: Number(ms) / times };
}

/** Returns the median, least and most of some values. */
export function spreadOf(values: readonly number[]): string {
  if (values.length === 0) return '-';
  const sorted = [...values].sort((one, other) => one - other);
  const text = (value = Number.NaN): string => value.toFixed(value < 10 ? 2 : 1);
  return `${text(percentile(sorted, 0.5))} (${text(sorted[0])}-${text(sorted.at(-1))})`;
}
