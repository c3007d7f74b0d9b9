import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { copyState } from '../made-once.js';
import { startSystem, type RunningSystem } from './running-system.js';

const DISK_MEGABYTES = 200;
const STEPS = [1_048_576, 65_536, 4_096] as const;
const LOOKS = 20;
const LOOK_AGAIN_MS = 50;
const { applicant, caseNumber } = HOUSING_FAMILY;

/** The state database on a small disk of its own, which needs root to mount. */
describe('a full disk under the state database', function () {
  this.timeout(90_000);
  let folder: string | undefined;
  let system: RunningSystem | undefined;

  before(async function () {
    folder = mkdtempSync(join(tmpdir(), 'tereze-full-'));
    chmodSync(folder, 0o755);
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MEGABYTES}m,mode=0755`, 'tmpfs', disk], {
        stdio: 'pipe',
      });
    } catch {
      process.stdout.write('      (not tried: this user may not mount a file system)\n');
      this.skip();
    }
    // Without holes: a server that finds no room for what is set aside already would fail otherwise than one that has run.
    await copyState(join(folder, 'state'));
    execFileSync('cp', ['-a', '--sparse=never', join(folder, 'state'), disk]);
    system = await startSystem((config) => ({
      ...config,
      database: { ...config.database, directory: join(disk, 'state') },
    }));
  });
  after(async () => {
    await system?.stop();
    if (folder === undefined) return;
    if (system !== undefined) execFileSync('umount', [join(folder, 'disk')]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('is told by readiness for as long as requests are refused, and is over when there is room', async () => {
    const { gateway, as, ask } = system ?? expect.fail('no system');
    const readiness = async (): Promise<{ status: number; checks: Record<string, string> }> => {
      const response = await fetch(`${gateway.operationsUrl}/health/ready`);
      const { checks } = (await response.json()) as { checks: Record<string, string> };
      return { status: response.status, checks };
    };
    const question = async (): Promise<number> => {
      const access = await as('housing', 'housing_queue', caseNumber);
      const { status, data } = await ask(access, { documentId: 'HousingQueue', variables: { iin: applicant.iin } });
      expect(data === null).to.equal(status !== 200);
      return status;
    };
    expect(await question()).to.equal(200);
    expect((await readiness()).status).to.equal(200);

    const filler = join(folder ?? '', 'disk', 'filler');
    fill(filler);
    const seen = new Map<string, number>();
    // PostgreSQL makes some room when it recovers, which it may do on a full disk: then the room is filled again.
    while (!seen.has('503 503 failed') || looksOf(seen) < LOOKS) {
      const before = await readiness();
      const status = await question();
      const after = await readiness();
      const key = (one: typeof before): string => `${status} ${one.status} ${one.checks['audit_log']}`;
      // Only a state that stood during the question can be compared with its answer.
      if (key(before) === key(after)) seen.set(key(after), (seen.get(key(after)) ?? 0) + 1);
      if (status === 200) fill(filler);
      await sleep(LOOK_AGAIN_MS);
    }
    expect(['503 503 failed', '200 200 ok']).to.include.members([...seen.keys()]);

    rmSync(filler);
    while ((await readiness()).status !== 200) await sleep(50);
    expect(await question()).to.equal(200);
  });
});

const looksOf = (seen: ReadonlyMap<string, number>): number => [...seen.values()].reduce((sum, one) => sum + one, 0);

/** Appends to a file until nothing more fits. */
function fill(path: string): void {
  const file = openSync(path, 'a');
  for (const step of STEPS) {
    const bytes = Buffer.alloc(step, 1);
    try {
      for (;;) writeSync(file, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  closeSync(file);
}
