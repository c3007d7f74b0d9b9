/**
 * Fails if a package of a lock file, development included, has a licence that is not on the list below. Anyone may
 * build, change and run Tereze without asking; a licence such as Elastic-2.0 or AGPL would end that.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(fileURLToPath(new URL('..', import.meta.url)));

/** SPDX identifiers. CC-BY-4.0 is for packages of data. */
export const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/** Returns whether an SPDX expression is allowed: each part of an AND, one part of an OR. */
export function isAllowed(expression) {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let position = 0;
  const parsePart = () => {
    const token = tokens[position++];
    if (token !== '(') return ALLOWED.has(token);
    const inner = parseAny();
    if (tokens[position++] !== ')') throw new Error('unbalanced');
    return inner;
  };
  const parseAll = () => {
    let every = parsePart();
    for (; tokens[position] === 'AND'; every = parsePart() && every) position += 1;
    return every;
  };
  const parseAny = () => {
    let some = parseAll();
    for (; tokens[position] === 'OR'; some = parseAll() || some) position += 1;
    return some;
  };
  try {
    return parseAny() && position === tokens.length;
  } catch {
    return false;
  }
}

/** Returns a line for each package whose licence is missing or not allowed. `lock` is a parsed package-lock.json. */
export function problemsOf(lock, file) {
  return Object.entries(lock.packages).flatMap(([path, { version, license, link }]) => {
    if (path === '' || link === true) return [];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (typeof license === 'string' && isAllowed(license)) return [];
    const stated = typeof license === 'string' ? `has the licence ${license}` : 'states no licence';
    return [`${file}: ${name}@${version} ${stated}`];
  });
}

/** Returns the lock file of the root and those of the tools in `.ci/`. */
function lockFiles(root) {
  const tools = readdirSync(join(root, '.ci')).map((name) => join(root, '.ci', name, 'package-lock.json'));
  return [join(root, 'package-lock.json'), ...tools.filter((file) => existsSync(file))];
}

function main() {
  const files = lockFiles(ROOT);
  const problems = files.flatMap((file) => problemsOf(JSON.parse(readFileSync(file, 'utf8')), relative(ROOT, file)));
  if (problems.length === 0) return;
  process.stderr.write(`${problems.join('\n')}
Use another package ("npm explain NAME" says what brings it). If the licence lets anyone use, change and sell the
software without asking, add its SPDX identifier to scripts/licences.mjs.\n`);
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
