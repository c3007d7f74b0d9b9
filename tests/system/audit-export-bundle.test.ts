import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openVerifiers, type OutsideVerifier } from '../docs/verify/outside-verifiers.js';
import { commandLine, type Done } from '../gateway/cli/command-line.js';
import { startSystem, type Answer, type RunningSystem } from './running-system.js';

const APPLICANT = '880514391012';
const WHY = ['--reason', 'evidence for the court', '--for-case', 'housing/HQ-2026-000101'];

describe('tereze audit export --format bundle', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'tereze-bundle-'));
  const out = join(folder, 'bundle');
  let system: RunningSystem;
  let answered: Answer;
  let verifiers: readonly OutsideVerifier[];
  before(async function () {
    verifiers = openVerifiers(this, folder);
    system = await startSystem();
    const access = await system.as('housing', 'housing_queue', 'HQ-2026-000101');
    answered = await system.ask(access, { documentId: 'HousingQueue', variables: { iin: APPLICANT } });
    await untilSigned();
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await system?.stop();
  });

  const run = (...options: readonly string[]): Promise<Done> =>
    commandLine(['audit', 'export', '--config', system.country.config, '--format', 'bundle', ...options]);
  const ofRequest = (): readonly string[] => ['--request', answered.tereze.requestId, ...WHY];

  /** A checkpoint is signed each second. */
  async function untilSigned(): Promise<void> {
    for (let tried = 0; ; tried += 1) {
      const trial = join(folder, `trial-${tried}`);
      const { code, out: printed } = await run('--out', trial, ...ofRequest());
      if (code === 0 && printed.startsWith('2 entries')) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  it('holds entries with proofs that verifiers of other hands accept, offline', async () => {
    const { code, out: printed } = await run('--out', out, ...ofRequest());
    expect({ code, printed: printed.split('\n')[0] }).to.deep.equal({
      code: 0,
      printed: `2 entries with proofs in ${out}.`,
    });
    const [directory = ''] = readdirSync(out).filter((name) => /^\d+$/.test(name));
    const proofs = readdirSync(join(out, directory)).filter((name) => name.endsWith('.tlog-proof'));
    expect(proofs).to.have.length(2);
    const [key = ''] = readFileSync(join(out, 'keys'), 'utf8')
      .split('\n')
      .filter((line) => line.includes(`/${directory}+`));
    for (const proof of proofs) {
      const [entry, path] = [proof.replace('tlog-proof', 'json'), proof].map((name) => join(out, directory, name));
      for (const verifier of verifiers)
        expect(verifier.run('--entry', entry ?? '', 'proof', path ?? '', key), verifier.name).to.include({ exit: 0 });
      const own = spawnSync('python3', [join(out, 'verify.py'), '--entry', entry ?? '', 'proof', path ?? '', key]);
      expect(own.status, String(own.stdout)).to.equal(0);
      expect(statSync(path ?? '').mode & 0o077).to.equal(0);
      writeFileSync(join(folder, 'changed.json'), `${readFileSync(entry ?? '', 'utf8')} `);
      expect(verifiers[0]?.run('--entry', join(folder, 'changed.json'), 'proof', path ?? '', key)).to.include({
        exit: 1,
      });
    }
    expect(readFileSync(join(out, directory, proofs[0]?.replace('tlog-proof', 'json') ?? ''), 'utf8')).not.to.include(
      APPLICANT,
    );
  });

  it('that is cut short is seen, and which file it lacks', () => {
    const sums = (): { readonly status: number | null; readonly said: string } => {
      const { status, stdout, stderr } = spawnSync('sha256sum', ['--quiet', '-c', 'SHA256SUMS'], { cwd: out });
      return { status, said: `${stdout}${stderr}` };
    };
    expect(sums()).to.deep.equal({ status: 0, said: '' });
    const [directory = ''] = readdirSync(out).filter((name) => /^\d+$/.test(name));
    const [proof = ''] = readdirSync(join(out, directory)).filter((name) => name.endsWith('.tlog-proof'));
    rmSync(join(out, directory, proof));
    expect(sums().status).to.equal(1);
    expect(sums().said).to.include(`${directory}/${proof}`);
  });

  it('is recorded, and takes the place of nothing', async () => {
    const trial = join(folder, 'recorded');
    const { out: printed } = await run('--out', trial, '--json', ...ofRequest());
    const { exportId } = JSON.parse(printed) as { exportId: string };
    const [begin, end] = await system.entries(exportId);
    expect(begin).to.deep.include({ act: 'audit_exported', format: 'bundle' });
    expect(end).to.deep.include({ rows: 2, ended: 'complete' });
    mkdirSync(join(folder, 'taken'));
    writeFileSync(join(folder, 'taken', 'file'), '');
    expect(await run('--out', join(folder, 'taken'), ...ofRequest())).to.include({ code: 2 });
    expect(await run(...ofRequest())).to.include({ code: 2 });
  });
});
