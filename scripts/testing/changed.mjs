import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { reach } from '../reach.mjs';
import { isUnit } from './tiers.mjs';

const IMPORT = /(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;
const MAIN = ['origin/main', 'main'];

/** Returns the files that differ from main, in commits or not, and those that git does not know yet. */
export function changedFiles(root) {
  const git = (...words) =>
    execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const lines = (text) => text.split('\n').filter(Boolean);
  const changed = lines(git('diff', '--name-only', base(git)));
  const unknown = lines(git('ls-files', '--others', '--exclude-standard'));
  return [...new Set([...changed, ...unknown])].sort();
}

/** The commit at which this branch left main; the last commit where there is no main. */
function base(git) {
  for (const main of MAIN) {
    try {
      return git('merge-base', 'HEAD', main).trim();
    } catch {
      // No branch of this name.
    }
  }
  return 'HEAD';
}

/**
 * Returns `{ tests, others }`: changed tests, tests that import a changed file, and unit tests that
 * import one through other files. `others` are tests of the slower tiers that reach a change only
 * through other files: they are left to `npm test`.
 */
export function testsOfChanges(root, tests, changed) {
  const importers = readImporters(root);
  const near = new Set(changed.flatMap((file) => [file, ...(importers.get(file) ?? [])]));
  const reached = reach(importers, changed);
  const affected = tests.filter((file) => reached.has(file));
  return {
    tests: affected.filter((file) => near.has(file) || isUnit(file)),
    others: affected.filter((file) => !near.has(file) && !isUnit(file)),
  };
}

/** For each file, the files that import it. */
function readImporters(root) {
  const importers = new Map();
  for (const file of sources(root)) {
    for (const [, specifier] of readFileSync(join(root, file), 'utf8').matchAll(IMPORT)) {
      const imported = posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts');
      importers.set(imported, [...(importers.get(imported) ?? []), file]);
    }
  }
  return importers;
}

function sources(root) {
  const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  return include.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => posix.join(folder, name.replaceAll('\\', '/'))),
  );
}
