import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { commandLine, type Done } from '../gateway/cli/command-line.js';
import { startSystem, type Answer, type RunningSystem } from './running-system.js';

const APPLICANT = '880514391012';

describe('tereze audit list', () => {
  let system: RunningSystem;
  let answered: Answer;
  before(async () => {
    system = await startSystem();
    const access = await system.as('housing', 'housing_queue', 'HQ-2026-000101');
    answered = await system.ask(access, { documentId: 'HousingQueue', variables: { iin: APPLICANT } });
  });
  after(() => system.stop());

  const WHY = ['--reason', 'a complaint of the applicant', '--for-case', 'housing/HQ-2026-000101'];
  const list = (options: readonly string[], typed = ''): Promise<Done> =>
    commandLine(['audit', 'list', '--config', system.country.config, ...options], { typed });

  it('shows basis, law, policies and nexus of what was disclosed', async () => {
    const { out, code } = await list(['--request', answered.tereze.requestId, '--kind', 'completion']);
    expect(code).to.equal(0);
    expect(out)
      .to.include('basis public_task')
      .and.include('nexus application')
      .and.include('policies housing-queue-family')
      .and.include('law: Law "On Housing Relations"')
      .and.include('withheld property.land CONSENT_REQUIRED');
  });

  it('finds a person by a number from standard input, and records the search as about them', async () => {
    const { out } = await list(['--person', '-', '--kind', 'completion', '--format', 'json', ...WHY], `${APPLICANT}\n`);
    const page = JSON.parse(out) as { searchId: string; entries: { entry: { requestId: string } }[] };
    expect(page.entries.map(({ entry }) => entry.requestId)).to.include(answered.tereze.requestId);
    expect(out).not.to.include(APPLICANT);
    const [search, end] = await system.entries(page.searchId);
    expect(search).to.deep.include({ kind: 'audit_read', reason: 'a complaint of the applicant' });
    expect(end).to.deep.include({ kind: 'audit_read_end', rows: page.entries.length });
    const again = await list(['--person', '-', '--kind', 'audit_read', '--json', ...WHY], APPLICANT);
    expect(again.out).to.include(page.searchId);
  });

  it('pages by the cursor that it prints, and refuses that of another search', async () => {
    const first = await list(['--kind', 'act', '--limit', '1']);
    const cursor = /--after (\S+)/.exec(first.out)?.[1] ?? '';
    const second = await list(['--kind', 'act', '--limit', '1', '--after', cursor]);
    expect(second.code).to.equal(0);
    expect(second.out.split('\n')[0]).not.to.equal(first.out.split('\n')[0]);
    const other = await list(['--kind', 'intent', '--after', cursor]);
    expect(other).to.include({ code: 2, out: '' });
    expect(other.error).to.include('the cursor is of another search');
  });

  it('prints CSV with its head, and says beside it how the search ended', async () => {
    const { out, error } = await list(['--request', answered.tereze.requestId, '--format', 'csv']);
    const [head, ...rows] = out.split('\r\n');
    expect(head).to.match(/^time,log,index,kind,/);
    expect(rows).to.have.length(3);
    expect(error).to.include('2 entries. There are no more.');
  });

  for (const [options, message] of [
    [['--log', 'tereze/99999'], 'there is no log "tereze/99999"'],
    [['--after', 'nonsense'], 'not a cursor'],
    [['--since', '2026-03-02', '--until', '2026-03-01T00:00:00Z'], 'the range is empty'],
    [['--limit', '0'], '1 to 10000'],
    [['--limit', '10001'], '1 to 10000'],
    [['--limit', 'many'], '1 to 10000'],
    [['--since', '2026-03-01T10:00:00'], 'with its zone'],
    [['--agency', 'housng'], 'did you mean housing?'],
    [['--format', 'cvs'], 'did you mean csv?'],
    [['--person', APPLICANT, ...WHY], 'seen by others'],
    [['--person', '-', ...WHY], 'not the number of a person'],
    [['--person', '-'], 'needs --reason and --for-case'],
    [['--person', '-', '--reason', 'short', '--for-case', 'a/1'], '10 to 500 characters'],
  ] as const)
    it(`refuses ${options.join(' ').slice(0, 60)} as wrong use`, async () => {
      const { code, out, error } = await list(options, '123456789012');
      expect({ code, out }).to.deep.equal({ code: 2, out: '' });
      expect(error).to.include(message).and.not.include(APPLICANT);
    });

  it('shows nothing while no log of the pool is free', async () => {
    const config = `${system.country.config}.one-log.yaml`;
    const text = await readFile(system.country.config, 'utf8');
    await writeFile(
      config,
      text.includes('\naudit:') ? text.replace('\naudit:', '\naudit:\n  logs: 1') : `${text}\naudit:\n  logs: 1\n`,
    );
    const { code, out, error } = await commandLine(['audit', 'list', '--config', config]);
    expect({ code, out }).to.deep.equal({ code: 1, out: '' });
    expect(error).to.include('the audit log cannot be written, so nothing is read from it');
  });
});
