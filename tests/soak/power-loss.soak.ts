import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { startCountry, type RunningCountry } from '../../demo/start.js';
import { accessForSystem } from '../../gateway/cli/client/access.js';
import { readProfile } from '../../gateway/cli/client/profile.js';
import { stateOptions } from '../../gateway/cli/installed-state.js';
import { readConfig } from '../../gateway/config/read-config.js';
import { postmasterPid } from '../../gateway/state/embedded/postmaster.js';
import { attachState } from '../../gateway/state/open.js';
import { createAuditReader } from '../../monitoring/audit/reader.js';
import { verifyAnswer } from '../../monitoring/audit/answer/verify-answer.js';
import { runTereze, untilEnded, type Program } from '../process/program.js';
import { sizeOf, tell } from './figures.js';

const LOSSES = sizeOf('SOAK_LOSSES', 10);
const CLIENTS = 8;
/** Answers of a round before its power goes, which then goes in the middle of others. */
const FEWEST = 20;
const DISK_BYTES = 700_000_000;
const { applicant, caseNumber } = HOUSING_FAMILY;

/** A file system in a file. What was not synced when power is lost is not in the file. */
class Disk {
  readonly #image: string;
  readonly at: string;
  #isMounted = false;

  constructor(folder: string) {
    this.#image = join(folder, 'disk.img');
    this.at = join(folder, 'disk');
    mkdirSync(this.at);
    writeFileSync(this.#image, '');
    truncateSync(this.#image, DISK_BYTES);
    execFileSync('mkfs.ext4', ['-q', this.#image]);
  }

  mount(): void {
    // Nothing is put on the disk by time alone: what was not synced is lost, however long it was ago.
    execFileSync('mount', ['-o', 'loop,commit=3600', this.#image, this.at], { stdio: 'pipe' });
    this.#isMounted = true;
  }

  unmount(): void {
    if (this.#isMounted) execFileSync('umount', [this.at]);
    this.#isMounted = false;
  }

  /** Goes on with what is on the disk now; what the kernel still holds back is lost. Nothing may be running on it. */
  losePower(): void {
    const left = `${this.#image}.left`;
    copySparse(this.#image, left);
    this.unmount();
    renameSync(left, this.#image);
    this.mount();
  }
}

describe(`a gateway whose machine loses power ${LOSSES} times`, function () {
  this.timeout(1_800_000);
  let folder: string;
  let disk: Disk | undefined;
  let country: RunningCountry;
  let gateway: Program | undefined;

  before(async function () {
    folder = mkdtempSync(join(tmpdir(), 'tereze-power-'));
    // PostgreSQL runs as someone else where this runs as root.
    execFileSync('chmod', ['711', folder]);
    try {
      disk = new Disk(folder);
      disk.mount();
    } catch {
      process.stdout.write('      skipped: a file system in a file can be mounted by root only\n');
      this.skip();
    }
    country = await startCountry({
      directory: join(folder, 'country'),
      ports: 'free',
      gateway: { stateDirectory: join(disk.at, 'state') },
    });
  });
  after(async () => {
    await endAll();
    await (country as RunningCountry | undefined)?.stop();
    disk?.unmount();
    rmSync(folder, { recursive: true, force: true });
  });

  const data = (): string => join(disk?.at ?? '', 'state', 'data');

  /** The gateway first: nothing may be said that is not on the disk; then its PostgreSQL with all of its processes. */
  async function endAll(): Promise<void> {
    gateway?.child.kill('SIGKILL');
    await gateway?.exit;
    const postmaster = postmasterPid(data());
    if (postmaster === undefined) return;
    process.kill(-postmaster, 'SIGKILL');
    await untilEnded(postmaster);
    while (isBusy(disk?.at ?? '')) await sleep(20);
  }

  /** Whole answers, as they came, until no one answers any more. */
  async function askUntilItEnds(kept: string[]): Promise<void> {
    const access = await accessForSystem(await readProfile('housing', country.clients), {
      purpose: 'housing_queue',
      case: { agency: 'housing', number: caseNumber },
    });
    for (;;) {
      try {
        const { status, text } = await access.send('POST', '/graphql', {
          documentId: 'HousingQueue',
          variables: { iin: applicant.iin },
        });
        if (status === 200) kept.push(text);
      } catch {
        return;
      }
    }
  }

  it('has every answer that it gave in its log, and can prove it', async () => {
    if (disk === undefined) throw new Error('there is no disk');
    const kept: string[] = [];
    const rounds: number[] = [];
    let unsyncedLeft = 0;
    for (let loss = 0; loss < LOSSES; loss += 1) {
      gateway = runTereze(['serve', '--json', '--config', country.config]);
      await gateway.ready();
      const before = kept.length;
      const clients = Array.from({ length: CLIENTS }, () => askUntilItEnds(kept));
      while (kept.length - before < FEWEST + loss) await sleep(5);
      await endAll();
      await Promise.all(clients);
      rounds.push(kept.length - before);
      const unsynced = join(disk.at, 'unsynced');
      writeFileSync(unsynced, 'written, never synced');
      disk.losePower();
      if (existsSync(unsynced)) unsyncedLeft += 1;
    }
    // A loss that loses nothing would prove nothing.
    expect(unsyncedLeft).to.equal(0);
    const failed = await unproven(kept);
    tell({ 'answers of each round': rounds.join(' '), 'answers that the log does not prove': failed });
    expect(failed).to.equal(0);
  });

  async function unproven(kept: readonly string[]): Promise<number> {
    gateway = runTereze(['serve', '--json', '--config', country.config]);
    await gateway.ready();
    const state = await attachState(stateOptions(await readConfig(country.config, {})));
    try {
      const reader = createAuditReader(state.sql);
      let failed = 0;
      for (const text of kept) if (!(await verifyAnswer(reader, JSON.parse(text))).verified) failed += 1;
      return failed;
    } finally {
      await state.close();
    }
  }
});

function copySparse(from: string, to: string): void {
  execFileSync('cp', ['--sparse=always', from, to]);
}

/** Whether any process still has something open there. */
function isBusy(directory: string): boolean {
  try {
    execFileSync('fuser', ['-m', directory], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
