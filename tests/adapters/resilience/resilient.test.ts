import { mock } from 'node:test';
import { expect } from 'chai';
import {
  RegisterDeclined,
  RegisterFailure,
  type Adapter,
  type RegisterAnswer,
  type RegisterCall,
} from '../../../adapters/port.js';
import type { RegisterFailureKind } from '../../../schemas/failures/register-failure.js';
import { failureOfKind } from '../../failure-of-kind.js';
import { resilient, type ResilienceOptions } from '../../../adapters/resilience/resilient.js';
import { listeningObserver, runningClock, silentObserver } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import { entities, leaf, root } from '../selections.js';
import { someCalls } from '../../recorded-calls.js';

const ANSWER: RegisterAnswer = { groups: [] };

/** A register whose behaviour the test sets. */
class Behaving implements Adapter {
  readonly register = 'population';
  readonly calls: RegisterCall[] = [];
  closed = false;
  behave: (call: RegisterCall) => Promise<RegisterAnswer> = async () => ANSWER;

  prepare() {
    return { register: this.register };
  }

  read(call: RegisterCall): Promise<RegisterAnswer> {
    this.calls.push(call);
    return this.behave(call);
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  fail(kind: RegisterFailureKind): void {
    this.behave = () => Promise.reject(failureOfKind(this.register, kind));
  }
}

describe('a resilient adapter', () => {
  const clock = runningClock();
  let inner: Behaving;
  let opened: Adapter[];
  beforeEach(() => {
    inner = new Behaving();
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((adapter) => adapter.close()));
    mock.timers.reset();
  });

  const around = (options: Partial<ResilienceOptions> = {}): Adapter => {
    const adapter = resilient(inner, {
      clock,
      observer: silentObserver(),
      timeoutMs: 1_000,
      maxInFlight: 2,
      maxWaiting: 1,
      breaker: { volume: 3, failurePercent: 50, windowMs: 10_000, retryAfterMs: 100 },
      ...options,
    });
    opened.push(adapter);
    return adapter;
  };
  const call = (milliseconds = 1_000, signal?: AbortSignal): RegisterCall => ({
    requestId: 'request-1',
    calls: someCalls(),
    groups: [],
    deadline: clock.monotonic() + milliseconds,
    signal,
  });
  const kindOf = async (asked: Promise<unknown>): Promise<unknown> =>
    ((await rejection(asked)) as RegisterFailure).kind;
  const failTimes = async (adapter: Adapter, times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) await rejection(adapter.read(call()));
  };

  it('passes the call on with the earlier of both deadlines', async () => {
    const adapter = around({ timeoutMs: 500 });
    const [short, long] = [call(400), call(60_000)];
    const before = clock.monotonic();
    expect(await adapter.read(short)).to.equal(ANSWER);
    await adapter.read(long);
    expect(inner.calls[0]?.deadline).to.equal(short.deadline);
    expect(inner.calls[1]?.deadline).to.be.within(before + 500, clock.monotonic() + 500);
  });

  it('makes no call from which nothing can come any more', async () => {
    expect(await kindOf(around().read(call(3)))).to.equal('timeout');
    expect(inner.calls).to.deep.equal([]);
  });

  it('tries nothing twice', async () => {
    inner.fail('transport');
    expect(await kindOf(around().read(call()))).to.equal('transport');
    expect(inner.calls).to.have.length(1);
  });

  it('turns away what finds register and queue full', async () => {
    const answers: (() => void)[] = [];
    inner.behave = () => new Promise((resolve) => answers.push(() => resolve(ANSWER)));
    const adapter = around();
    const asked = Array.from({ length: 5 }, () => adapter.read(call()));
    const all = Promise.allSettled(asked);
    await Promise.allSettled(asked.slice(3));
    answers[0]?.();
    answers[1]?.();
    await Promise.race(asked.slice(0, 2));
    await new Promise(setImmediate);
    answers[2]?.();
    const settled = await all;
    expect(settled.filter(({ status }) => status === 'fulfilled')).to.have.length(3);
    expect(
      settled.flatMap((one) => (one.status === 'rejected' ? [(one.reason as RegisterFailure).kind] : [])),
    ).to.deep.equal(['overloaded', 'overloaded']);
    expect(inner.calls).to.have.length(3);
  });

  for (const kind of ['timeout', 'transport', 'overloaded', 'denied', 'failed'] as const) {
    it(`opens when calls end in ${kind}, and then makes none`, async () => {
      inner.fail(kind);
      const adapter = around();
      await failTimes(adapter, 3);
      expect(await kindOf(adapter.read(call()))).to.equal('unavailable');
      expect(inner.calls).to.have.length(3);
    });
  }

