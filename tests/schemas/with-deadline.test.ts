import { mock } from 'node:test';
import { expect } from 'chai';
import { withDeadline, type OnInterrupt } from '../../schemas/with-deadline.js';

const DEADLINE_MS = 100;
const outcomeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
const turn = (): Promise<void> => new Promise(setImmediate);

describe('with-deadline', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  /** Work that is settled by hand. */
  const held = () => {
    let resolve: (value: string) => void = () => undefined;
    let reject: (error: unknown) => void = () => undefined;
    const work = new Promise<string>((onValue, onError) => ([resolve, reject] = [onValue, onError]));
    return { work, resolve, reject };
  };
  /** An event that can interrupt, and how many subscriptions it has. */
  const event = () => {
    const subscribed = new Set<(reason: unknown) => void>();
    const on: OnInterrupt = (interrupt) => {
      subscribed.add(interrupt);
      return () => subscribed.delete(interrupt);
    };
    return { on, subscribed };
  };
  const never = (): never => expect.fail('the deadline passed');

  it('resolves as the work does, and forgets the deadline', async () => {
    const { work, resolve } = held();
    const limited = withDeadline(work, DEADLINE_MS, never);
    mock.timers.tick(DEADLINE_MS - 1);
    resolve('done');
    expect(await outcomeOf(limited)).to.deep.equal({ value: 'done' });
    mock.timers.tick(DEADLINE_MS);
  });

  it('rejects as the work does, and forgets the deadline', async () => {
    const { work, reject } = held();
    const limited = withDeadline(work, DEADLINE_MS, never);
    reject('failed');
    expect(await outcomeOf(limited)).to.deep.equal({ error: 'failed' });
    mock.timers.tick(DEADLINE_MS);
  });

  it('resolves at the deadline with what is given instead, and not before', async () => {
    const seen: unknown[] = [];
    void outcomeOf(withDeadline(held().work, DEADLINE_MS, () => 'late')).then((outcome) => seen.push(outcome));
    mock.timers.tick(DEADLINE_MS - 1);
    await turn();
    expect(seen).to.deep.equal([]);
    mock.timers.tick(1);
    await turn();
    expect(seen).to.deep.equal([{ value: 'late' }]);
  });

  it('rejects at the deadline with what is thrown', async () => {
    const error = new Error('late');
    const limited = withDeadline(held().work, DEADLINE_MS, () => {
      throw error;
    });
    mock.timers.tick(DEADLINE_MS);
    expect(await outcomeOf(limited)).to.deep.equal({ error });
  });

  it('ignores what the work brings after the deadline, also an error', async () => {
    const { work, reject } = held();
    const limited = withDeadline(work, DEADLINE_MS, () => 'late');
    mock.timers.tick(DEADLINE_MS);
    reject('failed');
    await turn();
    expect(await outcomeOf(limited)).to.deep.equal({ value: 'late' });
  });

  it('rejects when it is interrupted, and forgets the deadline', async () => {
    const { on, subscribed } = event();
    const limited = withDeadline(held().work, DEADLINE_MS, never, on);
    for (const interrupt of subscribed) interrupt('cancelled');
    mock.timers.tick(DEADLINE_MS);
    expect(await outcomeOf(limited)).to.deep.equal({ error: 'cancelled' });
    expect(subscribed.size).to.equal(0);
  });

  for (const [ending, settle] of [
    ['the work resolves', ({ resolve }: ReturnType<typeof held>) => resolve('done')],
    ['the work rejects', ({ reject }: ReturnType<typeof held>) => reject('failed')],
    ['the deadline passes', () => mock.timers.tick(DEADLINE_MS)],
  ] as const) {
    it(`ends the subscription when ${ending}`, async () => {
      const { on, subscribed } = event();
      const one = held();
      const limited = outcomeOf(withDeadline(one.work, DEADLINE_MS, () => 'late', on));
      expect(subscribed.size).to.equal(1);
      settle(one);
      await limited;
      expect(subscribed.size).to.equal(0);
    });
  }
});
