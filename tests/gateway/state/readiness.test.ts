import { expect } from 'chai';
import { becomesReady, type ServerState } from '../../../gateway/state/embedded/readiness.js';

const LIMIT_MS = 1_000;

/** Waits for a server that says these things one after the other, each `ms` later than the one before. */
async function waitFor(says: readonly ServerState[], ms: number, endsAfter = says.length): Promise<boolean | string> {
  let asked = 0;
  const outcome = await becomesReady({
    ask: async () => says[asked++] ?? expect.fail('asked too often'),
    hasEnded: () => asked >= endsAfter && says[asked - 1] !== 'ready',
    limitMs: LIMIT_MS,
    now: () => asked * ms,
  });
  return asked === says.length ? outcome : `${outcome} after ${asked}`;
}

const times = (count: number, state: ServerState): readonly ServerState[] => Array.from({ length: count }, () => state);

describe('embedded PostgreSQL: readiness', () => {
  it('waits for a server that says that it recovers, for however long', async () => {
    expect(await waitFor([...times(20, 'recovering'), 'ready'], 900)).to.equal(true);
  });

  it('gives up a server that says nothing for the limit, counted from its last word', async () => {
    expect(await waitFor(times(10, 'silent'), 100, 99)).to.equal(false);
    expect(await waitFor([...times(9, 'silent'), 'recovering', ...times(10, 'silent')], 100, 99)).to.equal(false);
    expect(await waitFor([...times(9, 'silent'), 'recovering', ...times(9, 'silent'), 'ready'], 100)).to.equal(true);
  });

  it('waits no longer for a server that has ended', async () => {
    expect(await waitFor(times(3, 'recovering'), 1, 3)).to.equal(false);
  });
});
