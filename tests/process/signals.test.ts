import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { freePort } from '../../demo/free-port.js';
import { packageRoot } from '../../gateway/state/package-root.js';
import { freeBase } from '../demo/free-base.js';
import { copyCountry, copyState } from '../made-once.js';
import { hasEnded, untilEnded } from './program.js';

const CLEAN_END = 'database system is shut down';

/** A command in a terminal of its own (`script`, util-linux). */
interface InTerminal {
  readonly terminal: ChildProcess;
  /** Resolves when the output holds the text. */
  says(text: string): Promise<void>;
  /** All its processes, grandchildren too, that run now. */
  processes(): readonly number[];
}

function inTerminal(command: string, environment: NodeJS.ProcessEnv, mark: string): InTerminal {
  const terminal = spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], {
    cwd: packageRoot(),
    env: { ...process.env, ...environment, TEREZE_TEST_MARK: mark },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  terminal.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    terminal,
    says: async (text) => {
      while (!output.includes(text)) {
        if (terminal.exitCode !== null) throw new Error(`it ended: ${output}`);
        await sleep(20);
      }
    },
    processes: () => withChildren(marked(mark)),
  };
}

/** Processes with a mark in their environment. */
function marked(mark: string): readonly number[] {
  return pids().filter((pid) => read(pid, 'environ').split('\0').includes(`TEREZE_TEST_MARK=${mark}`));
}

/** Planners have no environment: they are found by their parent. */
function withChildren(parents: readonly number[]): readonly number[] {
  const parentOf = (pid: number): number =>
    Number(
      read(pid, 'stat')
        .replace(/^.*\) /, '')
        .split(' ')[1],
    );
  return [...new Set([...parents, ...pids().filter((pid) => parents.includes(parentOf(pid)))])].filter(
    (pid) => !hasEnded(pid),
  );
}

function pids(): readonly number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}

describe('signals to the demo in a terminal', function () {
  this.timeout(90_000);
  let directory: string;
  let started: InTerminal | undefined;

  before(async function () {
    const script = spawnSync('script', ['--version'], { encoding: 'utf8' });
    if (process.platform !== 'linux' || !script.stdout?.includes('util-linux')) {
      process.stderr.write('    skipped: needs Linux and script of util-linux\n');
      this.skip();
    }
    directory = mkdtempSync(join(tmpdir(), 'tereze-terminal-'));
    await copyCountry(join(directory, 'demo'));
    await copyState(join(directory, 'postgres'));
  });
  afterEach(async () => {
    for (const pid of started?.processes() ?? []) process.kill(pid, 'SIGKILL');
    for (const pid of started?.processes() ?? []) await untilEnded(pid);
    started = undefined;
  });
  after(() => {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  });

  const startDemo = async (mark: string, command: (demo: string) => string, tries = 3): Promise<InTerminal> => {
    const base = await freeBase();
    const port = String(await freePort('127.0.0.1'));
    const parameters = `--directory ${directory} --base-port ${base}`;
    started = inTerminal(command(parameters), { PORT: port }, `${process.pid}-${mark}`);
    try {
      await started.says('Ctrl-C ends everything');
      return started;
    } catch (error) {
      // The ports were free a moment ago, but they are not held.
      if (tries === 1 || !String(error).includes('is taken')) throw error;
      return startDemo(mark, command, tries - 1);
    }
  };
  const npmStart = (mark: string): Promise<InTerminal> =>
    startDemo(mark, (parameters) => `npm start --silent -- ${parameters}`);
  /** All end by themselves, and both databases in order. */
  const expectOrderlyEnd = async (running: readonly number[]): Promise<void> => {
    for (const pid of running) expect(await untilEnded(pid), `process ${pid} has ended`).to.equal(true);
    for (const log of [join(directory, 'postgres'), join(directory, 'demo', 'property')])
      expect(readFileSync(join(log, 'postgres.log'), 'utf8').trim().split('\n').at(-1)).to.include(CLEAN_END);
  };

  it('npm start leaves nothing behind when its terminal is closed', async () => {
    const { terminal, processes } = await npmStart('hang-up');
    const running = processes().filter((pid) => pid !== terminal.pid);
    expect(running.length, 'npm, the gateway, a planner, the country, two databases').to.be.at.least(6);
    terminal.kill('SIGKILL');
    await expectOrderlyEnd(running);
  });

  it('the demo ends with code 0 when its terminal is closed', async () => {
    const status = join(directory, 'status');
    // A shell that passes the hang-up on and outlives it, to say how the demo ended.
    const { terminal, processes } = await startDemo(
      'status',
      (parameters) =>
        `trap 'kill -HUP $!' HUP; node bin/tereze.js demo ${parameters} & wait $!; wait $!; echo $? > ${status}`,
    );
    const running = processes().filter((pid) => pid !== terminal.pid);
    terminal.kill('SIGKILL');
    await expectOrderlyEnd(running);
    expect(readFileSync(status, 'utf8').trim()).to.equal('0');
  });

  it('npm start ends in order at one Ctrl-C, which npm passes on a second time', async () => {
    const { terminal, processes } = await npmStart('ctrl-c');
    const running = processes();
    terminal.stdin?.write('\u0003');
    await expectOrderlyEnd(running);
  });
});
