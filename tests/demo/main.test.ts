import { fork, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { listen } from '../../demo/registers/listener.js';
import { copyCountry } from '../made-once.js';
import { freeBase } from './free-base.js';

const BUILT = fileURLToPath(new URL('../../demo/main.js', import.meta.url));
const PROGRAM = existsSync(BUILT) ? BUILT : BUILT.replace(/js$/, 'ts');
const LOADER = PROGRAM === BUILT ? [] : ['--import', 'tsx'];

interface Ready {
  readonly type: string;
  readonly config: string;
  readonly addresses: Readonly<Record<string, string>>;
  readonly showcase: readonly { readonly command: string }[];
}

describe('the country’s process', function () {
  this.timeout(30_000);
  let directory: string;
  let base: number;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-process-'));
    await copyCountry(join(directory, 'demo'));
    base = await freeBase();
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const parameters = (): string[] => ['--directory', directory, '--base-port', String(base), '--gateway-port', '4000'];
  const exitOf = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.once('exit', resolve));
  const postmaster = (): number =>
    Number(readFileSync(join(directory, 'demo', 'property', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);

  /** Dead or only waiting to be collected by its parent. */
  function ended(pid: number): boolean {
    try {
      return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, ''));
    } catch {
      return true;
    }
  }

  async function untilEnded(pid: number): Promise<boolean> {
    while (!ended(pid)) await sleep(25);
    return true;
  }

  it('tells its parent when it is ready, and ends on SIGTERM with its PostgreSQL', async () => {
    const child = fork(PROGRAM, parameters(), { execArgv: LOADER, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const exit = exitOf(child);
    const ready = await new Promise<Ready>((resolve) =>
      child.once('message', (message) => {
        resolve(message as Ready);
      }),
    );
    expect(ready).to.include({ type: 'ready', config: join(directory, 'demo', 'tereze.yaml') });
    expect(ready.addresses).to.include({
      population: `http://127.0.0.1:${base}`,
      issuer: `http://127.0.0.1:${base + 8}`,
    });
    expect(ready.showcase.map(({ command }) => command.slice(0, 14))).to.deep.equal(
      Array.from({ length: 4 }, () => 'npx tereze ask'),
    );
    const server = postmaster();
    expect(ended(server)).to.equal(false);
    child.kill('SIGTERM');
    expect(await exit).to.equal(0);
    expect(await untilEnded(server)).to.equal(true);
  });

  it('ends when its parent is killed', async () => {
    const parent = spawn(
      process.execPath,
      [
        '-e',
        `require('node:child_process').fork(${JSON.stringify(PROGRAM)}, ${JSON.stringify(parameters())}, { execArgv: ${JSON.stringify(LOADER)}, detached: true }).once('message', () => console.log('ready')); setInterval(() => {}, 1000)`,
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await new Promise((resolve) => parent.stdout.once('data', resolve));
    const server = postmaster();
    parent.kill('SIGKILL');
    expect(await untilEnded(server)).to.equal(true);
  });

  it('prints a line of JSON where there is no parent to tell', async () => {
    const child = spawn(process.execPath, [...LOADER, PROGRAM, ...parameters()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = exitOf(child);
    const line = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk: Buffer) => {
        resolve(chunk.toString());
      }),
    );
    expect(JSON.parse(line)).to.have.property('type', 'ready');
    child.kill('SIGINT');
    expect(await exit).to.equal(0);
  });

  for (const [what, wrong] of [
    ['a taken port', undefined],
    ['a port that is none', ['--base-port', 'many']],
    ['an address that is not loopback', ['--host', '0.0.0.0']],
  ] as const) {
    it(`says what is wrong with ${what} and exits with 1`, async () => {
      const holder = await listen(createServer(), '127.0.0.1', wrong === undefined ? base + 2 : 0);
      const child = spawn(process.execPath, [...LOADER, PROGRAM, ...parameters(), ...(wrong ?? [])], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      expect(await exitOf(child)).to.equal(1);
      await holder.close();
      expect(said).to.match(/^tereze demo: [^\n]+\n$/);
      expect(said).to.include(
        wrong === undefined ? String(base + 2) : wrong[0] === '--host' ? 'loopback' : '--base-port',
      );
    });
  }
});
