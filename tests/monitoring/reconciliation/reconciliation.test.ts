import { expect } from 'chai';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entryCallIds, type EntryRegister } from '../../../monitoring/audit/entries.js';
import { CallSpill } from '../../../monitoring/reconciliation/call-spill.js';
import type { Finding } from '../../../monitoring/reconciliation/findings.js';
import { callOn, type LogLine } from '../../../monitoring/reconciliation/log-line.js';
import {
  NoTimes,
  Reconciliation,
  type ReconciliationOptions,
} from '../../../monitoring/reconciliation/reconciliation.js';
import { standingClock } from '../../doubles.js';
import type { TestDatabase } from '../../gateway/state/test-database.js';
import { rejection } from '../../rejection.js';
import { completionDraft, intentDraft } from '../audit/drafts.js';
import { emptyLog, openDatabase, openLog } from '../audit/harness.js';

const BEGIN = Date.parse('2026-11-23T10:00:00.000Z');
const idOf = (request: number): string => `00000000-0000-4000-8000-${String(request).padStart(12, '0')}`;
const callId = (request: number, nth = 1): string => `${idOf(request)}-${nth}`;

/** A call in the register's log, some milliseconds after the begin. */
const call = (line: number, id: unknown, atMs: number | null, server?: string): LogLine =>
  callOn(line, {
    id,
    requestInTs: atMs === null ? null : BEGIN + atMs,
    responseOutTs: atMs === null ? null : BEGIN + atMs + 5,
    server,
  });

