import { existsSync } from 'node:fs';
import type { ConfigProblem } from './config-error.js';
import type { LocatedDocument } from './located-document.js';
import { namedPaths } from './resolve-paths.js';

/** Made by the gateway itself, or not there yet: a disk of the anchor may be mounted later. */
const MAY_BE_ABSENT = [
  /^audit\.sinks\.[^.]+\.file$/,
  /^database\.directory$/,
  /^server\.log\.directory$/,
  /^state\.anchor\.[^.]+\.directory$/,
];

/** Files and folders that a configuration (paths absolute) names, or takes by default, and that are not there. */
export function missingFiles(
  config: object,
  pathKeys: readonly string[],
  document: LocatedDocument,
): readonly ConfigProblem[] {
  return namedPaths(config, pathKeys)
    .filter(({ key, file }) => !MAY_BE_ABSENT.some((known) => known.test(key.join('.'))) && !existsSync(file))
    .map(({ key, file }) => ({
      file: document.file,
      line: document.lineOf(key),
      key: key.join('.'),
      problem: `names ${file}, which is not there`,
    }));
}
