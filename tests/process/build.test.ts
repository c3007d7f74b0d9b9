import { spawn } from 'node:child_process';
import { expect } from 'chai';
import { cp, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../gateway/state/package-root.js';

const PROJECT = {
  compilerOptions: {
    rootDir: '.',
    outDir: 'dist',
    strict: true,
    incremental: true,
    tsBuildInfoFile: 'dist/.tsbuildinfo',
    module: 'nodenext',
    target: 'es2022',
    types: [],
    // The least of the language's own types: reading all of them takes most of a build's time.
    lib: ['es5'],
    skipLibCheck: true,
  },
  include: ['*.ts'],
};

describe('the build', function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tereze-build-'));
    await cp(join(packageRoot(), 'scripts'), join(folder, 'scripts'), { recursive: true });
    await symlink(join(packageRoot(), 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(PROJECT));
    await writeFile(join(folder, 'kept.ts'), 'export const kept = 1;\n');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Builds in this process, where the compiler is loaded already. Returns the number of errors. */
  const errors = async (): Promise<number> => {
    const script = pathToFileURL(join(packageRoot(), 'scripts', 'building', 'build.mjs')).href;
    return ((await import(script)) as { build(root: string): readonly unknown[] }).build(folder).length;
  };
  /** Builds as `npm run build` does. Returns the exit code. */
  const build = (): Promise<number | null> => {
    const child = spawn(process.execPath, [join(folder, 'scripts', 'build.mjs')], { stdio: 'ignore' });
    return new Promise((resolve) => child.once('exit', resolve));
  };
  const built = async (): Promise<string[]> =>
    (await readdir(join(folder, 'dist'))).filter((name) => name.endsWith('.js')).sort();

  it('never shows a half-written module to a program that reads beside it', async () => {
    const text = (size: number): string => `export const text = ${JSON.stringify('x'.repeat(size))};\n`;
    await writeFile(join(folder, 'large.ts'), text(2_000_000));
    expect(await build()).to.equal(0);
    await writeFile(join(folder, 'large.ts'), text(2_000_001));
    let going = true;
    const building = build().finally(() => (going = false));
    const lengths = new Set<number>();
    while (going) lengths.add((await readFile(join(folder, 'dist', 'large.js'))).length);
    expect(await building).to.equal(0);
    const whole = (await readFile(join(folder, 'dist', 'large.js'))).length;
    expect([...lengths].filter((length) => length !== whole && length !== whole - 1)).to.deep.equal([]);
  });

  it('removes what was made from a source that is gone, and nothing else', async () => {
    await writeFile(join(folder, 'gone.ts'), 'export const gone = 1;\n');
    expect(await errors()).to.equal(0);
    expect(await built()).to.deep.equal(['gone.js', 'kept.js']);
    await rm(join(folder, 'gone.ts'));
    expect(await errors()).to.equal(0);
    expect(await built()).to.deep.equal(['kept.js']);
  });

  it('fails on an error of types', async () => {
    expect(await errors()).to.equal(0);
    await writeFile(join(folder, 'kept.ts'), 'export const kept: string = 1;\n');
    expect(await errors()).to.equal(1);
    expect(await errors(), 'the same error once more').to.equal(1);
    expect(await build(), 'the exit code').to.equal(1);
  });

  it('makes again what another version of a source or of a package may change', async () => {
    const madeAt = async (): Promise<number> => (await stat(join(folder, 'dist', '.sources'))).mtimeMs;
    expect(await errors()).to.equal(0);
    const first = await madeAt();
    expect(await errors()).to.equal(0);
    expect(await madeAt(), 'nothing changed').to.equal(first);
    await writeFile(join(folder, 'package-lock.json'), '{}');
    expect(await errors()).to.equal(0);
    const second = await madeAt();
    expect(second, 'another package').to.be.above(first);
    await writeFile(join(folder, 'kept.ts'), 'export const kept = 2;\n');
    expect(await errors()).to.equal(0);
    expect(await madeAt(), 'another source').to.be.above(second);
    expect(await readFile(join(folder, 'dist', 'kept.js'), 'utf8')).to.include('kept = 2');
  });
});
