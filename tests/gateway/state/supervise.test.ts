import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { supervise, type SupervisionEvent } from '../../../gateway/state/embedded/supervise.js';

describe('supervision', () => {
  /** A server that runs or not, and fails to start as often as told. */
  function server(failures: number): {
    isRunning: boolean;
    starts: number;
    readonly events: SupervisionEvent[];
    supervised(): ReturnType<typeof supervise>;
  } {
    const state = {
      isRunning: true,
      starts: 0,
      events: [] as SupervisionEvent[],
      supervised: () =>
        supervise({
          isRunning: () => state.isRunning,
          start: async () => {
            state.starts += 1;
            if (state.starts <= failures) throw new Error('no');
            state.isRunning = true;
          },
          onEvent: (event) => void state.events.push(event),
          everyMs: 2,
        }),
    };
    return state;
  }
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await sleep(1);
  };

  it('leaves alone what runs', async () => {
    const one = server(0);
    const supervision = one.supervised();
    await sleep(20);
    await supervision.stop();
    expect(one.starts).to.equal(0);
  });

  it('starts again what ended, as often as it takes, each time that it ends', async () => {
    const one = server(2);
    const supervision = one.supervised();
    one.isRunning = false;
    await until(() => one.isRunning);
    one.isRunning = false;
    await until(() => one.isRunning);
    await supervision.stop();
    expect(one.events.slice(0, 3)).to.deep.equal(['failed', 'failed', 'restarted']);
    expect(one.starts).to.equal(4);
  });

  it('starts nothing any more once it was stopped', async () => {
    const one = server(0);
    await one.supervised().stop();
    one.isRunning = false;
    await sleep(20);
    expect(one.starts).to.equal(0);
  });
});
