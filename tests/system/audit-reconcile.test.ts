import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OFFICIAL } from '../../demo/country/people.js';
import type { EntryBody, EntryRegister } from '../../monitoring/audit/entries.js';
import { commandLine, type Done } from '../gateway/cli/command-line.js';
import { startSystem, type RunningSystem } from './running-system.js';

const WHY = ['--reason', 'monthly comparison with the register'];

describe('tereze audit reconcile', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'tereze-reconcile-'));
  let system: RunningSystem;
  /** Calls as the entries have them, by register. */
  const calls = { population: [] as EntryRegister[], business: [] as EntryRegister[] };
  before(async () => {
    system = await startSystem();
    const access = await system.as('integrity', 'declaration_check', 'DC-2026-000501');
    const question = { documentId: 'DeclarationCheck', variables: { iin: OFFICIAL.iin } };
    for (let nth = 0; nth < 3; nth += 1) {
      const { tereze, errors } = await system.ask(access, question);
      expect(errors).to.deep.equal([]);
      for (const body of await system.entries(tereze.requestId))
        for (const used of registersOf(body))
          if (used.register in calls) calls[used.register as keyof typeof calls].push(used);
    }
  });
  after(async () => {
    await system?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const registersOf = (body: EntryBody): readonly EntryRegister[] => (body.kind === 'completion' ? body.registers : []);
  const run = (register: string, file: string, ...options: readonly string[]): Promise<Done> =>
    commandLine(['audit', 'reconcile', register, file, '--config', system.country.config, ...WHY, ...options]);
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const lines = (): readonly string[] =>
    calls.population.flatMap(({ callIds, requestOutTs }) =>
      callIds.map((callId) => JSON.stringify({ callId, requestInTs: requestOutTs })),
    );

  it('finds that a register has every call of the entries, and records the comparison before', async () => {
    const file = write('all.jsonl', lines().join('\n'));
    const { code, out, error } = await run('population', file, '--format', 'jsonl');
    expect({ code, error }, out).to.deep.equal({ code: 0, error: '' });
    expect(out).to.include(`${lines().length} calls, ${lines().length} of them in an entry.`);
    expect(out).to.include('Nothing differs.');
    const listed = ['audit', 'list', '--config', system.country.config, '--outcome', 'audit_reconciled', '--json'];
    const [end, begin] = (await commandLine(listed)).out.split('\n').map((line) => line && JSON.parse(line).entry);
    expect(begin).to.deep.include({ kind: 'audit_read', reason: WHY[1], filters: { register: 'population' } });
    expect(end).to.deep.include({ kind: 'audit_read_end', rows: 0, ended: 'complete' });
  });

  it('names what differs by file and line, with exit code 1, and writes all of it into a file of its own', async () => {
    const [first = '', ...more] = lines();
    const foreign = `{"callId":"${OFFICIAL.iin}","requestInTs":${calls.population[1]?.requestOutTs ?? 0}}`;
    const file = write('other.jsonl', [first, foreign, '{"callId":', ...more.slice(1)].join('\n'));
    const out = join(folder, 'differences.csv');
    const shown = await run('population', file, '--format', 'jsonl');
    expect(shown.code).to.equal(1);
    expect(shown.out).to.include(`${file}:2: a call, `).and.to.include('its id is none that Tereze gives');
    expect(shown.out).to.include(`${file}:3: not JSON of one record`);
    expect(shown.out).to.include('1 call of an entry that the register does not have');
    const written = await run('population', file, '--format', 'jsonl', '--out', out, '--json');
    expect(written.code).to.equal(1);
    expect(JSON.parse(written.out)).to.deep.include({
      kind: 'compared',
      register: 'population',
      differences: {
        ...{ call_without_entry: 1, entry_without_call: 1, time_differs: 0, call_repeated: 0, broken_line: 1 },
      },
    });
    expect(statSync(out).mode & 0o777).to.equal(0o600);
    const table = readFileSync(out, 'utf8').trim().split('\r\n');
    expect(table[0]).to.equal('kind,line,callId,entry,why,requestInTs,byMs');
    expect(table.slice(1).map((row) => row.split(',')[0])).to.have.members([
      ...['call_without_entry', 'broken_line', 'entry_without_call'],
    ]);
    const streamed = await run('population', file, '--format', 'jsonl', '--json');
    expect(
      streamed.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).kind),
    ).to.have.length(4);
    for (const text of [shown.out, written.out, streamed.out, ...table]) expect(text).to.not.include(OFFICIAL.iin);
    expect(await run('population', file, '--format', 'jsonl', '--out', out)).to.include({ code: 2 });
  });

  it('reads the records of a security server, of our client and this provider only', async () => {
    const record = (messageId: string, at: number | null): object => ({
      ...{ serviceXRoadInstance: 'KZ', serviceMemberClass: 'GOV' },
      ...{ serviceMemberCode: '990140090002', serviceSubsystemCode: 'business', serviceCode: 'persons' },
      ...{ messageId, requestInTs: at, responseOutTs: at, securityServerType: 'Producer' },
      ...clientOf(system),
    });
    const records = calls.business.flatMap(({ callIds, requestOutTs }) =>
      callIds.map((id) => record(id, requestOutTs)),
    );
    expect(records).to.have.length.above(1);
    const other = { ...record('x', 1_700_000_000_000), clientMemberCode: '1' };
    const file = write('opmon.json', JSON.stringify({ records: [...records, other] }, undefined, 2));
    const { code, out } = await run('business', file, '--format', 'xroad-opmon');
    expect(code, out).to.equal(0);
    expect(out).to.include(`${records.length} calls, ${records.length} of them in an entry.`);
    expect(out).to.include('1 lines are of other clients or providers');
  });

  const file = (): string => write('calls.csv', 'callId\nx\n');
  for (const [what, register, options, message] of [
    ['a format that there is not', 'tax', ['--format', 'cvs'], 'did you mean csv?'],
    ['a register that there is not', 'taxx', ['--format', 'csv'], 'did you mean tax?'],
    ['an empty range', 'tax', ['--format', 'csv', '--since', '2026-02-02', '--until', '2026-01-01'], 'range is empty'],
    ['a time without a zone', 'tax', ['--format', 'csv', '--since', '2026-02-02T10:00:00'], 'a time with its zone'],
    ['a tolerance that is none', 'tax', ['--format', 'csv', '--tolerance', 'much'], '--tolerance takes seconds'],
    ['a register that is not behind X-Road', 'tax', ['--format', 'xroad-opmon'], 'for registers behind X-Road'],
    ['a log without times', 'tax', ['--format', 'csv'], 'say --since and --until'],
    ['a table without ids', 'tax', ['--format', 'csv', '--json'], 'names no column callId'],
  ] as const)
    it(`refuses ${what} as wrong use`, async () => {
      const given = what === 'a table without ids' ? write('no.csv', 'id\nx\n') : file();
      const { code, error } = await run(register, given, ...options);
      expect({ code, error: error.includes(message) }, error).to.deep.equal({ code: 2, error: true });
    });

  it('refuses a file that is not there, a directory, and a gzip that is cut short', async () => {
    expect(await run('tax', join(folder, 'none'), '--format', 'csv')).to.include({ code: 2 });
    expect(await run('tax', folder, '--format', 'csv')).to.include({ code: 2 });
    writeFileSync(join(folder, 'cut.gz'), Buffer.from([0x1f, 0x8b, 8, 0]));
    const { code, error } = await run('tax', join(folder, 'cut.gz'), '--format', 'jsonl');
    expect(code).to.equal(1);
    expect(error).to.include('cannot be read to its end: Z_BUF_ERROR');
  });
});

/** Our identifier at the security server, as the configuration has it. */
function clientOf({ config }: RunningSystem): object {
  const settings = config.registers['business'];
  const [instance, memberClass, memberCode, subsystem] =
    settings !== undefined && 'client' in settings ? (settings.client ?? '').split('/') : [];
  return {
    ...{ clientXRoadInstance: instance, clientMemberClass: memberClass },
    ...{ clientMemberCode: memberCode, clientSubsystemCode: subsystem },
  };
}