  it('opens for no malformed answers', async () => {
    inner.fail('malformed');
    const adapter = around();
    await failTimes(adapter, 6);
    expect(inner.calls).to.have.length(6);
  });

  it('opens for no register that declines by a code of its own', async () => {
    inner.behave = () => Promise.reject(new RegisterDeclined(inner.register, 'status_code_unknown'));
    const adapter = around();
    await failTimes(adapter, 5);
    expect(await kindOf(adapter.read(call()))).to.equal('failed');
    expect(inner.calls).to.have.length(6);
  });

  it('opens for no one who was turned away or came too late', async () => {
    const adapter = around();
    for (let time = 0; time < 6; time += 1) await rejection(adapter.read(call(0)));
    expect(await adapter.read(call())).to.equal(ANSWER);
  });

  it('lets one call through after a while, and closes when that is answered', async () => {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    inner.fail('failed');
    const adapter = around();
    await failTimes(adapter, 4);
    mock.timers.tick(99);
    expect(await kindOf(adapter.read(call()))).to.equal('unavailable');
    mock.timers.tick(1);
    let answer: (value: RegisterAnswer) => void = () => undefined;
    inner.behave = () => new Promise((resolve) => (answer = resolve));
    const probe = adapter.read(call());
    await new Promise(setImmediate);
    expect(await kindOf(adapter.read(call()))).to.equal('unavailable');
    answer(ANSWER);
    expect(await probe).to.equal(ANSWER);
    inner.behave = async () => ANSWER;
    expect(await adapter.read(call())).to.equal(ANSWER);
    expect(inner.calls).to.have.length(5);
  });

  it('leaves the queue at once when a call is cancelled, and gives its place to the next', async () => {
    const answers: (() => void)[] = [];
    inner.behave = () => new Promise((resolve) => answers.push(() => resolve(ANSWER)));
    const adapter = around({ maxInFlight: 1, maxWaiting: 1 });
    const gone = new AbortController();
    const first = adapter.read(call());
    const waiting = kindOf(adapter.read(call(60_000, gone.signal)));
    expect(await kindOf(adapter.read(call()))).to.equal('overloaded');
    gone.abort();
    expect(await waiting).to.equal('cancelled');
    const next = adapter.read(call());
    answers[0]?.();
    expect(await first).to.equal(ANSWER);
    await new Promise(setImmediate);
    answers[1]?.();
    expect(await next).to.equal(ANSWER);
    expect(inner.calls).to.have.length(2);
  });

  it('makes no call for what is cancelled already', async () => {
    expect(await kindOf(around().read(call(1_000, AbortSignal.abort())))).to.equal('cancelled');
    expect(inner.calls).to.deep.equal([]);
  });

  it('never opens because callers give up, and never closes either', async () => {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    const giveUp = async (): Promise<unknown> => {
      const gone = new AbortController();
      inner.behave = () =>
        new Promise((_, reject) => {
          gone.signal.addEventListener('abort', () => reject(RegisterFailure.cancelled(inner.register)));
        });
      const kind = kindOf(adapter.read(call(1_000, gone.signal)));
      await new Promise(setImmediate);
      gone.abort();
      return kind;
    };
    const adapter = around();
    for (let time = 0; time < 10; time += 1) expect(await giveUp()).to.equal('cancelled');
    inner.fail('transport');
    await failTimes(adapter, 3);
    expect(await kindOf(adapter.read(call())), 'those who gave up do not thin out the failures').to.equal(
      'unavailable',
    );
    mock.timers.tick(100);
    for (let time = 0; time < 3; time += 1) expect(await giveUp(), 'a trial').to.equal('cancelled');
    inner.fail('transport');
    expect(await kindOf(adapter.read(call())), 'the next trial').to.equal('transport');
    expect(await kindOf(adapter.read(call()))).to.equal('unavailable');
  });

  it('shares no answer between calls that look the same', async () => {
    const adapter = around();
    const same = call();
    await Promise.all([adapter.read(same), adapter.read(same)]);
    expect(inner.calls).to.have.length(2);
  });

  it('tells of what is no failure of the register as failed, without its words', async () => {
    inner.behave = () => Promise.reject(new TypeError('words'));
    const error = await rejection(around().read(call()));
    expect(error).to.include({ kind: 'failed', message: 'register population: failed', cause: undefined });
  });