describe('Reconciliation', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  const folder = mkdtempSync(join(tmpdir(), 'tereze-reconciliation-'));
  before(async () => {
    database = await openDatabase();
  });
  after(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => emptyLog(database));

  const used = (ids: readonly string[], atMs: number, changes: Partial<EntryRegister> = {}): EntryRegister => ({
    ...{ register: 'tax', calls: ids.length, ...entryCallIds(ids), outcome: 'answered', failure: null, durationMs: 20 },
    ...{ requestOutTs: BEGIN + atMs - 10, responseInTs: BEGIN + atMs + 10, records: 1, beyondGrant: [] },
    ...{ contract: '1', verdicts: {} },
    ...changes,
  });
  /** Appends an entry of each request, whose calls were made at that time. */
  async function append(
    ...requests: readonly {
      readonly request: number;
      readonly registers: readonly EntryRegister[];
      readonly atMs: number;
    }[]
  ): Promise<void> {
    const log = await openLog(database.sql);
    for (const { request, registers, atMs } of requests)
      await log.append(
        completionDraft(idOf(request), { at: new Date(BEGIN + atMs + 30).toISOString(), registers, durationMs: 60 }),
      );
    await log.close();
  }
  /** Entries of requests 1 to 4, a second apart, with one call each. */
  const appendFour = (): Promise<void> =>
    append(
      ...[1, 2, 3, 4].map((request) => {
        const atMs = request * 1_000;
        return { request, atMs, registers: [used([callId(request)], atMs)] };
      }),
    );
  const four = [1, 2, 3, 4].map((request) => call(request, callId(request), request * 1_000));

  async function compare(
    lines: readonly LogLine[],
    changes: Partial<Omit<ReconciliationOptions, 'spill'>> = {},
  ): Promise<{ readonly findings: readonly Finding[]; readonly compared: Reconciliation['compared'] }> {
    const spill = await CallSpill.open(folder);
    try {
      const reconciliation = new Reconciliation({
        ...{ sql: database.sql, clock: standingClock(), register: 'tax', range: {}, toleranceMs: 100, spill },
        ...changes,
      });
      const findings: Finding[] = [];
      const read = async function* (): AsyncGenerator<LogLine> {
        yield* lines;
      };
      for await (const finding of reconciliation.readLog(read())) findings.push(finding);
      for await (const finding of reconciliation.findings()) findings.push(finding);
      return { findings, compared: reconciliation.compared };
    } finally {
      await spill.close();
      expect(readdirSync(folder)).to.deep.equal([]);
    }
  }

  it('finds nothing in two logs that name the same calls', async () => {
    await appendFour();
    expect(await compare(four)).to.deep.equal({
      findings: [],
      compared: { calls: 4, others: 0, outside: 0, matched: 4, entries: 2, unnamed: 0, changed: 0 },
    });
  });

  it('finds calls that an entry names by their number', async () => {
    const ids = [callId(1, 1), callId(1, 100), callId(1, 101), callId(1, 399)];
    await append({ request: 1, atMs: 1_000, registers: [used(ids, 1_000)] });
    const { findings, compared } = await compare(ids.map((id, line) => call(line + 1, id, 1_000)));
    expect([findings, compared.matched]).to.deep.equal([[], 4]);
  });

  it('names a call without an entry, and why', async () => {
    await appendFour();
    const log = await openLog(database.sql);
    await log.append(intentDraft(idOf(5), { at: new Date(BEGIN + 2_500).toISOString() }));
    await log.close();
    const { findings } = await compare([
      ...four,
      call(5, callId(5), 2_500),
      call(6, callId(6), 2_600),
      call(7, callId(4, 2), 2_700),
      call(8, 'EE37701010101', 2_800),
      call(9, '', 2_900),
    ]);
    const at = (ms: number): number => BEGIN + ms;
    const kind = 'call_without_entry';
    expect(findings).to.have.deep.members([
      { kind, line: 5, callId: callId(5), why: 'not_named', requestInTs: at(2_500) },
      { kind, line: 6, callId: callId(6), why: 'no_entry', requestInTs: at(2_600) },
      { kind, line: 7, callId: callId(4, 2), why: 'not_named', requestInTs: at(2_700) },
      { kind, line: 8, callId: null, why: 'id_of_other', requestInTs: at(2_800) },
      { kind, line: 9, callId: null, why: 'no_id', requestInTs: at(2_900) },
    ]);
  });

  it('names an entry without a call, within the time of the file or the one that is asked for', async () => {
    await appendFour();
    const second = {
      kind: 'entry_without_call',
      callId: callId(2),
      entries: [{ log: 'tereze/0', index: 1, from: BEGIN + 1_990, to: BEGIN + 2_010 }],
    };
    const without = four.filter((_, nth) => nth !== 1);
    expect((await compare(without)).findings).to.deep.equal([second]);
    // The register's log ends before the last call: only the one who asks knows that it should not.
    const cut = without.slice(0, 2);
    expect((await compare(cut)).findings).to.deep.equal([second]);
    const { findings } = await compare(cut, { range: { until: BEGIN + 60_000 } });
    expect(findings.map((one) => ('callId' in one ? one.callId : one.kind))).to.have.members([callId(2), callId(4)]);
    expect((await compare([], { range: { since: BEGIN, until: BEGIN + 60_000 } })).findings).to.have.length(4);
  });

  it('knows a call that several entries name, of any register but this one', async () => {
    const shared = callId(1, 7);
    await append(
      { request: 1, atMs: 1_000, registers: [used([callId(1), shared], 1_000)] },
      {
        request: 2,
        atMs: 1_500,
        registers: [used([shared], 1_500), used([callId(2)], 1_500, { register: 'property' })],
      },
    );
    const range = { since: BEGIN, until: BEGIN + 10_000 };
    const calls = [call(1, callId(1), 1_000), call(2, shared, 1_250)];
    expect((await compare(calls, { range, toleranceMs: 1_000 })).findings).to.deep.equal([]);
    const missing = (await compare(calls.slice(0, 1), { range, toleranceMs: 1_000 })).findings;
    expect(missing).to.have.length(1);
    expect(missing[0]).to.have.property('callId', shared);
    expect(missing[0]).to.have.property('entries').with.length(2);
    const foreign = (await compare([...calls, call(3, callId(2), 1_500)], { range, toleranceMs: 1_000 })).findings;
    expect(foreign).to.have.length(1);
    expect(foreign[0]).to.deep.include({ callId: callId(2), why: 'not_named' });
  });

  it('names times that differ by more than the tolerance, at either side', async () => {
    await appendFour();
    const late = [...four.slice(0, 2), call(3, callId(3), 3_111), call(4, callId(4), 3_750)];
    const range = { since: BEGIN, until: BEGIN + 10_000 };
    const { findings } = await compare(late, { range });
    expect(findings.map((one) => (one.kind === 'time_differs' ? [one.line, one.byMs] : one.kind))).to.have.deep.members(
      [
        [3, 106],
        [4, -240],
      ],
    );
    expect((await compare(late, { range, toleranceMs: 240 })).findings).to.deep.equal([]);
  });

  it('takes one call from both security servers, and names one that a server has twice', async () => {
    await appendFour();
    const twice = four.flatMap((_, nth) => [
      call(nth * 2 + 1, callId(nth + 1), (nth + 1) * 1_000, 'Client'),
      call(nth * 2 + 2, callId(nth + 1), (nth + 1) * 1_000, 'Producer'),
    ]);
    expect((await compare(twice)).findings).to.deep.equal([]);
    const replayed = [...twice, call(9, callId(2), 2_000, 'Producer')];
    expect((await compare(replayed)).findings).to.deep.equal([
      { kind: 'call_repeated', callId: callId(2), lines: [4, 9] },
    ]);
  });

  it('says what it cannot compare: calls without an id, entries that were changed, calls outside the time', async () => {
    await append(
      { request: 1, atMs: 1_000, registers: [used([], 1_000, { calls: 3 })] },
      { request: 2, atMs: 2_000, registers: [used([callId(2)], 2_000, { calls: 2 })] },
    );
    await database.ownerSql.query("UPDATE audit_entry SET agency = 'tax' WHERE request_id = $1", [idOf(2)]);
    const range = { since: BEGIN, until: BEGIN + 10_000 };
    const lines = [call(1, callId(2), 2_000), call(2, callId(3), 20_000), { kind: 'other', line: 3 } as const];
    expect(await compare(lines, { range })).to.deep.equal({
      findings: [],
      compared: { calls: 1, others: 1, outside: 1, matched: 1, entries: 2, unnamed: 4, changed: 1 },
    });
  });

  it('reads entries of version 3 by the time of their request, and those of version 2 as calls without ids', async () => {
    await append({
      request: 1,
      atMs: 1_000,
      registers: [used([callId(1)], 1_000, { requestOutTs: null, responseInTs: null })],
    });
    const range = { since: BEGIN, until: BEGIN + 10_000 };
    expect((await compare([call(1, callId(1), 975)], { range, toleranceMs: 0 })).findings).to.deep.equal([]);
    expect((await compare([call(1, callId(1), 969)], { range, toleranceMs: 0 })).findings).to.have.length(1);
  });

  it('passes on broken lines, and does not know what to compare a log without times with', async () => {
    const broken = { kind: 'broken', line: 2, fault: 'json' } as const;
    expect(await rejection(compare([broken, call(1, callId(1), null)]))).to.be.instanceOf(NoTimes);
    const { findings } = await compare([broken], { range: { since: BEGIN, until: BEGIN + 1 } });
    expect(findings).to.deep.equal([{ kind: 'broken_line', line: 2, fault: 'json' }]);
  });

  it('lays calls aside where only this account reads them', async () => {
    const spill = await CallSpill.open(folder);
    for (let nth = 0; nth < 5_000; nth += 1) await spill.left.add(callId(nth), `${nth} ${'x'.repeat(400)}`);
    const [directory = ''] = readdirSync(folder);
    expect(statSync(join(folder, directory)).mode & 0o077).to.equal(0);
    let read = 0;
    for await (const { left, right } of spill.parts()) {
      for (const [id, records] of left)
        expect(records.map((record) => callId(Number(record.split(' ')[0])))).to.deep.equal([id]);
      read += left.size + right.size;
    }
    expect(read).to.equal(5_000);
    for (const file of readdirSync(join(folder, directory)))
      expect(statSync(join(folder, directory, file)).mode & 0o077).to.equal(0);
    await spill.close();
    expect(readdirSync(folder)).to.deep.equal([]);
  });
});
