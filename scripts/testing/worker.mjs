/**
 * A process that runs test files, one after another, as its parent hands them out. It is started once
 * for many files, because most of the time of a small file is the loading of modules.
 *
 * Messages from the parent: `{ file, path }` runs a file, `{ end: true }` ends the process. Messages to
 * the parent: `{ ready: true }`, and for each file `{ file, passed, failed, skipped, ms, report }`.
 */
import childProcess from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import Mocha from 'mocha';

const [hooksFile, reporter, tier] = process.argv.slice(2);
/** Ends a test that hangs, and nothing else: a busy machine may take ten times as long as a quiet one. */
const LEAST_TIMEOUT_MS = 300_000;
const { Base } = Mocha.reporters;

if (tier === 'unit') forbidProcesses();
lengthenTimeouts();
const hooks = existsSync(hooksFile) ? (await import(pathToFileURL(hooksFile).href)).mochaHooks : {};
await hooks.beforeAll?.();

// An end by `exit` lets a test's own clean-up at exit happen.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
const orphaned = () => process.exit(1);
process.once('disconnect', orphaned);
process.on('message', (message) => void (message.end ? end() : runFile(message)));
process.send({ ready: true });

async function runFile({ file, path }) {
  const begun = performance.now();
  const cpuBefore = cpuMs();
  const outcome = await runMocha(path);
  process.send({ file, ...outcome, ms: Math.round(performance.now() - begun), cpuMs: cpuMs() - cpuBefore });
}

async function runMocha(path) {
  const mocha = new Mocha({
    timeout: LEAST_TIMEOUT_MS,
    reporter: reporter === 'spec' ? 'spec' : Quiet,
    forbidOnly: reporter !== 'spec',
  });
  mocha.addFile(path);
  try {
    await mocha.loadFilesAsync();
    const runner = await new Promise((resolve) => {
      const running = mocha.run(() => resolve(running));
    });
    // Takes its listeners off the process: one runner follows another here.
    runner.dispose();
    return outcomeOf(runner.stats, reporter === 'spec' ? [] : runner.failed);
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, report: `  could not be loaded:\n${error?.stack ?? String(error)}\n` };
  }
}

function outcomeOf({ passes, failures, pending }, failed) {
  // A file whose tests were not found would count as passed.
  if (passes + failures + pending === 0) return { passed: 0, failed: 1, skipped: 0, report: '  has no test\n' };
  return { passed: passes, failed: failures, skipped: pending, report: failed.length === 0 ? '' : listOf(failed) };
}

/** Mocha's reporter that prints nothing and keeps the failed tests at the runner. */
function Quiet(runner) {
  runner.failed = [];
  runner.on('fail', (test, error) => {
    test.err = error;
    runner.failed.push(test);
  });
}

/** Returns what Mocha would print of these failures. */
function listOf(failed) {
  const lines = [];
  const { consoleLog } = Base;
  Base.consoleLog = (...parts) => void lines.push(format(...parts));
  try {
    Base.list(failed);
  } finally {
    Base.consoleLog = consoleLog;
  }
  return lines.join('\n');
}

/** What a test names as its limit is for a quiet machine: none is shorter than {@link LEAST_TIMEOUT_MS}. */
function lengthenTimeouts() {
  for (const { prototype } of [Mocha.Suite, Mocha.Runnable]) {
    const { timeout } = prototype;
    prototype.timeout = function atLeast(...limits) {
      return timeout.apply(
        this,
        limits.map((ms) => (typeof ms === 'number' ? Math.max(ms, LEAST_TIMEOUT_MS) : ms)),
      );
    };
  }
}

async function end() {
  await hooks.afterAll?.();
  process.exitCode = 0;
  process.off('disconnect', orphaned);
  process.disconnect();
}

/** A unit test starts no process: starting one throws. */
function forbidProcesses() {
  for (const name of ['spawn', 'spawnSync', 'fork', 'exec', 'execSync', 'execFile', 'execFileSync']) {
    childProcess[name] = (...[program]) => {
      throw new Error(
        `the unit tier starts no process, and this test starts ${String(program)}: see scripts/testing/tiers.mjs`,
      );
    };
  }
  syncBuiltinESMExports();
}

/** Clock ticks a second in /proc: the same on every Linux that Node runs on. */
const TICKS = 100;

/**
 * Returns the processor time of this process and of the processes that it started and that have ended, in
 * milliseconds; elsewhere than on Linux, of this process alone.
 */
function cpuMs() {
  if (process.platform !== 'linux') {
    const { user, system } = process.cpuUsage();
    return Math.round((user + system) / 1_000);
  }
  const fields = readFileSync('/proc/self/stat', 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + (Number(ticks) * 1_000) / TICKS, 0);
}
