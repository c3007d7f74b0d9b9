import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { packageRoot } from '../../gateway/state/package-root.js';

type ImportProblems = (tree: {
  readonly root: string;
  readonly folders: readonly string[];
  readonly floors: Readonly<Record<string, readonly (readonly string[])[]>>;
  readonly exports: Readonly<Record<string, readonly string[]>>;
}) => Promise<readonly string[]>;

describe('the check of imports', () => {
  const FLOORS = { gateway: [['request'], ['auth'], ['stages']] };
  let importProblems: ImportProblems;
  let root: string;

  before(async function () {
    this.timeout(20_000);
    const script = pathToFileURL(join(packageRoot(), 'scripts/imports.mjs'));
    ({ importProblems } = (await import(script.href)) as { importProblems: ImportProblems });
  });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tereze-imports-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const check = (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const folders = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))];
    return importProblems({ root, folders, floors: FLOORS, exports: { policies: ['port'] } });
  };
  const typeOf = (path: string): string =>
    `import type { T } from '${path}';\nexport type Other = T;\nexport type T2 = 1;`;

  it('passes where imports go down', async () => {
    expect(
      await check({
        'gateway/request.ts': 'export type T = 1;',
        'gateway/auth/token.ts': typeOf('../request.js'),
        'gateway/stages/plan.ts': `${typeOf('../request.js')}\nexport * from '../auth/token.js';`,
      }),
    ).to.deep.equal([]);
  });

  it('finds two files that import types of each other', async () => {
    const problems = await check({
      'gateway/auth/one.ts': "import type { Two } from './two.js';\nexport type One = Two | 1;",
      'gateway/auth/two.ts': "import type { One } from './one.js';\nexport type Two = One | 2;",
    });
    expect(problems.filter((line) => line.startsWith('no-circle: '))).to.deep.equal([
      'no-circle: gateway/auth/one.ts -> gateway/auth/two.ts -> gateway/auth/one.ts',
    ]);
  });

  it('finds two folders that import each other through different files, however deep', async () => {
    const problems = await check({
      'schemas/quality/rules/length.ts': typeOf('../../catalogue/index.js'),
      'schemas/quality/verdict.ts': 'export type T = 1;',
      'schemas/catalogue/index.ts': 'export type T = 1;',
      'schemas/catalogue/lint/fields.ts': typeOf('../../quality/verdict.js'),
    });
    expect(problems).to.deep.equal([
      'no-folder-circle: catalogue, quality in schemas\n' +
        '    schemas/catalogue/lint/fields.ts imports schemas/quality/verdict.ts\n' +
        '    schemas/quality/rules/length.ts imports schemas/catalogue/index.ts',
    ]);
  });

  it('finds an import of a type from a higher floor', async () => {
    const problems = await check({
      'gateway/request.ts': typeOf('./stages/plan.js'),
      'gateway/stages/plan.ts': 'export type T = 1;',
    });
    expect(problems).to.deep.equal([
      'floors: gateway/request.ts imports gateway/stages/plan.ts, which is above it in gateway',
    ]);
  });

  it('asks for a floor for each file and folder', async () => {
    expect(await check({ 'gateway/http/server.ts': 'export type T = 1;' })).to.deep.equal([
      'floors: gateway/http has no floor in scripts/floors.mjs',
    ]);
  });

  it('finds an import of what a room does not export', async () => {
    const problems = await check({
      'gateway/request.ts': `${typeOf('../policies/port.js')}\nexport type { T3 } from '../policies/gate/own.js';`,
      'policies/port.ts': 'export type T = 1;',
      'policies/gate/own.ts': 'export type T3 = 1;',
    });
    expect(problems).to.deep.equal([
      'exports: gateway/request.ts imports policies/gate/own.ts, which policies does not export (scripts/floors.mjs)',
    ]);
  });

  it('applies the rules between rooms', async () => {
    const problems = await check({
      'schemas/ports/clock.ts': typeOf('../../gateway/request.js'),
      'gateway/request.ts': 'export type T = 1;',
    });
    expect(problems).to.deep.equal(['schemas-imports-no-room: schemas/ports/clock.ts imports gateway/request.ts']);
  });
});
