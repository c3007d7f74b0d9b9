import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { builtFile } from './tiers.mjs';

/** Where the last durations of all files are kept, in milliseconds; ignored by git. */
const KEPT = ['node_modules', '.cache', 'tereze', 'test-durations.json'];

/** First guesses for folders and files that are short and slow, in milliseconds; longest prefix first. */
const SLOW_PATHS = [
  ['tests/process/own-database.test.ts', 60_000],
  ['tests/process/demo.test.ts', 60_000],
  ['tests/system/rollback.test.ts', 60_000],
  ['tests/gateway/state/rollback-history.test.ts', 40_000],
  ['tests/gateway/planning/planner/planner-processes.test.ts', 40_000],
  ['tests/system/start-failures.test.ts', 30_000],
  ['tests/gateway/state/embedded.test.ts', 20_000],
  ['tests/gateway/state/standby.test.ts', 20_000],
  ['tests/adapters/resilience/breaker-states.test.ts', 20_000],
  ['tests/process/', 20_000],
  ['tests/system/', 6_000],
  ['tests/demo/', 4_000],
  ['tests/fuzz/', 6_000],
  ['tests/gateway/execution/differential/', 10_000],
];
const BYTES_PER_MS = 100;

/** Durations of the last run. A file that has not run yet gets a guess by its folder and size. */
export class Durations {
  #root;
  #known;

  constructor(root) {
    this.#root = root;
    this.#known = readKnown(join(root, ...KEPT));
  }

  of(file) {
    return this.#known[file] ?? this.#guess(file);
  }

  longestFirst(files) {
    return [...files].sort((one, other) => this.of(other) - this.of(one));
  }

  /** Keeps these durations for the next run. */
  keep(measured) {
    const path = join(this.#root, ...KEPT);
    const draft = `${path}.${process.pid}.new`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(draft, `${JSON.stringify({ ...this.#known, ...measured }, undefined, 1)}\n`);
    renameSync(draft, path);
  }

  #guess(file) {
    const [, slow = 0] = SLOW_PATHS.find(([prefix]) => file.startsWith(prefix)) ?? [];
    return slow + statSync(builtFile(this.#root, file)).size / BYTES_PER_MS;
  }
}

function readKnown(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // No run yet, or a file that was cut off: all durations are guesses.
    return {};
  }
}
