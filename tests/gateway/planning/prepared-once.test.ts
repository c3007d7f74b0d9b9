import { expect } from 'chai';
import { PreparedOnce } from '../../../gateway/planning/prepared-once.js';
import { FairShare } from '../../../schemas/fair-share.js';
import { refusal } from './preparing.js';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Results that are ready when the test says so, in three places and with room for three more that wait. */
function prepared(max = 10) {
  const places = new FairShare({ places: 3, maxWaiting: 3, givesWay: 'largest' });
  const results = new PreparedOnce<{ readonly of: string }>(places, max);
  const begun: string[] = [];
  const underWay = new Map<string, { readonly ready: () => void; readonly fail: () => void }>();
  const prepare = (key: string) => (): Promise<{ readonly of: string }> => {
    begun.push(key);
    return new Promise((resolve, reject) =>
      underWay.set(key, { ready: () => resolve({ of: key }), fail: () => reject(new Error('failed')) }),
    );
  };
  return {
    begun,
    get: async (caller: string, key: string, member?: number) =>
      results.get({
        key,
        claimant: { caller, weight: 1, ...(member === undefined ? {} : { member }) },
        prepare: prepare(key),
      }),
    ready: async (key: string): Promise<void> => {
      underWay.get(key)?.ready();
      await settle();
    },
    fail: async (key: string): Promise<void> => {
      underWay.get(key)?.fail();
      await settle();
    },
  };
}

const failure = (of: Promise<unknown>): Promise<string> =>
  of.then(
    () => 'none',
    (error: unknown) => (error as Error).message,
  );

describe('planning: what is prepared once', () => {
  it('prepares equal things once for everyone, and keeps the result', async () => {
    const { get, ready, begun } = prepared();
    const asked = [get('a', 'd'), get('a', 'd'), get('b', 'd')];
    await ready('d');
    expect(new Set([...(await Promise.all(asked)), await get('c', 'd')]).size).to.equal(1);
    expect(begun).to.deep.equal(['d']);
  });

  it('prepares again what failed, and tells everyone who waited for it', async () => {
    const { get, fail, ready, begun } = prepared();
    const asked = [failure(get('a', 'd')), failure(get('b', 'd'))];
    await fail('d');
    expect(await Promise.all(asked)).to.deep.equal(['failed', 'failed']);
    const again = get('b', 'd');
    await ready('d');
    expect(await again).to.deep.equal({ of: 'd' });
    expect(begun).to.deep.equal(['d', 'd']);
  });

  it('forgets the oldest result beyond its size', async () => {
    const { get, ready, begun } = prepared(1);
    for (const key of ['d', 'e', 'd']) {
      const asked = get('a', key);
      await ready(key);
      await asked;
    }
    expect(begun).to.deep.equal(['d', 'e', 'd']);
  });

  it('begins at once for another caller, however much one asks for', async () => {
    const { get, begun } = prepared();
    for (const key of ['1', '2', '3', '4', '5']) void get('a', key);
    expect(begun).to.deep.equal(['1', '2']);
    void get('b', '6');
    expect(begun).to.deep.equal(['1', '2', '6']);
  });

  it('refuses one who asks for more than there is room for, not the next that comes', async () => {
    const { get, ready, begun } = prepared();
    const many = ['1', '2', '3', '4', '5', '6'].map((key) => refusal(get('a', key)));
    for (const caller of ['b', 'c']) void get(caller, `of ${caller}`);
    await settle();
    expect(await Promise.all([many[5], many[4]])).to.deep.equal(['OVERLOADED planning', 'OVERLOADED planning']);
    await ready('1');
    expect(begun, 'who has none comes first').to.deep.equal(['1', '2', 'of b', 'of c']);
  });

  it('lets no one wait in the turn of another', async () => {
    const { get, ready, begun } = prepared();
    const ofBusy = ['1', '2', 'shared'].map((key) => get('a', key))[2];
    const ofOther = get('b', 'shared');
    expect(begun, 'the busy caller waits for it').to.deep.equal(['1', '2', 'shared']);
    await ready('shared');
    const result = await ofOther;
    await ready('1');
    expect(await ofBusy).to.equal(result);
    expect(begun).to.deep.equal(['1', '2', 'shared']);
  });

  it('waits once for each caller and member with equal things', async () => {
    const { get, ready } = prepared();
    for (const caller of ['x', 'y', 'z']) void get(caller, caller);
    const waiting = Array.from({ length: 10 }, () => get('a', 'd', 1));
    const member = get('a', 'd', 2);
    await settle();
    await ready('x');
    await ready('d');
    expect(new Set(await Promise.all([...waiting, member]))).to.have.property('size', 1);
  });
});
