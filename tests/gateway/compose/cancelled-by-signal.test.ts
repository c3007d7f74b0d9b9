import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { CancelledBySignal } from '../../../gateway/compose/cancelled-by-signal.js';

function work(name: string, cancelled: string[], onCancel?: () => void): { cancel(): void } {
  return {
    cancel: () => {
      cancelled.push(name);
      onCancel?.();
    },
  };
}

describe('CancelledBySignal', () => {
  it('cancels all that is under way for a signal, once, and nothing else', () => {
    const [gone, other] = [new AbortController(), new AbortController()];
    const bySignal = new CancelledBySignal();
    const cancelled: string[] = [];
    bySignal.add(work('one', cancelled), gone.signal);
    const ended = work('ended', cancelled);
    bySignal.add(ended, gone.signal).delete(ended);
    bySignal.add(work('two', cancelled), gone.signal);
    bySignal.add(work('of another signal', cancelled), other.signal);
    gone.abort();
    gone.abort();
    expect(cancelled).to.deep.equal(['one', 'two']);
  });

  it('cancels the others, also those that one of them ends', () => {
    const gone = new AbortController();
    const bySignal = new CancelledBySignal();
    const cancelled: string[] = [];
    const last = work('last', cancelled);
    const underWay = bySignal.add(
      work('first', cancelled, () => underWay.delete(last)),
      gone.signal,
    );
    underWay.add(last);
    gone.abort();
    expect(cancelled).to.deep.equal(['first', 'last']);
  });

  it('puts one listener on a signal, however much is under way', () => {
    const { signal } = new AbortController();
    const bySignal = new CancelledBySignal();
    for (let count = 0; count < 100; count += 1) bySignal.add(work('', []), signal);
    expect(getEventListeners(signal, 'abort')).to.have.length(1);
  });
});
