import { expect } from 'chai';
import { Cancellation } from '../../../gateway/execution/run.js';

describe('execution: cancellation', () => {
  it('tells everybody who waits, once, and why', () => {
    const gone = new AbortController();
    const cancellation = new Cancellation(gone.signal);
    const told: unknown[] = [];
    for (const name of ['a', 'b']) {
      const forget = cancellation.whenCancelled((reason) => {
        forget();
        told.push([name, reason.message]);
      });
    }
    cancellation.whenCancelled(() => told.push('forgotten'))();
    gone.abort(new Error('gone'));
    gone.abort(new Error('again'));
    expect(told).to.deep.equal([
      ['a', 'gone'],
      ['b', 'gone'],
    ]);
  });

  it('tells nobody once the execution has ended, and leaves no listener', () => {
    const gone = new AbortController();
    const cancellation = new Cancellation(gone.signal);
    let told = 0;
    cancellation.whenCancelled(() => (told += 1));
    cancellation.end();
    gone.abort(new Error('gone'));
    expect(told).to.equal(0);
  });

  it('needs no signal', () => {
    const cancellation = new Cancellation(undefined);
    const told: unknown[] = [];
    const forget = cancellation.whenCancelled((reason) => told.push(reason));
    expect(() => (forget(), cancellation.end())).to.not.throw();
    expect(told).to.deep.equal([]);
  });
});
