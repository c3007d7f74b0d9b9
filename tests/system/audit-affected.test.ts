import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { commandLine, type Done } from '../gateway/cli/command-line.js';
import { startSystem, type RunningSystem } from './running-system.js';

const APPLICANT = HOUSING_FAMILY.applicant.iin;
const WHY = ['--reason', 'key of the housing system was lost', '--since', '2026-01-01'];

describe('tereze audit affected', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'tereze-affected-'));
  let system: RunningSystem;
  before(async () => {
    system = await startSystem();
    const access = await system.as('housing', 'housing_queue', 'HQ-2026-000101');
    const question = {
      query: 'query One($iin: Iin!) { citizen(iin: $iin) { lastName } }',
      variables: { iin: APPLICANT },
    };
    for (let nth = 0; nth < 2; nth += 1) expect((await system.ask(access, question)).errors).to.deep.equal([]);
  });
  after(async () => {
    await system?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const run = (...options: readonly string[]): Promise<Done> =>
    commandLine(['audit', 'affected', '--config', system.country.config, ...options]);

  it('lists each person once, in a file of its own, and records it', async () => {
    const out = join(folder, 'affected.csv');
    const { code, out: printed, error } = await run('--caller', 'housing', '--out', out, ...WHY);
    expect({ code, error }).to.deep.equal({ code: 0, error: '' });
    expect(printed).to.include(`1 people in ${out}, from 2 answers.`).and.to.include('names no one');
    expect(statSync(out).mode & 0o777).to.equal(0o600);
    const [head, row, ...more] = readFileSync(out, 'utf8').trim().split('\r\n');
    expect(head).to.equal('person,disclosed,read,first,last,answers,last_entry');
    expect(row).to.match(/^[0-9a-f]{32},population\.identity,[^,]*,2[^,]+Z,2[^,]+Z,2,tereze\/\d+\/\d+\/0$/);
    expect(more).to.deep.equal([]);
    expect(readFileSync(out, 'utf8')).to.not.include(APPLICANT);
    const listed = ['audit', 'list', '--config', system.country.config, '--outcome', 'audit_affected_listed'];
    expect((await commandLine(listed)).out).to.include('audit_affected_listed');
    expect(await run('--caller', 'housing', '--out', out, ...WHY)).to.include({ code: 2 });
  });

  it('lists no one of another caller, category or time', async () => {
    for (const [name, ...narrowed] of [
      ['caller', '--caller', 'tax'],
      ['category', '--caller', 'housing', '--category', 'tax.income'],
      ['time', '--caller', 'housing', '--until', '2026-01-02'],
    ]) {
      const { code, out } = await run(...narrowed, '--former', '--out', join(folder, `${name}.csv`), ...WHY);
      expect({ code, name }).to.deep.equal({ code: 0, name });
      expect(out).to.include('0 people');
    }
  });

  for (const [what, options, message] of [
    ['no one to list by', WHY, 'say one of --caller, --officer and --document'],
    ['two to list by', ['--caller', 'housing', '--officer', 'o', ...WHY], 'say one of'],
    ['a caller that there is not', ['--caller', 'housin', ...WHY], 'did you mean housing?'],
    ['a number as officer', ['--officer', APPLICANT, ...WHY], 'must not hold the number'],
    ['an empty range', ['--caller', 'housing', '--until', '2025-01-01', ...WHY], 'the range is empty'],
    ['a short reason', ['--caller', 'housing', '--since', '2026-01-01', '--reason', 'x'], '10 to 500 characters'],
  ] as const)
    it(`refuses ${what} as wrong use`, async () => {
      const { code, error } = await run(...options, '--out', join(folder, 'none.csv'));
      expect(code).to.equal(2);
      expect(error).to.include(message).and.not.include(APPLICANT);
    });

  it('is refused outside the demo, because it needs a second officer', async () => {
    const config = join(system.country.config, '..', 'production.yaml');
    const text = readFileSync(system.country.config, 'utf8');
    writeFileSync(config, text.replace('environment: demo', 'environment: test'));
    const out = join(folder, 'refused.csv');
    const { code, error } = await commandLine([
      'audit',
      'affected',
      '--config',
      config,
      '--caller',
      'housing',
      '--out',
      out,
      ...WHY,
    ]);
    expect(code).to.equal(1);
    expect(error).to.include('second officer');
    expect(() => statSync(out)).to.throw();
  });
});
