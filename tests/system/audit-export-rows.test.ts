import Ajv from 'ajv/dist/2020.js';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../gateway/state/package-root.js';
import type { OcsfEvent } from '../../monitoring/audit/formats/ocsf/events-of-entry.js';
import { commandLine, type Done } from '../gateway/cli/command-line.js';
import { startSystem, type Answer, type RunningSystem } from './running-system.js';

const APPLICANT = '880514391012';
const WHY = ['--reason', 'a complaint of the applicant', '--for-case', 'housing/HQ-2026-000101'];
const VENDOR = join(packageRoot(), 'tests', 'conformance', 'vendor', 'ocsf');
const schemaOf = (name: string): object => JSON.parse(readFileSync(join(VENDOR, name), 'utf8')) as object;
const linesOf = <Line>(text: string): readonly Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

describe('tereze audit export of entries', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'tereze-export-rows-'));
  let system: RunningSystem;
  let answered: Answer;
  before(async () => {
    system = await startSystem();
    const access = await system.as('housing', 'housing_queue', 'HQ-2026-000101');
    answered = await system.ask(access, { documentId: 'HousingQueue', variables: { iin: APPLICANT } });
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await system?.stop();
  });

  const run = (options: readonly string[], typed = ''): Promise<Done> =>
    commandLine(['audit', 'export', '--config', system.country.config, ...options], { typed });

  const readings = async (): Promise<number> =>
    (await system.reading((reader) => reader.list({ kind: 'audit_read', limit: 1_000 }))).length;

  it('writes JSON lines of one request to standard output, and says beside it how many', async () => {
    const { requestId } = answered.tereze;
    const { code, out, error } = await run(['--format', 'jsonl', '--request', requestId, ...WHY]);
    expect(code).to.equal(0);
    const kinds = linesOf<{ entry: { kind: string } }>(out).map(({ entry }) => entry.kind);
    expect(kinds).to.deep.equal(['completion', 'intent']);
    expect(error).to.include('2 entries.').and.include('This export is recorded as');
  });

  it('writes a person’s entries to a file that no one else can read, and records it as about them', async () => {
    const file = join(folder, 'person.csv');
    const { code, out } = await run(['--format', 'csv', '--person', '-', '--out', file, '--json', ...WHY], APPLICANT);
    expect(code).to.equal(0);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    const { entries, exportId } = JSON.parse(out) as { entries: number; exportId: string };
    const [head, ...rows] = readFileSync(file, 'utf8').trim().split('\r\n');
    expect(head).to.match(/^time,log,index,kind,/);
    expect(rows).to.have.length(entries);
    expect(readFileSync(file, 'utf8')).not.to.include(APPLICANT);
    const [begin, end] = await system.entries(exportId);
    expect(begin).to.deep.include({ kind: 'audit_read', act: 'audit_exported', format: 'csv' });
    expect(begin).to.have.property('subjects').with.lengthOf(1);
    expect(begin).to.have.property('case').that.includes({ agency: 'housing', number: 'HQ-2026-000101' });
    expect(end).to.deep.include({ kind: 'audit_read_end', rows: entries, ended: 'complete' });
    const again = await run(['--format', 'csv', '--person', '-', ...WHY], APPLICANT);
    expect(again.out).to.include(exportId);
  });

  it('writes valid events of OCSF, one id for all of a request', async () => {
    const ajv = new Ajv.default({ strict: false });
    const validators = {
      6003: ajv.compile(schemaOf('api_activity.schema.json')),
      6005: ajv.compile(schemaOf('datastore_activity.schema.json')),
    };
    const { code, out } = await run(['--format', 'ocsf', ...WHY]);
    expect(code).to.equal(0);
    const events = linesOf<OcsfEvent>(out);
    for (const event of events)
      expect(validators[event.class_uid](event), JSON.stringify(validators[event.class_uid].errors)).to.equal(true);
    const { requestId } = answered.tereze;
    const ofRequest = events.filter(({ metadata }) => metadata.correlation_uid === requestId);
    expect(ofRequest.map(({ class_uid: classUid }) => classUid)).to.include.members([6003, 6005]);
    expect(ofRequest.filter(({ class_uid: classUid }) => classUid === 6003)).to.have.length(1);
    expect(out).not.to.include(APPLICANT);
  });

  it('writes each entry once, newest first, and not the one about itself', async () => {
    const { out, error } = await run(['--format', 'jsonl', ...WHY]);
    const exportId = /recorded as (\S+)\./.exec(error)?.[1] ?? '';
    const entries = linesOf<{ log: string; index: number; entry: { at: string; requestId: string } }>(out);
    expect(new Set(entries.map(({ log, index }) => `${log}/${index}`))).to.have.property('size', entries.length);
    const times = entries.map(({ entry }) => entry.at);
    expect(times).to.deep.equal([...times].sort().reverse());
    expect(entries.map(({ entry }) => entry.requestId)).not.to.include(exportId);
  });

  for (const [options, message] of [
    [['--format', 'jsonl', '--reason', 'a long enough reason'], 'needs --for-case'],
    [['--format', 'jsonl', '--for-case', 'housing/1'], 'needs --reason'],
    [['--format', 'jsonl', '--reason', 'short', '--for-case', 'housing/1'], '10 to 500 characters'],
    [['--format', 'jsnl', ...WHY], 'jsonl'],
    [['--format', 'csv', '--log', 'tereze/99999', ...WHY], 'there is no log "tereze/99999"'],
    [['--format', 'csv', '--since', '2026-03-02', '--until', '2026-03-01T00:00:00Z', ...WHY], 'the range is empty'],
    [['--format', 'csv', '--person', APPLICANT, ...WHY], 'seen by others'],
    [['--format', 'csv', '--person', '-', ...WHY], 'not the number of a person'],
    [['--format', 'csv', '--agency', 'housng', ...WHY], 'did you mean housing?'],
    [['--format', 'tiles', '--agency', 'housing', '--out', 'x', ...WHY], '--agency cannot narrow it'],
  ] as const)
    it(`refuses ${options.join(' ').slice(0, 60)} as wrong use, and records nothing`, async () => {
      const before = await readings();
      const { code, out, error } = await run(options, '123456789012');
      expect({ code, out }).to.deep.equal({ code: 2, out: '' });
      expect(error).to.include(message).and.not.include(APPLICANT);
      expect(await readings()).to.equal(before);
    });

  it('leaves a file alone that is there', async () => {
    const file = join(folder, 'taken');
    writeFileSync(file, 'of another');
    const { code, error } = await run(['--format', 'csv', '--out', file, ...WHY]);
    expect(code).to.equal(2);
    expect(error).to.include('name a file that is not there yet');
    expect(readFileSync(file, 'utf8')).to.equal('of another');
  });
});
