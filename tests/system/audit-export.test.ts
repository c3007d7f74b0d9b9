import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { commandLine, type Done } from '../gateway/cli/command-line.js';
import { openVerifiers, type OutsideVerifier } from '../docs/verify/outside-verifiers.js';
import { startSystem, type RunningSystem } from './running-system.js';

const WHY = ['--reason', 'monthly copy for the auditor'];

const APPLICANT = HOUSING_FAMILY.applicant.iin;

describe('tereze audit export --format tiles', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'tereze-export-'));
  let system: RunningSystem;
  let verifiers: readonly OutsideVerifier[];
  before(async function () {
    verifiers = openVerifiers(this, folder);
    system = await startSystem();
    const access = await system.as('housing', 'housing_queue', 'HQ-2026-000101');
    await system.ask(access, { query: '{ __typename }' });
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await system?.stop();
  });

  const run = (...options: readonly string[]): Promise<Done> =>
    commandLine(['audit', 'export', '--config', system.country.config, ...options]);
  const tiles = (out: string): Promise<Done> => run('--format', 'tiles', '--out', out, ...WHY);

  it('writes a directory of each log, which verifiers of other hands accept, and records it', async () => {
    const out = join(folder, 'out');
    const { code, out: printed, error } = await tiles(out);
    expect({ code, error }).to.deep.equal({ code: 0, error: '' });
    expect(printed).to.match(/0: \d+ entries of tereze\/0/);
    expect(readdirSync(out)).to.include('0');
    expect(statSync(join(out, '0', 'checkpoint')).mode & 0o077).to.equal(0);
    for (const directory of readdirSync(out)) {
      const key = await commandLine([
        'audit',
        'key',
        '--config',
        system.country.config,
        '--log',
        `tereze/${directory}`,
      ]);
      for (const verifier of verifiers)
        expect(verifier.run('tiles', join(out, directory), key.out.trim()), verifier.name).to.include({ exit: 0 });
    }
    const listed = await commandLine([
      'audit',
      'list',
      '--config',
      system.country.config,
      '--outcome',
      'audit_exported',
    ]);
    expect(listed.out).to.include('audit_exported');
  });

  it('leaves a directory alone in which something is, and records nothing', async () => {
    const out = join(folder, 'taken');
    mkdirSync(join(out, '0'), { recursive: true });
    writeFileSync(join(out, '0', 'file'), '');
    const { code, error } = await tiles(out);
    expect(code).to.equal(2);
    expect(error).to.include('name another directory');
    expect(readdirSync(join(out, '0'))).to.deep.equal(['file']);
  });

  for (const [what, options, message] of [
    ['a format that there is not', ['--format', 'tile', '--out', 'x', ...WHY], 'there is no "tile"'],
    ['no reason', ['--format', 'tiles', '--out', 'x'], '--reason'],
    ['a short reason', ['--format', 'tiles', '--out', 'x', '--reason', 'because'], '10 to 500 characters'],
    ['a number in the reason', ['--format', 'tiles', '--out', 'x', '--reason', `about ${APPLICANT} here`], '--reason'],
    ['no directory', ['--format', 'tiles', ...WHY], '--out'],
  ] as const) {
    it(`refuses ${what} as wrong use`, async () => {
      const { code, error } = await run(...options);
      expect(code).to.equal(2);
      expect(error).to.include(message).and.not.include(APPLICANT);
    });
  }
});
