#!/usr/bin/env node
/**
 * Runs tests of `dist/`, longest files first, in several processes.
 *
 *     npm test                                  all tests
 *     npm test -- tests/schemas tests/x.test.ts  files and folders
 *     npm run test:unit                         tests that start no process and no database
 *     npm run test:changed                      tests of what differs from main
 *
 * The last line is `N passed, N failed`. The exit code is 1 if a test failed, if no test matches, if a
 * test process died, or if one of the tests left a process running.
 */
import { fileURLToPath } from 'node:url';
import { changedFiles, testsOfChanges } from './testing/changed.mjs';
import { Durations } from './testing/durations.mjs';
import { announce, lineOf, summary } from './testing/report.mjs';
import { runFiles } from './testing/run-files.mjs';
import { NoMatch, selectNamed } from './testing/select.mjs';
import { allTests, unitTests } from './testing/tiers.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** One more than the two cores that this is made for: starting programs mostly waits. */
const PROCESSES = 3;
const UNIT_PROCESSES = 2;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof NoMatch)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function main(words) {
  const tests = allTests(ROOT);
  if (words.includes('--changed')) return runChanged(tests);
  const names = words.filter((word) => word !== '--unit');
  const among = words.includes('--unit') ? unitTests(tests) : tests;
  const selected = names.length > 0 ? selectNamed(ROOT, among, names) : among;
  if (words.includes('--unit')) return run(selected, { what: 'unit tier', tier: 'unit' });
  return run(selected, { what: names.length > 0 ? names.join(' ') : 'all' });
}

function runChanged(tests) {
  const changed = changedFiles(ROOT);
  const { tests: selected, others } = testsOfChanges(ROOT, tests, changed);
  if (selected.length === 0) {
    const what =
      changed.length === 0
        ? 'nothing differs from main'
        : `no test imports what differs from main: ${changed.join(' ')}`;
    process.stderr.write(`No test to run: ${what}\n`);
    return 1;
  }
  if (others.length > 0)
    process.stdout.write(
      `Left to npm test: ${others.length} slower test files that reach a change through other files\n`,
    );
  return run(selected, { what: `of ${changed.length} changed files` });
}

async function run(files, { what, tier = 'all' }) {
  const durations = new Durations(ROOT);
  const processes = Math.min(files.length, tier === 'unit' ? UNIT_PROCESSES : PROCESSES);
  process.stdout.write(announce(files, what, processes));
  const begun = performance.now();
  const result = await runFiles(ROOT, durations.longestFirst(files), {
    processes,
    // A single file is watched as it runs; of many, only the sums and the failures are of interest.
    reporter: files.length === 1 ? 'spec' : 'quiet',
    tier,
    onOutcome: (outcome) => void process.stdout.write(files.length === 1 ? '' : lineOf(outcome)),
  });
  durations.keep(Object.fromEntries(result.outcomes.filter(({ ms }) => ms > 0).map(({ file, ms }) => [file, ms])));
  process.stdout.write(summary(result, performance.now() - begun));
  return result.problems.length === 0 && result.outcomes.every(({ failed }) => failed === 0) ? 0 : 1;
}
