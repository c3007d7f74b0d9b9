import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { packageRoot } from '../../gateway/state/package-root.js';
import { hasEnded } from './program.js';

const PASSING = "it('passes', () => undefined);\n";
const FAILING = "describe('a thing', () => it('holds', () => { throw new Error('it does not hold'); }));\n";

/** `scripts/test.mjs` over tests written for it. */
describe('the test runner', function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-runner-'));
    cpSync(join(packageRoot(), 'scripts'), join(folder, 'scripts'), { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(join(packageRoot(), 'node_modules', 'mocha'), join(folder, 'node_modules', 'mocha'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    write('a/passing', PASSING);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, source: string): void => {
    const file = join(folder, 'dist', 'tests', `${name}.test.js`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, source);
  };
  const run = async (...names: string[]): Promise<{ code: number | null; said: string; lastLine: string }> => {
    const child = spawn(process.execPath, [join(folder, 'scripts', 'test.mjs'), ...names], { cwd: folder });
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
    return { code, said: out + error, lastLine: out.trimEnd().split('\n').at(-1) ?? '' };
  };

  it('runs all files, and ends with the sums alone on a line', async () => {
    write('b/passing', PASSING.repeat(2));
    const { code, said, lastLine } = await run();
    expect([code, lastLine]).to.deep.equal([0, '3 passed, 0 failed']);
    expect(said).to.include('tests/a/passing.test.ts').and.to.include('tests/b/passing.test.ts');
  });

  it('fails for a test that fails, and names its file, its title and why', async () => {
    write('b/failing', FAILING);
    const { code, said, lastLine } = await run();
    expect([code, lastLine]).to.deep.equal([1, '1 passed, 1 failed']);
    expect(said).to.match(/FAILED tests\/b\/failing\.test\.ts\n\s+1\) a thing\n\s+holds:\n\s+Error: it does not hold/);
  });

  for (const [what, source, why] of [
    ['that ends its process', "it('ends', () => process.exit(0));\n", 'its process ended with exit code 0'],
    ['that cannot be loaded', "import './nothing.js';\n", 'could not be loaded'],
    ['without a test', 'export {};\n', 'has no test'],
  ] as const) {
    it(`fails for a file ${what}, and runs the others`, async () => {
      write('b/bad', source);
      const { code, said, lastLine } = await run();
      expect([code, lastLine]).to.deep.equal([1, '1 passed, 1 failed']);
      expect(said).to.include(`FAILED tests/b/bad.test.ts\n  ${why}`);
    });
  }

  it('runs the files and folders that are named, of tests/ or of dist/', async () => {
    for (const name of ['b/failing', 'ab/failing']) write(name, FAILING);
    write('c/passing', PASSING);
    for (const names of [
      ['tests/a', 'tests/c/passing.test.ts'],
      ['./dist/tests/a/', 'dist/tests/c/passing.test.js'],
    ])
      expect(await run(...names)).to.include({ code: 0, lastLine: '2 passed, 0 failed' });
  });

  it('fails when a name means no test, and says which and what is near', async () => {
    const { code, said } = await run('tests/a', 'tests/b/passing.test.ts');
    expect(code).to.equal(1);
    expect(said)
      .to.match(/^No test matches "tests\/b\/passing\.test\.ts"/)
      .and.to.include('  tests/a/passing.test.ts');
  });

  it('ends a process that a test left running, and fails', async function () {
    if (process.platform !== 'linux') this.skip();
    write(
      'b/leaving',
      "import { spawn } from 'node:child_process';\nit('leaves', () => spawn('sleep', ['300'], { detached: true, stdio: 'ignore' }).unref());\n",
    );
    const { code, said, lastLine } = await run();
    expect([code, lastLine]).to.deep.equal([1, '2 passed, 1 failed']);
    const [, pid] = /FAILED left running: (\d+) sleep 300/.exec(said) ?? [];
    expect(hasEnded(Number(pid))).to.equal(true);
  });
});
