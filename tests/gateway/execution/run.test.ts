import { expect } from 'chai';
import type { Execution } from '../../../gateway/execution/port.js';
import { Cancellation, Run } from '../../../gateway/execution/run.js';
import { silentObserver, standingClock } from '../../doubles.js';
import { fakeGate } from './harness.js';
import { AccessRecord } from '../../../gateway/access/access-record.js';
import { registersOf } from '../../recorded-calls.js';
import { NOTHING_GOVERNED } from '../../../schemas/catalogue/governance-index.js';

describe('execution: cancellation', () => {
  it('notifies each waiting call once, with the reason', () => {
    const gone = new AbortController();
    const cancellation = new Cancellation(gone.signal);
    const notified: unknown[] = [];
    for (const name of ['a', 'b']) {
      const forget = cancellation.whenCancelled((reason) => {
        forget();
        notified.push([name, reason.message]);
      });
    }
    cancellation.whenCancelled(() => notified.push('forgotten'))();
    gone.abort(new Error('gone'));
    gone.abort(new Error('again'));
    expect(notified).to.deep.equal([
      ['a', 'gone'],
      ['b', 'gone'],
    ]);
  });

  it('notifies no call after the execution has ended, and leaves no listener', () => {
    const gone = new AbortController();
    const cancellation = new Cancellation(gone.signal);
    let notified = 0;
    cancellation.whenCancelled(() => (notified += 1));
    cancellation.end();
    gone.abort(new Error('gone'));
    expect(notified).to.equal(0);
  });

  it('needs no signal', () => {
    const cancellation = new Cancellation(undefined);
    const notified: unknown[] = [];
    const forget = cancellation.whenCancelled((reason) => notified.push(reason));
    expect(() => (forget(), cancellation.end())).to.not.throw();
    expect(notified).to.deep.equal([]);
  });
});

describe('an execution under way', () => {
  const running = (work: Partial<Execution> = {}): Run =>
    new Run(
      {
        requestId: 'r-1',
        accessRecord: new AccessRecord('r-1'),
        planned: {} as Execution['planned'],
        variables: {},
        gate: fakeGate(),
        deadline: 1000,
        onBehalfOf: { system: 's', purpose: 'p' },
        receiver: 'agency',
        caseNumber: 'C-1',
        atomic: false,
        ...work,
      },
      {
        clock: standingClock(),
        observer: silentObserver(),
        registerTimeoutMs: () => 1000,
        governance: NOTHING_GOVERNED,
      },
    );
  const WITHHELD = { code: 'CONSENT_REQUIRED', category: 'a' } as const;

  it('ends when a part of it failed', () => {
    const run = running();
    expect(run.ended).to.equal(false);
    run.fail();
    expect([run.ended, run.withheldWhole]).to.deep.equal([true, false]);
  });

  it('ends at the first missing basis only if the operation is atomic', () => {
    const [atomic, other] = [running({ atomic: true }), running()];
    for (const run of [atomic, other]) run.annotations.setFault(run.data, 'a', { code: 'GATEWAY_TIMEOUT' });
    expect([atomic.ended, other.ended], 'a failure is no missing basis').to.deep.equal([false, false]);
    for (const run of [atomic, other]) run.annotations.setFault(run.data, 'b', WITHHELD);
    expect([atomic.ended, atomic.withheldWhole]).to.deep.equal([true, true]);
    expect([other.ended, other.withheldWhole]).to.deep.equal([false, false]);
  });

  it('records a skipped call beside those that were made', () => {
    const run = running();
    run.skipCall('tax');
    run.skipCall('tax');
    expect(registersOf(run.accessRecord)).to.have.length(1);
    expect(registersOf(run.accessRecord)[0]).to.include({
      register: 'tax',
      calls: 0,
      skippedCalls: 2,
      failure: null,
      retrievedAt: '2026-11-23T10:00:00.000Z',
    });
  });

  it('gives derivations the receiver, the case and one fact date', () => {
    const { receiver, caseNumber, factDate } = running().derivation;
    expect({ receiver, caseNumber, factDate }).to.deep.equal({
      receiver: 'agency',
      caseNumber: 'C-1',
      factDate: '2026-03-02',
    });
  });

  it('reads the fact date once, and not before it is needed', () => {
    let read = 0;
    const clock = { ...standingClock(), factDate: () => `day ${(read += 1)}` };
    const { derivation } = new Run(running().work, { ...running().services, clock });
    expect(read).to.equal(0);
    expect([derivation.factDate, derivation.factDate]).to.deep.equal(['day 1', 'day 1']);
  });
});
