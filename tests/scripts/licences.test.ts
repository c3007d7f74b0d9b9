import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { packageRoot } from '../../gateway/state/package-root.js';

interface Licences {
  readonly isAllowed: (expression: string) => boolean;
  readonly problemsOf: (lock: unknown, file: string) => readonly string[];
}

describe('the check of licences', () => {
  let licences: Licences;

  before(async () => {
    const script = pathToFileURL(join(packageRoot(), 'scripts/licences.mjs'));
    licences = (await import(script.href)) as Licences;
  });

  const lock = (packages: Readonly<Record<string, object>>): unknown => ({
    packages: { '': { license: 'SSPL-1.0' }, ...packages },
  });

  it('names a package whose licence is not on the list, wherever it is nested', () => {
    const nested = lock({
      'node_modules/kind': { version: '1.0.0', license: 'MIT' },
      'node_modules/kind/node_modules/@acme/internals': { version: '2.1.0', license: 'Elastic-2.0', dev: true },
    });
    expect(licences.problemsOf(nested, 'package-lock.json')).to.deep.equal([
      'package-lock.json: @acme/internals@2.1.0 has the licence Elastic-2.0',
    ]);
  });

  it('names a package that states no licence', () => {
    const silent = lock({ 'node_modules/silent': { version: '3.0.0' } });
    expect(licences.problemsOf(silent, 'lock')).to.deep.equal(['lock: silent@3.0.0 states no licence']);
  });

  it('leaves out links to folders of this repository', () => {
    expect(licences.problemsOf(lock({ 'node_modules/here': { link: true } }), 'lock')).to.deep.equal([]);
  });

  const EXPRESSIONS: readonly (readonly [string, boolean])[] = [
    ['MIT', true],
    ['(MIT AND BSD-3-Clause)', true],
    ['(MIT AND GPL-3.0-only)', false],
    ['MIT OR GPL-3.0-only', true],
    ['GPL-3.0-only OR (AGPL-3.0-only AND MIT)', false],
    ['AGPL-3.0-or-later OR (ISC AND Apache-2.0)', true],
    ['BUSL-1.1', false],
    ['SEE LICENSE IN LICENSE.md', false],
    ['(MIT', false],
    ['MIT GPL-3.0-only', false],
    ['', false],
  ];
  for (const [expression, allowed] of EXPRESSIONS) {
    it(`${allowed ? 'allows' : 'does not allow'} "${expression}"`, () => {
      expect(licences.isAllowed(expression)).to.equal(allowed);
    });
  }

  it('passes for the packages of this repository', () => {
    const text = readFileSync(join(packageRoot(), 'package-lock.json'), 'utf8');
    expect(licences.problemsOf(JSON.parse(text), 'package-lock.json')).to.deep.equal([]);
  });
});
