import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endLeftProcesses } from './left-processes.mjs';
import { temporaryRoot } from './temporary-root.mjs';
import { builtFile } from './tiers.mjs';

const END_LIMIT_MS = 3_000;
const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url));
const WORKER_FLAGS = [
  '--enable-source-maps',
  // As in `npm start`, and from the start: otherwise collecting young objects takes a sixth of the time.
  '--max-semi-space-size=64',
  '--min-semi-space-size=32',
  // Cedar is a large WebAssembly module. Tests run its functions too rarely to gain from optimised code.
  '--liftoff-only',
];

/**
 * Runs these files, in this order, in this number of processes; each process takes the next file when it is
 * free. Returns the outcomes of all files, and what went wrong outside of them: `{ outcomes, problems }`.
 *
 * All temporary folders of the run are in one, which is removed at the end. Processes that the tests
 * started and did not end are ended here, and are a problem.
 */
export async function runFiles(root, files, { processes, reporter, tier, onOutcome }) {
  const temporary = mkdtempSync(join(temporaryRoot(), 'tt-'));
  const run = new Run(root, files, { reporter, tier, onOutcome, temporary });
  const stop = () => run.stop();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
  try {
    await Promise.all(Array.from({ length: Math.min(processes, files.length) }, () => run.work()));
    const left = await endLeftProcesses(temporary);
    return { outcomes: run.outcomes, problems: [...run.problems, ...left.map((one) => `left running: ${one}`)] };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

class Run {
  outcomes = [];
  problems = [];
  #root;
  #waiting;
  #options;
  #workers = new Set();
  #stopped = false;

  constructor(root, files, options) {
    this.#root = root;
    this.#waiting = [...files];
    this.#options = options;
  }

  /** Runs files in one process at a time until none waits. A process that dies is replaced. */
  async work() {
    let usable = true;
    while (this.#waiting.length > 0 && !this.#stopped && usable) usable = await this.#workInOneProcess();
  }

  stop() {
    this.#stopped = true;
    this.problems.push('stopped before the end');
    for (const worker of this.#workers) {
      worker.kill('SIGTERM');
      // A test that never waits lets no signal be heard.
      setTimeout(() => worker.kill('SIGKILL'), END_LIMIT_MS).unref();
    }
  }

  /** Returns false if the process died without a file, as the next one would. */
  async #workInOneProcess() {
    const { reporter, tier, temporary } = this.#options;
    const worker = fork(WORKER, [join(this.#root, 'dist', 'tests', 'hooks.js'), reporter, tier], {
      cwd: this.#root,
      execArgv: WORKER_FLAGS,
      env: { ...process.env, TMPDIR: temporary, TEREZE_TEST_RUN: temporary },
    });
    this.#workers.add(worker);
    let running;
    const handOut = () => {
      running = this.#waiting.shift();
      worker.send(running === undefined ? { end: true } : { file: running, path: builtFile(this.#root, running) });
    };
    worker.on('message', (message) => {
      if (!message.ready) this.#take(message);
      handOut();
    });
    const [code, signal] = await once(worker, 'exit');
    this.#workers.delete(worker);
    if (this.#stopped || (running === undefined && code === 0)) return true;
    const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
    if (running === undefined) this.problems.push(`a test process ${how} before its first file or after its last`);
    else this.#take({ file: running, passed: 0, failed: 1, skipped: 0, ms: 0, report: `  its process ${how}\n` });
    return running !== undefined;
  }

  #take(outcome) {
    this.outcomes.push(outcome);
    this.#options.onOutcome(outcome);
  }
}
