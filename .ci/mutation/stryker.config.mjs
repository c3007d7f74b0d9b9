import { fileURLToPath } from 'node:url';
import { ROOMS } from './rooms.mjs';

const room = process.env.ROOM;
const { mutate, tests, leftOut = [] } = ROOMS[room];

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate,
  testRunner: 'mocha',
  plugins: [fileURLToPath(import.meta.resolve('@stryker-mutator/mocha-runner'))],
  testRunnerNodeArgs: ['--import', 'tsx'],
  mochaOptions: { spec: tests, ignore: leftOut, require: ['./.ci/mutation/hooks.mjs'] },
  coverageAnalysis: 'perTest',
  ignorePatterns: ['dist', 'bench', '.tereze'],
  disableTypeChecks: false,
  // A change of a module's constants needs a new process, ten times as long: those are not tried.
  ignoreStatic: true,
  concurrency: Number(process.env.CONCURRENCY ?? 1),
  timeoutMS: 10_000,
  incremental: true,
  incrementalFile: `.tereze/mutation/${room}.incremental.json`,
  tempDirName: '.tereze/mutation/sandbox',
  cleanTempDir: 'always',
  reporters: ['clear-text', 'json', 'progress-append-only'],
  jsonReporter: { fileName: `.tereze/mutation/${room}.json` },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
};
