import { relative, resolve } from 'node:path';

const SUGGESTIONS = 5;

/**
 * Returns the tests that these names mean. A name is a file or a folder, of `tests/` or of `dist/tests/`.
 * Throws a `NoMatch` for the first name that means no test.
 */
export function selectNamed(root, tests, names) {
  const selected = new Set();
  for (const name of names) {
    const path = sourcePath(root, name);
    const found = tests.filter((file) => file === path || file.startsWith(`${path}/`));
    if (found.length === 0) throw new NoMatch(name, similar(tests, path));
    for (const file of found) selected.add(file);
  }
  return tests.filter((file) => selected.has(file));
}

export class NoMatch extends Error {
  constructor(name, suggestions) {
    super(
      [
        `No test matches "${name}". Name a test file or a folder of tests, as in`,
        '  npm test -- tests/schemas/errors.test.ts tests/gateway/auth',
        ...(suggestions.length === 0 ? [] : ['Similar names:', ...suggestions.map((file) => `  ${file}`)]),
      ].join('\n'),
    );
  }
}

function sourcePath(root, name) {
  return relative(root, resolve(root, name))
    .replaceAll('\\', '/')
    .replace(/^dist\//, '')
    .replace(/\.js$/, '.ts');
}

/** Returns tests whose path holds the last part of the name. */
function similar(tests, path) {
  const [word = ''] = (path.split('/').pop() ?? '').split('.');
  return word === '' ? [] : tests.filter((file) => file.split('/').pop().startsWith(word)).slice(0, SUGGESTIONS);
}
