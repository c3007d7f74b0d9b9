import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../gateway/state/package-root.js';

const ROOMS = /^(?:schemas|adapters|policies|monitoring|gateway|demo|bench|tests|docs|scripts)\//;
const IDENTIFIER = /^`(\w+)` in `([^`]+)`$/;

const read = (file: string): string => readFileSync(join(packageRoot(), file), 'utf8');

/** The paths that a page names: in backquotes, as links, and after `npm test --`. */
function pathsIn(page: string): readonly string[] {
  const text = read(page);
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, words]) => words?.split(/\s+/) ?? []);
  const linked = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path ?? '');
  return [...quoted.filter((word) => ROOMS.test(word) || /^\.[\w-]+\.\w+$/.test(word)), ...linked];
}

/** The rows of a page's tables, without heads. */
function rowsOf(page: string): readonly (readonly string[])[] {
  return read(page)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| word |') && !line.startsWith('| ---'))
    .map((line) => line.slice(2, -2).split(' | '));
}

describe('the pages that say where things are', () => {
  for (const page of ['CONTRIBUTING.md', 'docs/glossary.md']) {
    it(`${page} names only files and folders that exist`, () => {
      const paths = pathsIn(page);
      expect(paths.length).to.be.above(20);
      expect(paths.filter((path) => !existsSync(join(packageRoot(), path)))).to.deep.equal([]);
    });
  }

  it('the glossary gives each word a meaning and an identifier that its file exports', () => {
    const rows = rowsOf('docs/glossary.md');
    expect(rows.length).to.be.above(50);
    const wrong = rows.filter(([, meaning, place]) => {
      const [, identifier, file] = IDENTIFIER.exec(place ?? '') ?? [];
      if (!meaning || identifier === undefined || file === undefined) return true;
      return !new RegExp(`^(export .*|  (readonly )?)\\b${identifier}\\b`, 'm').test(read(file));
    });
    expect(wrong.map(([word]) => word)).to.deep.equal([]);
  });

  it('the glossary has each word once', () => {
    const words = rowsOf('docs/glossary.md').map(([word]) => word);
    expect(words).to.have.length(new Set(words).size);
  });

  it('the map has a row for each thing that people change', () => {
    const rows = read('CONTRIBUTING.md').match(/^\| \*\*[^*]+\*\*/gm) ?? [];
    expect(rows.map((row) => row.slice(4, -2))).to.deep.equal([
      'a field withheld',
      'a log that is down',
      'a purpose',
      'a rule',
      'a protocol',
      'a register',
      'what `register new` reads or writes',
      'an entry field',
      'a config key',
      'an error code',
      'a reason',
      'a limit',
      'a connection',
      'a page of officers',
      'the schema of the state',
      'the planner',
      'a page of docs',
    ]);
  });
});
