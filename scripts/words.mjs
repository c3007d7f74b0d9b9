/**
 * Fails if a word of words.txt occurs in code, comments, docs or descriptions: `npm run words`. With `--counts` it prints
 * how many there are in each room. The list is a smoke detector: a text without these words may still be hard to read.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(fileURLToPath(new URL('..', import.meta.url)));
const LIST = 'scripts/words.txt';
/** Not .sql: a migration never changes. */
const TEXT = /\.(ts|mjs|cjs|js|md|yaml|yml|json|graphql|cedar|cedarschema|sh|py|java)$|^\.ci\/[a-z]+$/;
/**
 * Other people's texts; golden files, which hold what the code prints; and trusted documents with the pages made from
 * them: their bytes are their ids.
 */
const LEFT_OUT = [
  LIST,
  'scripts/words.mjs',
  'package-lock.json',
  'tests/golden/',
  'tests/conformance/vendor/',
  'schemas/quality/standard/',
  'schemas/operations/',
  'docs/services.md',
];

/** Texts that stay: a user of the system, and what programs or stored entries hold. */
const KEPT = ["'nobody'", "'nobody named'", 'answer_about_somebody_else', 'key_of_somebody_else'];

/** Returns the words of a list: one a line, `#` begins a comment. */
export function parseList(text) {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

/**
 * Returns the expression that finds a word: alone, in camelCase, or in CONSTANT_CASE. The words of a phrase may be
 * parted by the end of a line of a comment.
 */
export function patternOf(word) {
  const [lower, capital, upper] = [word, word[0].toUpperCase() + word.slice(1), word.toUpperCase()].map((form) =>
    form.replaceAll(' ', '[\\s*/#>-]+'),
  );
  return `(?<![A-Za-z])${lower}(?![a-z])|${capital}(?![a-z])|(?<![A-Za-z])${upper}(?![A-Za-z])`;
}

/** Returns where the words occur in a text, outside the texts that stay: `{ line, word }`. */
export function findWords(text, words, kept = []) {
  const blanked = kept.reduce((left, part) => left.replaceAll(part, ' '.repeat(part.length)), text);
  const pattern = new RegExp(words.map(patternOf).join('|'), 'g');
  return [...blanked.matchAll(pattern)].map(({ 0: found, index }) => ({
    line: text.slice(0, index).split('\n').length,
    word: found.replace(/[\s*/#>-]+/g, ' '),
  }));
}

function filesToRead() {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const files = listed.split('\0').filter((file) => TEXT.test(file));
  return files.filter((file) => !LEFT_OUT.some((left) => file.startsWith(left) || file.endsWith(`/${left}`)));
}

function main() {
  const words = parseList(readFileSync(join(ROOT, LIST), 'utf8'));
  const found = filesToRead().flatMap((file) =>
    findWords(readFileSync(join(ROOT, file), 'utf8'), words, KEPT).map((place) => ({ file, ...place })),
  );
  if (process.argv.includes('--counts')) {
    const counts = new Map();
    for (const { file } of found) counts.set(roomOf(file), (counts.get(roomOf(file)) ?? 0) + 1);
    for (const [room, count] of [...counts].sort()) process.stdout.write(`${String(count).padStart(5)} ${room}\n`);
    process.stdout.write(`${String(found.length).padStart(5)} in all\n`);
    return;
  }
  if (found.length === 0) return;
  for (const { file, line, word } of found) process.stderr.write(`${file}:${line}: ${word}\n`);
  process.stderr.write(`Say it in plain English; ${LIST} has the list and examples.\n`);
  process.exitCode = 1;
}

function roomOf(file) {
  const [first, second, ...rest] = file.split('/');
  if (second === undefined) return 'root';
  return first === 'gateway' && rest.length > 0 ? `${first}/${second}` : first;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
