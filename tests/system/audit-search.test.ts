import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { readConfig } from '../../gateway/config/read-config.js';
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
      .and.match(/nexus application, answered by housing at \d{4}-\d\d-\d\dT/)
      .and.include('housing/housing was answered (purpose housing_queue, case HQ-2026-000101).')
      .and.include('policies housing-queue-family')
      .and.include('law: Law "On Housing Relations"')
      .and.include('withheld property.land CONSENT_REQUIRED');
    expect(out).not.to.include('as the rules of today say');
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

  it('says in each language what happened, and refuses a language that there is not', async () => {
    const request = ['--request', answered.tereze.requestId, '--kind', 'completion'];
    expect((await list([...request, '--language', 'ru'])).out).to.include('housing/housing: ответ получен');
    expect((await list([...request, '--language', 'kk'])).out).to.include('housing/housing: жауап алынды');
    expect(await list([...request, '--language', 'de'])).to.include({ code: 2, out: '' });
  });

  it('says so where the rules of today are not those of the entry', async () => {
    const { rules } = (await readConfig(system.country.config, {})).policies;
    const other = join(dirname(system.country.config), 'other-rules');
    await cp(rules, other, { recursive: true });
    const [file = ''] = (await readdir(other)).filter((name) => name.endsWith('.cedar') && name.includes('appeal'));
    await rm(join(other, file));
    const config = `${system.country.config}.other-rules.yaml`;
    await writeFile(
      config,
      (await readFile(system.country.config, 'utf8')).replace(/^policies:\n/m, `policies:\n  rules: ${other}\n`),
    );
    const { out } = await commandLine(['audit', 'list', '--config', config, '--request', answered.tereze.requestId]);
    expect(out).to.include('(as the rules of today say, not those of the entry)');
  });

  it('shows an entry whole, and its request, each recorded as an entry before it is shown', async () => {
    const { log, index } = answered.tereze.receipt as { readonly log: string; readonly index: number };
    const show = (...words: readonly string[]): Promise<Done> =>
      commandLine(['audit', 'show', '--config', system.country.config, ...words]);
    const last = async (act: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
      const { out } = await list(['--outcome', act, '--json', '--limit', '2']);
      return out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).entry]));
    };
    const one = await show(`${log}/${index}`, '--reason', 'a question of the applicant');
    expect(one.code).to.equal(0);
    for (const part of ['housing/housing was answered', 'evidence:', 'beyondGrant:', 'requestInTs:', 'configuration:'])
      expect(one.out, part).to.include(part);
    expect(one.out).not.to.include(APPLICANT);
    const [end, begin] = await last('audit_entry_read');
    const why = { reason: 'a question of the applicant', entry: `${log}/${index}` };
    expect(begin).to.deep.include({ kind: 'audit_read', ...why });
    expect(end).to.deep.include({ kind: 'audit_read_end', rows: 1, requestId: begin?.['requestId'] });

    const all = await show(answered.tereze.requestId);
    expect(all.out).to.include('kind: intent').and.include('kind: completion');
    const [allEnd, allBegin] = await last('audit_request_read');
    expect(allBegin?.['filters']).to.deep.equal({ request: answered.tereze.requestId });
    expect(allEnd).to.deep.include({ rows: 2 });

    const none = await show(`${log}/999999`);
    expect(none).to.include({ code: 1, out: '' });
    expect((await last('audit_entry_read'))[0]).to.deep.include({ rows: 0 });
    for (const wrong of [APPLICANT, `tereze/${APPLICANT}`, '88 05 14 39 10 12'])
      expect(await show(wrong), wrong).to.include({ code: 2, out: '' });
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
    for (const words of [['list'], ['show', answered.tereze.requestId]]) {
      const { code, out, error } = await commandLine(['audit', ...words, '--config', config]);
      expect({ code, out }).to.deep.equal({ code: 1, out: '' });
      expect(error).to.include('the audit log cannot be written, so nothing is read from it');
    }
  });
});
