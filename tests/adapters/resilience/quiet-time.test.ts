import { expect } from 'chai';
import { RegisterFailure, type Adapter, type RegisterAnswer, type RegisterCall } from '../../../adapters/port.js';
import { resilient } from '../../../adapters/resilience/resilient.js';
import { silentObserver, standingClock } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import { someCalls } from '../../recorded-calls.js';

const ANSWER: RegisterAnswer = { groups: [] };

describe('the quiet time that a register asks for', () => {
  let now: number;
  let calls: number[];
  let paused: number[];
  let answers: (number | 'answer')[];
  let adapter: Adapter;
  let whenPaused: () => void;

  beforeEach(() => {
    whenPaused = () => undefined;
    [now, calls, paused, answers] = [1_000, [], [], []];
    const inner: Adapter = {
      register: 'tax',
      prepare: () => ({ register: 'tax' }),
      read: async () => {
        calls.push(now);
        const next = answers.shift() ?? 'answer';
        if (next === 'answer') return ANSWER;
        throw new RegisterFailure('tax', 'overloaded', next < 0 ? {} : { retryAfterMs: next });
      },
      close: async () => undefined,
    };
    adapter = resilient(inner, {
      clock: { ...standingClock(), monotonic: () => now },
      observer: silentObserver(),
      timeoutMs: 10_000,
      maxInFlight: 1,
      maxWaiting: 4,
      breaker: { volume: 100, failurePercent: 100, windowMs: 10_000, retryAfterMs: 100 },
      pause: async (milliseconds, signal) => {
        paused.push(milliseconds);
        whenPaused();
        if (signal?.aborted) return;
        now += milliseconds;
      },
    });
  });
  afterEach(() => adapter.close());

  const read = (milliseconds: number): Promise<RegisterAnswer> =>
    adapter.read({
      requestId: 'request-1',
      calls: someCalls(),
      groups: [],
      deadline: now + milliseconds,
    } satisfies RegisterCall);

  it('is waited for, once, when the deadline leaves the time', async () => {
    answers = [2_000];
    expect(await read(5_000)).to.equal(ANSWER);
    expect([calls, paused]).to.deep.equal([[1_000, 3_001], [2_001]]);
  });

  it('is not waited for a second time', async () => {
    answers = [1_000, 1_000];
    expect(await rejection(read(9_000))).to.include({ kind: 'overloaded' });
    expect(calls).to.have.length(2);
  });

  it('is not waited for when the deadline comes first', async () => {
    answers = [2_000];
    expect(await rejection(read(2_004))).to.include({ kind: 'overloaded' });
    expect([calls, paused]).to.deep.equal([[1_000], []]);
  });

  it('is not waited for beyond the limit of one call', async () => {
    answers = [10_000];
    expect(await rejection(read(60_000))).to.include({ kind: 'overloaded' });
    expect([calls, paused]).to.deep.equal([[1_000], []]);
  });

  it('is kept: no one asks before it is up, and everyone may afterwards', async () => {
    answers = [2_000];
    await rejection(read(1_000));
    now = 2_999;
    expect(await rejection(read(60_000))).to.include({ kind: 'overloaded', message: 'register tax: overloaded' });
    expect([calls, paused]).to.deep.equal([[1_000], []]);
    now = 3_000;
    expect(await read(1_000)).to.equal(ANSWER);
  });

  it('tells everyone when the register wants to be asked again', async () => {
    answers = [90_000];
    expect(await rejection(read(1_000))).to.include({ reason: 'overloaded', retryAfterMs: 90_000 });
    now += 10_000;
    expect(await rejection(read(1_000))).to.include({ reason: 'overloaded', retryAfterMs: 80_000 });
  });

  it('turns away who waited for a place meanwhile', async () => {
    answers = [2_000];
    const settled = await Promise.allSettled([read(1_000), read(1_000), read(1_000)]);
    expect(settled.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected', 'rejected']);
    expect(calls).to.deep.equal([1_000]);
  });

  it('is a minute at most', async () => {
    answers = [86_400_000];
    await rejection(read(1_000));
    now = 60_999;
    expect(await rejection(read(1_000))).to.include({ kind: 'overloaded' });
    now = 61_000;
    expect(await read(1_000)).to.equal(ANSWER);
  });

  it('is not waited for by who gives up meanwhile', async () => {
    answers = [2_000];
    const gone = new AbortController();
    const asked = rejection(
      adapter.read({
        requestId: 'request-1',
        calls: someCalls(),
        groups: [],
        deadline: now + 9_000,
        signal: gone.signal,
      }),
    );
    whenPaused = () => gone.abort();
    expect(await asked).to.include({ kind: 'cancelled' });
    expect(calls).to.deep.equal([1_000]);
  });

  it('is none when the register names none', async () => {
    answers = [-1];
    expect(await rejection(read(5_000))).to.include({ kind: 'overloaded' });
    expect(await read(5_000)).to.equal(ANSWER);
    expect(paused).to.deep.equal([]);
  });
});
