import { expect } from 'chai';
import { RegisterFailure } from '../../../adapters/port.js';
import { AccessRecord, MAX_CALLS } from '../../../gateway/access/access-record.js';
import type { Accessed } from '../../../gateway/access/people.js';
import type { ReadResult } from '../../../gateway/access/register-reads.js';
import type { Grant } from '../../../schemas/ports/gate.js';

const NOW = { monotonic: 100, iso: '2026-11-23T10:00:09.000Z' };
const GRANT: Grant = { basis: 'public_task', nexus: 'application', policies: ['p'] };
const ended = (failure: ReadResult['failure'] = null, reason?: ReadResult['reason']): ReadResult => ({
  failure,
  reason,
  durationMs: 5,
  retrievedAt: '2026-11-23T10:00:00.000Z',
});
const person = (id: string, ...categories: readonly string[]): Accessed => ({
  subject: { id, role: 'self' },
  granted: new Map(categories.map((category) => [category, { access: 'disclose' as const, grant: GRANT }])),
});

describe('the access record', () => {
  let record: AccessRecord;
  beforeEach(() => {
    record = new AccessRecord('r-1');
  });
  const begin = (register = 'tax', all: readonly Accessed[] = []) => record.beginRead(register, 90, { all });
  const subjects = (): readonly string[] => record.subjects.map(({ id }) => id);
  const grounds = (): readonly string[] =>
    record.disclosures.map(({ access, category, subjects: of }) => `${access} ${category} ${of.join()}`);

  it('does not forget a failed read when a later one succeeds, nor the first failure when a later one differs', () => {
    begin().end(ended());
    begin().end(ended('GATEWAY_TIMEOUT', 'connect_timeout'));
    begin().end(ended());
    begin().end(ended('REGISTER_UNAVAILABLE', 'breaker_open'));
    expect(record.registersAt(NOW)[0]).to.include({
      reads: 4,
      failure: 'GATEWAY_TIMEOUT',
      reason: 'connect_timeout',
      durationMs: 20,
    });
  });

  it('numbers calls through all registers, and counts those that were sent', () => {
    const [tax, address] = [begin('tax'), begin('address')];
    const [first, second, third] = [tax, address, tax].map((read) => read.next({ carriesId: true }));
    expect([first?.id, second?.id, third?.id]).to.deep.equal(['r-1-1', 'r-1-2', 'r-1-3']);
    third?.recordSent();
    second?.recordSent();
    expect(record.registersAt(NOW).map(({ register, calls, callIds }) => [register, calls, callIds])).to.deep.equal([
      ['tax', 1, ['r-1-3']],
      ['address', 1, ['r-1-2']],
    ]);
  });

  it('keeps when the first call of a register was sent and when the last answer had arrived, and counts records', () => {
    let time = 1_000;
    record = new AccessRecord('r-1', { now: () => new Date((time += 1)) });
    const [first, second] = [begin(), begin()];
    const [one, other] = [first.next({ carriesId: true }), second.next({ carriesId: true })];
    one.recordSent();
    other.recordSent();
    expect(record.registersAt(NOW)[0]).to.include({ requestOutTs: 1_001, responseInTs: null, records: 0 });
    other.recordAnswered();
    one.recordAnswered();
    first.end({ ...ended(), records: 2 });
    second.end({ ...ended(), records: 3 });
    expect(record.registersAt(NOW)[0]).to.include({ requestOutTs: 1_001, responseInTs: 1_004, records: 5 });
    begin('address').end(ended());
    expect(record.registersAt(NOW)[1]).to.include({ requestOutTs: null, responseInTs: null, records: 0 });
  });

  it('counts a call that carries no id, and lists none', () => {
    begin().next({ carriesId: false }).recordSent();
    expect(record.registersAt(NOW)[0]).to.deep.include({ calls: 1, callIds: [] });
  });

  it('lets nothing be sent once it has ended, also what was numbered before', () => {
    const read = begin();
    const waiting = read.next({ carriesId: true });
    record.end();
    for (const send of [() => waiting.recordSent(), () => read.next({ carriesId: true })])
      expect(send).to.throw(RegisterFailure).with.property('kind', 'cancelled');
    expect(record.registersAt(NOW)).to.deep.equal([]);
  });

  it('lets no request send more calls than an entry can list', () => {
    const read = begin();
    for (let call = 0; call < MAX_CALLS; call += 1) read.next({ carriesId: true }).recordSent();
    expect(() => read.next({ carriesId: true })).to.throw(RegisterFailure);
    expect(record.registersAt(NOW)[0]?.callIds).to.have.length(MAX_CALLS);
  });

  it('keeps a read that did not end as broken off, with the time until now', () => {
    begin().next({ carriesId: true }).recordSent();
    expect(record.registersAt(NOW)[0]).to.include({ brokenOff: true, durationMs: 10, failure: null });
  });

  it('takes people as asked about when a message about them is sent, not before', () => {
    const [a, b] = [person('a', 'income'), person('b', 'income')];
    const byKey = (key: string): readonly Accessed[] => [a, b].filter(({ subject }) => subject?.id === key);
    const read = record.beginRead('tax', 90, { all: [a, b], byKey });
    const [first, second] = [read.next({ carriesId: true, keys: ['a'] }), read.next({ carriesId: true, keys: ['b'] })];
    expect(subjects()).to.deep.equal([]);
    first.recordSent();
    expect(subjects()).to.deep.equal(['a']);
    second.recordSent();
    expect(subjects()).to.deep.equal(['a', 'b']);
    expect(grounds()).to.deep.equal(['asked income 0,1']);
  });

  it('takes a message with a key of no one for one about all people of the read', () => {
    const [a, b] = [person('a'), person('b')];
    const read = record.beginRead('tax', 90, { all: [a, b], byKey: (key) => (key === 'a' ? [a] : []) });
    read.next({ carriesId: true, keys: ['a', 'plot-7'] }).recordSent();
    expect(subjects()).to.deep.equal(['a', 'b']);
  });

  it('says what was asked and what was read, on the same ground once', () => {
    const [first, second] = [person('a', 'income', 'debt'), person('a', 'income')];
    begin('tax', [first]).next({ carriesId: true }).recordSent();
    expect(grounds()).to.deep.equal(['asked income 0', 'asked debt 0']);
    record.recordRead(second);
    expect(grounds()).to.deep.equal(['disclose income 0', 'asked debt 0']);
    record.discloseNothing();
    expect(grounds()).to.deep.equal(['read income 0', 'asked debt 0']);
  });

  it('waits for reads that are being broken off, and not for ever', async () => {
    let settle = (): void => undefined;
    record.follow(new Promise<void>((resolve) => (settle = resolve)));
    await record.settled(1);
    const settled = record.settled(60_000);
    settle();
    await settled;
    expect(record.registersAt(NOW)).to.deep.equal([]);
  });
});
