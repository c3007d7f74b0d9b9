import { expect } from 'chai';
import { Semaphore } from '../../schemas/semaphore.js';
import { rejection } from '../rejection.js';

class TurnedAway extends Error {}

const turnedAway = (): Error => new TurnedAway();
const WITHIN_A_SECOND = { turnedAway, waitMs: 1_000 };

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

/** Work that records when it starts and ends when the test says so. */
function recordedWork() {
  const started: number[] = [];
  const end: (() => void)[] = [];
  let running = 0;
  let most = 0;
  return {
    started,
    end,
    mostAtOnce: () => most,
    work: (name: number) => async (): Promise<number> => {
      started.push(name);
      most = Math.max(most, (running += 1));
      await new Promise<void>((resolve) => end.push(resolve));
      running -= 1;
      return name;
    },
  };
}

describe('the semaphore', () => {
  it('runs a limited number at once, the next ones in their order', async () => {
    const semaphore = new Semaphore(2, 2);
    const gates = [gate(), gate(), gate(), gate()];
    const started: number[] = [];
    const runs = gates.map(({ opened }, number) =>
      semaphore.run(async () => {
        started.push(number);
        await opened;
      }, WITHIN_A_SECOND),
    );
    await Promise.resolve();
    expect(started).to.deep.equal([0, 1]);
    gates[1]?.open();
    await runs[1];
    await settle();
    expect(started).to.deep.equal([0, 1, 2]);
    for (const { open } of gates) open();
    await Promise.all(runs);
    expect(started).to.deep.equal([0, 1, 2, 3]);
  });

  it('never runs more than its limit, and returns what the work returns', async () => {
    const { started, end, work, mostAtOnce } = recordedWork();
    const semaphore = new Semaphore(2, 10);
    const all = Promise.all([1, 2, 3, 4, 5].map((name) => semaphore.run(work(name), { turnedAway })));
    await settle();
    expect(started).to.deep.equal([1, 2]);
    for (let turn = 0; turn < 5; turn += 1) {
      end.shift()?.();
      await settle();
    }
    expect(await all).to.deep.equal([1, 2, 3, 4, 5]);
    expect(started).to.deep.equal([1, 2, 3, 4, 5]);
    expect(mostAtOnce()).to.equal(2);
  });

  it('lets no later work in ahead of work that waits', async () => {
    const { started, end, work, mostAtOnce } = recordedWork();
    const semaphore = new Semaphore(1, 10);
    const first = semaphore.run(work(1), { turnedAway }).then(() => semaphore.run(work(3), { turnedAway }));
    const second = semaphore.run(work(2), { turnedAway });
    await settle();
    for (let turn = 0; turn < 3; turn += 1) {
      end.shift()?.();
      await settle();
    }
    await Promise.all([first, second]);
    expect(started).to.deep.equal([1, 2, 3]);
    expect(mostAtOnce()).to.equal(1);
  });

  it('turns away at once work that finds the queue full', async () => {
    const semaphore = new Semaphore(1, 0);
    const { opened, open } = gate();
    const first = semaphore.run(() => opened, WITHIN_A_SECOND);
    expect(await rejection(semaphore.run(async () => undefined, WITHIN_A_SECOND))).to.be.instanceOf(TurnedAway);
    open();
    await first;
    expect(await semaphore.run(async () => 'in', WITHIN_A_SECOND)).to.equal('in');
  });

  it('turns away work that waited too long, and gives the place to the next', async () => {
    const semaphore = new Semaphore(1, 2);
    const { opened, open } = gate();
    const first = semaphore.run(() => opened, WITHIN_A_SECOND);
    const impatient = semaphore.run(async () => 'never', { turnedAway, waitMs: 10 });
    const patient = semaphore.run(async () => 'in', WITHIN_A_SECOND);
    expect(await rejection(impatient)).to.be.instanceOf(TurnedAway);
    open();
    await first;
    expect(await patient).to.equal('in');
  });

  it('lets work that is no longer wanted leave the queue at once, and takes none of it in', async () => {
    const semaphore = new Semaphore(1, 1);
    const { opened, open } = gate();
    const first = semaphore.run(() => opened, WITHIN_A_SECOND);
    const gone = new AbortController();
    const left = semaphore.run(async () => 'never', { turnedAway, signal: gone.signal });
    gone.abort();
    expect(await rejection(left)).to.be.instanceOf(TurnedAway);
    expect(await rejection(semaphore.run(async () => 'never', { turnedAway, signal: gone.signal }))).to.be.instanceOf(
      TurnedAway,
    );
    const next = semaphore.run(async () => 'in', WITHIN_A_SECOND);
    open();
    await first;
    expect(await next).to.equal('in');
  });

  it('frees the place of a failure', async () => {
    const semaphore = new Semaphore(1, 0);
    expect(await rejection(semaphore.run(() => Promise.reject(new Error('broken')), WITHIN_A_SECOND))).to.have.property(
      'message',
      'broken',
    );
    expect(await semaphore.run(async () => 'in', WITHIN_A_SECOND)).to.equal('in');
  });

  it('runs work that waited behind a failure', async () => {
    const semaphore = new Semaphore(1, 1);
    const failed = semaphore.run(() => Promise.reject(new Error('no')), { turnedAway });
    const next = semaphore.run(() => Promise.resolve('yes'), { turnedAway });
    expect(await rejection(failed)).to.have.property('message', 'no');
    expect(await next).to.equal('yes');
  });
});
