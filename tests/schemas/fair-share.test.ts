import { expect } from 'chai';
import fc from 'fast-check';
import { FairShare, type Claimant, type FairShareOptions } from '../../schemas/fair-share.js';
import { rejection } from '../rejection.js';

class TurnedAway extends Error {}

const turnedAway = (): Error => new TurnedAway();
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One piece of work, as a test sees it. */
interface Work {
  readonly claimant: Claimant;
  state: 'waits' | 'held' | 'ended' | 'turned away';
  /** Ends the work, or lets it leave the queue. */
  end(): void;
}

function begin(share: FairShare, claimant: Claimant): Work {
  const abort = new AbortController();
  let leave = (): void => abort.abort();
  const work: Work = {
    claimant,
    state: 'waits',
    end: () => {
      leave();
      leave();
      if (work.state === 'held') work.state = 'ended';
    },
  };
  share.enter({ claimant, turnedAway, signal: abort.signal }).then(
    (left) => {
      leave = left;
      work.state = 'held';
    },
    () => (work.state = 'turned away'),
  );
  return work;
}

/** The same for work that does not wait. */
function beginNow(share: FairShare, claimant: Claimant): Work {
  const work: Work = {
    claimant,
    state: share.tryEnter(claimant) ? 'held' : 'turned away',
    end: () => {
      if (work.state !== 'held') return;
      work.state = 'ended';
      share.leave(claimant);
    },
  };
  return work;
}

const of = (caller: string, weight = 1, member?: number): Claimant => ({
  caller,
  weight,
  ...(member === undefined ? {} : { member }),
});
const count = (works: readonly Work[], state: Work['state'], caller?: string): number =>
  works.filter((work) => work.state === state && (caller === undefined || work.claimant.caller === caller)).length;
const many = (share: FairShare, number: number, claimant: Claimant): readonly Work[] =>
  Array.from({ length: number }, () => begin(share, claimant));

const OPTIONS: FairShareOptions = { places: 12, maxWaiting: 100, givesWay: 'largest' };