  it('counts every call by how it ended, and logs failures without values', async () => {
    const counted: unknown[] = [];
    const observer = {
      ...listeningObserver(),
      count: (metric: string, labels?: unknown) => void counted.push([metric, labels]),
    };
    const adapter = around({ observer });
    await adapter.read(call());
    inner.fail('failed');
    await rejection(adapter.read(call()));
    expect(counted).to.deep.equal([
      ['tereze_register_calls_total', { register: 'population', outcome: 'answered' }],
      ['tereze_register_calls_total', { register: 'population', outcome: 'failed' }],
      ['tereze_register_failures_total', { register: 'population', operation: 'several', reason: 'sql_failed' }],
    ]);
    expect(observer.lines).to.deep.equal([
      {
        level: 'warn',
        event: 'register_call_failed',
        fields: { requestId: 'request-1', register: 'population', kind: 'failed', reason: 'sql_failed' },
      },
    ]);
  });

  it('says in which operation a call failed, and counts a cancelled one as no failure', async () => {
    const counted: unknown[] = [];
    const observer = {
      ...listeningObserver(),
      count: (metric: string, labels?: unknown) => void counted.push([metric, labels]),
    };
    const failure = new RegisterFailure('population', 'connect_refused', { cause: 'ECONNREFUSED' });
    inner.behave = () => Promise.reject(failure.during('persons').during('batch'));
    await rejection(around({ observer }).read(call()));
    inner.behave = () => Promise.reject(RegisterFailure.cancelled('population'));
    await rejection(around({ observer }).read(call()));
    expect(counted).to.deep.include([
      'tereze_register_failures_total',
      { register: 'population', operation: 'persons', reason: 'connect_refused' },
    ]);
    expect(JSON.stringify(counted).match(/failures_total/g)).to.have.length(1);
    expect(observer.lines[0]?.fields).to.include({ operation: 'persons', code: 'ECONNREFUSED' });
  });

  describe('says what a call read where the mapping has no name for it', () => {
    const person = entities('Citizen', [leaf('lastName')]);
    const child = entities('Child', [leaf('lastName')]);
    const citizen = root('citizen', 'iin', 'iin', 'Citizen', [leaf('lastName')]);
    for (const [what, selections, operation] of [
      ['the type of records read by key', [person], 'Citizen'],
      ['the root field', [citizen], 'citizen'],
      ['the same for several groups', [person, person], 'Citizen'],
      ['several', [person, child], 'several'],
    ] as const)
      it(what, async () => {
        const counted: unknown[] = [];
        const observer = {
          ...silentObserver(),
          count: (name: string, labels?: unknown) => void counted.push([name, labels]),
        };
        const adapter = around({ observer });
        const groups = selections.map((selection) => ({
          ...{ prepared: adapter.prepare(selection), variables: {} },
          keys: [],
        }));
        inner.fail('failed');
        await rejection(adapter.read({ ...call(), groups }));
        expect(counted).to.deep.include([
          'tereze_register_failures_total',
          { register: 'population', operation, reason: 'sql_failed' },
        ]);
        const errors = [{ path: [0, 'lastName'], reason: 'value_type' as const }];
        inner.behave = async () => ({
          groups: groups.map(() => ({ records: [{}], errors })),
        });
        await adapter.read({ ...call(), groups });
        const [first] = selections;
        expect(counted).to.deep.include([
          'tereze_register_failures_total',
          { register: 'population', operation: first === citizen ? 'citizen' : 'Citizen', reason: 'value_type' },
        ]);
      });
  });

  it('counts fields that failed on their own once for each reason', async () => {
    const counted: unknown[] = [];
    const observer = {
      ...listeningObserver(),
      count: (metric: string, labels?: unknown) => void counted.push([metric, labels]),
    };
    const errors = (['value_type', 'value_type', 'value_code_unknown'] as const).map((reason, place) => ({
      path: [place, 'birthDate'],
      reason,
    }));
    inner.behave = async () => ({ groups: [{ records: [{}, {}, {}], errors }] });
    await around({ observer }).read(call());
    expect(counted.slice(1)).to.deep.equal(
      ['value_type', 'value_code_unknown'].map((reason) => [
        'tereze_register_failures_total',
        { register: 'population', operation: 'several', reason },
      ]),
    );
    expect(observer.lines.map(({ event }) => event)).to.deep.equal([
      'register_fields_failed',
      'register_fields_failed',
    ]);
  });

  it('logs which rule of JSON an answer broke', async () => {
    const observer = listeningObserver();
    inner.behave = () => Promise.reject(new RegisterFailure('population', 'json_duplicate_name'));
    await rejection(around({ observer }).read(call()));
    expect(observer.lines[0]?.fields).to.include({ kind: 'malformed', reason: 'json_duplicate_name' });
  });

  it('closes what it stands around, and makes no call afterwards', async () => {
    const adapter = around();
    await adapter.close();
    expect(inner.closed).to.equal(true);
    expect(await rejection(adapter.read(call()))).to.include({ kind: 'unavailable', reason: 'breaker_open' });
    expect(inner.calls).to.deep.equal([]);
  });
});
