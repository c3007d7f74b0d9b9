import { expect } from 'chai';
import { runParts, type Part } from '../../adapters/run-parts.js';
import { rejection } from '../rejection.js';

interface Call {
  readonly signal?: AbortSignal | undefined;
}

/** A part that waits until it is cancelled, and then takes a moment to end. */
function waiting(ended: string[], name: string): Part<Call, never> {
  return ({ signal }) =>
    new Promise((_, reject) => {
      const end = (): void =>
        void setImmediate(() => {
          ended.push(name);
          reject(new Error(`${name} was cancelled`));
        });
      if (signal?.aborted) end();
      else signal?.addEventListener('abort', end, { once: true });
    });
}

const failing =
  (message: string): Part<Call, never> =>
  () =>
    Promise.reject(new Error(message));

describe('the parts of a register call', () => {
  let ended: string[];
  beforeEach(() => {
    ended = [];
  });

  it('give their results in order', async () => {
    expect(await runParts({}, [async () => 1, async () => 'two'])).to.deep.equal([1, 'two']);
    expect(await runParts({}, [async () => 1])).to.deep.equal([1]);
    expect(await runParts({}, [])).to.deep.equal([]);
  });

  it('start at once, all of them', async () => {
    const started: number[] = [];
    const parts = [0, 1, 2].map((place) => async () => void started.push(place));
    const running = runParts({}, parts);
    expect(started).to.deep.equal([0, 1, 2]);
    await running;
  });

  it('are given the call itself if there is one', async () => {
    const call = { signal: new AbortController().signal };
    await runParts(call, [async (given) => expect(given).to.equal(call)]);
  });

  it('are cancelled when one fails, and tell of its failure when nothing runs any more', async () => {
    const parts = [waiting(ended, 'a'), failing('first'), waiting(ended, 'b'), failing('second')];
    expect(await rejection(runParts({}, parts))).to.have.property('message', 'first');
    expect(ended).to.deep.equal(['a', 'b']);
  });

  it('are cancelled when the call is', async () => {
    const gone = new AbortController();
    const running = rejection(runParts({ signal: gone.signal }, [waiting(ended, 'a'), waiting(ended, 'b')]));
    gone.abort();
    expect(await running).to.have.property('message', 'a was cancelled');
    expect(ended).to.deep.equal(['a', 'b']);
  });

  it('see that the call was cancelled before', async () => {
    const seen: unknown[] = [];
    const look: Part<Call, void> = async ({ signal }) => void seen.push(signal?.aborted);
    await runParts({ signal: AbortSignal.abort() }, [look, look]);
    expect(seen).to.deep.equal([true, true]);
  });

  it('leave nothing that listens to the signal of the call', async () => {
    const listening = new Set<unknown>();
    const signal = {
      aborted: false,
      addEventListener: (_: string, listener: unknown) => void listening.add(listener),
      removeEventListener: (_: string, listener: unknown) => void listening.delete(listener),
    } as unknown as AbortSignal;
    await runParts({ signal }, [async () => 1, async () => 2]);
    await rejection(runParts({ signal }, [failing('first'), async () => 2]));
    expect(listening.size).to.equal(0);
  });
});