describe('the fair share', () => {
  it('leaves places free for others, however much one caller asks for', async () => {
    const share = new FairShare(OPTIONS);
    const hog = many(share, 50, of('a'));
    await settle();
    expect(count(hog, 'held')).to.equal(8);
    const other = many(share, 2, of('b'));
    await settle();
    expect(count(other, 'held')).to.equal(2);
  });

  it('gives the only place to the first that comes, and the next in order of arrival while no one holds one', async () => {
    const share = new FairShare({ ...OPTIONS, places: 1 });
    const [first, second] = many(share, 2, of('a'));
    const other = begin(share, of('b'));
    await settle();
    expect([first?.state, second?.state, other.state]).to.deep.equal(['held', 'waits', 'waits']);
    first?.end();
    await settle();
    expect([second?.state, other.state], 'who came first, as neither holds one').to.deep.equal(['held', 'waits']);
    second?.end();
    await settle();
    expect(other.state).to.equal('held');
  });

  it('gives a caller with more weight more places', async () => {
    const share = new FairShare({ ...OPTIONS, places: 14 });
    const works = [...many(share, 20, of('heavy', 2)), ...many(share, 20, of('light'))];
    await settle();
    for (let turn = 0; turn < 60; turn += 1) {
      works.find(({ state }) => state === 'held')?.end();
      await settle();
      works.push(begin(share, of('heavy', 2)), begin(share, of('light')));
    }
    expect(count(works, 'held', 'heavy') / count(works, 'held', 'light')).to.be.within(1.4, 3);
  });

  it('shares the places of one caller among its members', async () => {
    const share = new FairShare(OPTIONS);
    const hog = many(share, 50, of('citizens', 1, 1));
    const other = begin(share, of('citizens', 1, 2));
    await settle();
    expect(count(hog, 'held')).to.be.lessThan(8);
    expect(other.state).to.equal('held');
  });

  it('turns away the last of the caller with the most work, not the one that comes', async () => {
    const share = new FairShare({ places: 1, maxWaiting: 3, givesWay: 'largest' });
    const hog = many(share, 5, of('a'));
    await settle();
    expect(hog.map(({ state }) => state)).to.deep.equal(['held', 'waits', 'waits', 'waits', 'turned away']);
    const other = begin(share, of('b'));
    await settle();
    expect(other.state).to.equal('waits');
    expect(hog.map(({ state }) => state)).to.deep.equal(['held', 'waits', 'waits', 'turned away', 'turned away']);
  });

  it('turns away the one that has waited longest, of one caller and of all, where that is asked', async () => {
    const share = new FairShare({ places: 1, maxWaiting: 3, maxWaitingEach: 2, givesWay: 'longest' });
    const held = begin(share, of('a'));
    const crowd = many(share, 3, of('b'));
    await settle();
    expect(crowd.map(({ state }) => state)).to.deep.equal(['turned away', 'waits', 'waits']);
    const others = [begin(share, of('c')), begin(share, of('d'))];
    await settle();
    expect(crowd.map(({ state }) => state)).to.deep.equal(['turned away', 'turned away', 'waits']);
    expect(others.map(({ state }) => state)).to.deep.equal(['waits', 'waits']);
    held.end();
    await settle();
    expect(crowd[2]?.state).to.equal('held');
  });

  it('takes a caller whose only work gave way to its next', async () => {
    const share = new FairShare({ places: 1, maxWaiting: 3, maxWaitingEach: 1, givesWay: 'longest' });
    const held = begin(share, of('a'));
    const crowd = many(share, 2, of('b'));
    await settle();
    held.end();
    await settle();
    expect(crowd.map(({ state }) => state)).to.deep.equal(['turned away', 'held']);
  });

  it('lets work leave that waited too long or is not wanted', async () => {
    const share = new FairShare({ ...OPTIONS, places: 1 });
    const leave = await share.enter({ claimant: of('a'), turnedAway });
    expect(await rejection(share.enter({ claimant: of('a'), turnedAway, waitMs: 5 }))).to.be.instanceOf(TurnedAway);
    const signal = AbortSignal.abort();
    expect(await rejection(share.enter({ claimant: of('b'), turnedAway, signal }))).to.be.instanceOf(TurnedAway);
    leave();
    expect(share.held + share.waiting).to.equal(0);
  });

  it('gives back the place of work that fails', async () => {
    const share = new FairShare({ ...OPTIONS, places: 1 });
    const failing = share.run(() => Promise.reject(new Error('failed')), { claimant: of('a'), turnedAway });
    expect(await rejection(failing)).to.include({ message: 'failed' });
    expect(await share.run(async () => 7, { claimant: of('b'), turnedAway })).to.equal(7);
  });

  it('holds to its bounds, starves no caller and loses no place, in any order of coming and going', async () => {
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          caller: fc.constantFrom('a', 'b', 'c', 'd'),
          member: fc.option(fc.nat(2)),
          start: fc.constantFrom(begin, beginNow),
        }),
      },
      { weight: 2, arbitrary: fc.nat(1_000) },
    );
    const options = fc.record({
      places: fc.integer({ min: 1, max: 9 }),
      maxWaiting: fc.integer({ min: 0, max: 9 }),
      maxWaitingEach: fc.integer({ min: 1, max: 9 }),
      givesWay: fc.constantFrom('largest' as const, 'longest' as const),
    });
    const weights: Readonly<Record<string, number>> = { a: 1, b: 1, c: 2, d: 0.5 };
    await fc.assert(
      fc.asyncProperty(options, fc.array(step, { maxLength: 60 }), async (bounds, steps) => {
        const share = new FairShare(bounds);
        const works: Work[] = [];
        const check = async (): Promise<void> => {
          await settle();
          expect(share.held).to.equal(count(works, 'held')).and.at.most(bounds.places);
          expect(share.waiting).to.equal(count(works, 'waits')).and.at.most(bounds.maxWaiting);
          for (const caller of Object.keys(weights)) {
            expect(count(works, 'waits', caller)).to.be.at.most(bounds.maxWaitingEach);
            if (share.held < bounds.places && count(works, 'held', caller) === 0)
              expect(count(works, 'waits', caller), 'a caller without a place waits beside a free one').to.equal(0);
          }
        };
        for (const one of steps) {
          if (typeof one === 'number') {
            const live = works.filter(({ state }) => state === 'held' || state === 'waits');
            live[one % Math.max(1, live.length)]?.end();
          } else {
            works.push(one.start(share, of(one.caller, weights[one.caller], one.member ?? undefined)));
          }
          await check();
        }
        for (let left = works.length; left > 0 && share.held > 0; left -= 1) {
          works.find(({ state }) => state === 'held')?.end();
          await check();
        }
        expect({ held: share.held, waiting: share.waiting }).to.deep.equal({ held: 0, waiting: 0 });
      }),
      { numRuns: 400 },
    );
  });
});
