import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCommandLine } from '../../gateway/cli/run-command-line.js';
import { Browser } from '../demo/issuer/browser.js';
import { commandLine, type Done } from '../gateway/cli/command-line.js';
import { TestTerminal } from '../gateway/cli/test-terminal.js';
import { startSystem, type Answer, type RunningSystem } from './running-system.js';

const APPLICANT = '880514391012';
const WHY = ['--reason', 'a complaint of the applicant', '--for-case', 'housing/HQ-2026-000101'];

/** Plays the browser of an officer as soon as a command prints the address to open. */
class OfficerTerminal extends TestTerminal {
  browsed: Promise<unknown> = Promise.resolve();
  readonly #officer: string;

  constructor(officer: string, environment: NodeJS.ProcessEnv) {
    super({ environment });
    this.#officer = officer;
  }

  override warn(text: string): void {
    super.warn(text);
    const address = /http:\S+/.exec(text)?.[0];
    if (address === undefined) return;
    const start = new URL(address);
    const redirect = start.searchParams.get('redirect_uri') ?? '';
    this.browsed = new Browser()
      .signIn(start, redirect, { officer: this.#officer })
      .then((back) => (back === undefined ? undefined : fetch(back)));
  }
}

describe('the command line of officers', function () {
  this.timeout(180_000);
  let system: RunningSystem;
  let answered: Answer;
  let folder: string;
  let at: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-officers-'));
    system = await startSystem();
    at = system.gateway.auditUrl ?? '';
    const access = await system.as('housing', 'housing_queue', 'HQ-2026-000101');
    answered = await system.ask(access, { documentId: 'HousingQueue', variables: { iin: APPLICANT } });
    for (const officer of ['officer-national', 'officer-housing-1', 'officer-housing-2', 'officer-data-protection']) {
      const { code, error } = await login(officer);
      expect(code, error).to.equal(0);
    }
  });
  after(async () => {
    await system.stop();
    rmSync(folder, { recursive: true });
  });

  const environmentOf = (officer: string): NodeJS.ProcessEnv => ({ TEREZE_SESSION: join(folder, `${officer}.json`) });

  async function login(officer: string, ...options: string[]): Promise<Done> {
    const terminal = new OfficerTerminal(officer, environmentOf(officer));
    const code = await runCommandLine(['login', '--at', at, ...options], terminal);
    await terminal.browsed;
    return { code, out: terminal.printed, error: terminal.warned };
  }

  /** As an officer at the address. */
  const asked = (officer: string, words: readonly string[], typed = ''): Promise<Done> =>
    commandLine([...words, '--at', at], { environment: environmentOf(officer), typed });
  /** Beside the database. */
  const read = (words: readonly string[], typed = ''): Promise<Done> =>
    commandLine([...words, '--config', system.country.config], { typed });

  it('signs in, says until when, and keeps the session for its owner only', async () => {
    const { code, out } = await login('officer-auditor', '--json');
    const told = JSON.parse(out) as { at: string; subject: string; until: string; file: string };
    expect(code).to.equal(0);
    expect(told).to.include({ at, subject: 'officer-auditor' });
    expect(told.until).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(statSync(told.file).mode & 0o777).to.equal(0o600);
    expect(out).not.to.include((JSON.parse(readFileSync(told.file, 'utf8')) as { token: string }).token);
  });

  it('prints the same through the address as beside the database', async () => {
    const request = ['--request', answered.tereze.requestId, '--kind', 'completion'];
    for (const form of [['--json'], ['--format', 'csv'], ['--language', 'ru']]) {
      const words = ['audit', 'list', ...request, ...form];
      const [there, here] = [await asked('officer-national', words), await read(words)];
      expect(there.code, there.error).to.equal(0);
      const entries = (text: string): string => text.split(/^\d+ (?:entry|entries)\./m)[0] ?? '';
      expect(entries(there.out), form.join(' ')).to.equal(entries(here.out));
      expect(entries(there.out)).to.include(answered.tereze.requestId.slice(0, form[0] === '--language' ? 0 : 36));
      expect(there.out + there.error).to.include('This search is recorded as');
    }
    const list = await asked('officer-national', ['audit', 'list', ...request, '--format', 'json']);
    const { entries } = JSON.parse(list.out) as { entries: { log: string; index: number }[] };
    const entry = `${entries[0]?.log ?? ''}/${entries[0]?.index ?? 0}`;
    for (const words of [
      ['audit', 'show', entry],
      ['audit', 'show', entry, '--json'],
      ['audit', 'show', answered.tereze.requestId],
    ])
      expect((await asked('officer-national', words)).out, words.join(' ')).to.equal((await read(words)).out);
  });

  it('searches for a person by a number from standard input, as the officer who signed in', async () => {
    const words = ['audit', 'list', '--person', '-', '--kind', 'completion', '--format', 'json', ...WHY];
    const { out, code, error } = await asked('officer-housing-1', words, `${APPLICANT}\n`);
    expect(code, error).to.equal(0);
    const page = JSON.parse(out) as { searchId: string; entries: { entry: { requestId: string } }[] };
    expect(page.entries.map(({ entry }) => entry.requestId)).to.include(answered.tereze.requestId);
    expect(out).not.to.include(APPLICANT);
    const [search] = await system.entries(page.searchId);
    expect(search).to.deep.include({ kind: 'audit_read', reason: 'a complaint of the applicant' });
    expect(search).to.have.nested.property('caller.officer', 'officer-housing-1');
  });

  it('exports what a second officer approved, once and to a file of its owner only', async () => {
    const which = ['--request', answered.tereze.requestId, '--format', 'jsonl', ...WHY];
    const file = join(folder, 'request.jsonl');
    const early = await asked('officer-housing-1', ['audit', 'export', ...which, '--out', file]);
    expect([early.code, early.out]).to.deep.equal([1, '']);
    expect(early.error).to.include('APPROVAL_REQUIRED').and.include('tereze audit approval ask');
    const waits = await asked('officer-housing-1', ['audit', 'approval', 'ask', 'export', ...which]);
    expect([waits.code, waits.error]).to.deep.equal([0, '']);
    expect(waits.out).to.include('export (jsonl): asked').and.include('Once it is approved');
    const id = /^\S+/.exec(waits.out)?.[0] ?? '';
    const exported = (): Promise<Done> =>
      asked('officer-housing-1', ['audit', 'export', ...which, '--out', file, '--approval', id, '--json']);
    expect((await exported()).error, 'not approved').to.include('APPROVAL_INVALID');
    const list = await asked('officer-housing-2', ['audit', 'approval', 'list']);
    expect(list.out).to.include('1 wait for your decision').and.include('a complaint of the applicant');
    const words = /approve\|refuse (\S+) --hash (\S+)/.exec(list.out)?.slice(1) ?? [];
    const [listed = '', hash = ''] = words;
    expect(listed).to.equal(id);
    const decision = ['audit', 'approval', 'approve', id, '--hash'];
    expect((await asked('officer-housing-1', [...decision, hash])).error, 'own').to.include('ROLE_REQUIRED');
    expect((await asked('officer-housing-2', [...decision, '0'.repeat(64)])).error).to.include('APPROVAL_INVALID');
    expect((await asked('officer-housing-2', [...decision, hash])).out).to.include('approved (officer-housing-2)');
    const done = await exported();
    expect(done.code, done.error).to.equal(0);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { entry: { requestId: string } }).entry.requestId)).to.deep.equal(
      Array(lines.length).fill(answered.tereze.requestId),
    );
    const { exportId } = JSON.parse(done.out) as { exportId: string };
    const [entry] = await system.entries(exportId);
    expect(entry).to.deep.include({ kind: 'audit_read', act: 'audit_exported', approval: id });
    rmSync(file);
    const again = await exported();
    expect([again.code, again.error.includes('APPROVAL_INVALID')]).to.deep.equal([1, true]);
    expect(existsSync(file)).to.equal(false);
    expect((await asked('officer-housing-1', ['audit', 'approval', 'list'])).out).to.include(
      'used (officer-housing-2)',
    );
  });

  it('exports a bundle that is complete, and has entries of the own agency only', async () => {
    const out = join(folder, 'bundle');
    const which = ['--format', 'bundle', ...WHY];
    const waits = await asked('officer-housing-1', ['audit', 'approval', 'ask', 'export', ...which, '--json']);
    const { id, hash } = JSON.parse(waits.out) as { id: string; hash: string };
    const approved = await asked('officer-housing-2', ['audit', 'approval', 'approve', id, '--hash', hash]);
    expect(approved.code, approved.error).to.equal(0);
    const done = await asked('officer-housing-1', ['audit', 'export', ...which, '--out', out, '--approval', id]);
    expect(done.code, done.error).to.equal(0);
    const sums = readFileSync(join(out, 'SHA256SUMS'), 'utf8').trim().split('\n');
    for (const line of sums) {
      const [sum, path = ''] = line.split('  ');
      const bytes = readFileSync(join(out, path));
      expect(createHash('sha256').update(bytes).digest('hex'), path).to.equal(sum);
    }
    const paths = sums.map((line) => line.split('  ')[1] ?? '');
    expect(paths).to.include.members(['keys', 'README', 'verify.py', 'verify.go']);
    const entries = paths.filter((path) => path.endsWith('.json'));
    const agencies = entries.map((path) => {
      expect(paths).to.include(path.replace('.json', '.tlog-proof'));
      const { caller } = JSON.parse(readFileSync(join(out, path), 'utf8')) as { caller: { agency: string } };
      return caller.agency;
    });
    expect([...new Set(agencies)]).to.deep.equal(['housing']);
    const again = await asked('officer-housing-1', ['audit', 'export', ...which, '--out', out, '--approval', id]);
    expect([again.code, again.error.includes('there is something in')]).to.deep.equal([2, true]);
  });

  it('refuses an export that an officers’ address does not serve, and approvals without one', async () => {
    for (const words of [
      ['export', '--format', 'bundle', ...WHY],
      ['export', '--format', 'tiles', ...WHY],
      ['approval', 'ask', 'export', ...WHY],
      ['approval', 'ask', 'export', '--format', 'tiles', ...WHY],
      ['approval', 'ask', 'export', '--format', 'csv', '--limit', '50', ...WHY],
      ['approval', 'ask', 'search', '--format', 'csv', ...WHY],
      ['approval', 'ask', 'erase', ...WHY],
    ]) {
      const refused = await asked('officer-housing-1', ['audit', ...words]);
      expect([refused.code, refused.out], words.join(' ')).to.deep.equal([2, '']);
    }
    const beside = await read(['audit', 'approval', 'list']);
    expect([beside.code, beside.out]).to.deep.equal([2, '']);
    const unneeded = await read(['audit', 'export', '--format', 'csv', '--approval', 'x', ...WHY]);
    expect([unneeded.code, unneeded.out]).to.deep.equal([2, '']);
  });

  it('says why the address refuses, by code and without reading', async () => {
    const role = await asked('officer-data-protection', ['audit', 'list']);
    expect([role.code, role.out]).to.deep.equal([1, '']);
    expect(role.error).to.include('ROLE_REQUIRED');
    const second = await asked('officer-national', ['audit', 'list', '--officer', 'officer-housing-1']);
    expect([second.code, second.error.includes('APPROVAL_REQUIRED')]).to.deep.equal([1, true]);
    const missing = await asked('officer-national', ['audit', 'show', 'tereze/0/999999']);
    expect([missing.code, missing.error]).to.deep.equal([1, 'tereze: there is no entry tereze/0/999999\n']);
    const grounds = await asked('officer-national', ['audit', 'list', '--person', '-'], APPLICANT);
    expect([grounds.code, grounds.out]).to.deep.equal([2, '']);
  });

  it('asks no one else with a session, and nothing without one', async () => {
    const elsewhere = await commandLine(['audit', 'list', '--at', 'http://127.0.0.1:9'], {
      environment: environmentOf('officer-national'),
    });
    expect([elsewhere.code, elsewhere.error.includes(`the session is for ${at}`)]).to.deep.equal([1, true]);
    const stranger = await asked('no-one', ['audit', 'list']);
    expect([stranger.code, stranger.out, stranger.error]).to.deep.equal([
      1,
      '',
      'tereze: no one is signed in here\nSign in with: npx tereze login --at ADDRESS\n',
    ]);
    for (const address of ['http://audit.example', 'https://audit.example/path', 'audit.example', 'ftp://127.0.0.1'])
      expect((await commandLine(['audit', 'list', '--at', address])).code, address).to.equal(2);
  });

  it('reads no database in production, nor where officers are served outside the demo', async () => {
    const text = readFileSync(system.country.config, 'utf8');
    const config = join(folder, 'test.yaml');
    writeFileSync(config, text.replace('environment: demo', 'environment: test'));
    for (const words of [
      ['list'],
      ['show', 'tereze/0/1'],
      ['export', '--format', 'csv', ...WHY],
      ['approval', 'list'],
    ]) {
      const refused = await commandLine(['audit', ...words, '--config', config], {
        environment: environmentOf('no-one'),
      });
      expect([refused.code, refused.out], words.join(' ')).to.deep.equal([1, '']);
      expect(refused.error).to.include('no one is signed in');
    }
  });

  it('signs out', async () => {
    expect((await login('officer-auditor')).code).to.equal(0);
    const done = await commandLine(['logout'], { environment: environmentOf('officer-auditor') });
    expect(done.out)
      .to.include('Signed out: the session of officer-auditor')
      .and.match(/http:\/\/\S+\/session\/end/);
    expect((await asked('officer-auditor', ['audit', 'list'])).error).to.include('no one is signed in');
  });

  it('takes no sign-in from an address that names the resource of another', async () => {
    const other = await commandLine(['login', '--at', new URL(system.gateway.operationsUrl).origin]);
    expect([other.code, other.out]).to.deep.equal([1, '']);
    expect(other.error).to.include('does not say where officers sign in');
  });
});
