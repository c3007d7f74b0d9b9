import { expect } from 'chai';
import { WriteWatch } from '../../monitoring/write-watch.js';
import { HandClock } from '../gateway/auth/party.js';

describe('WriteWatch', () => {
  const watching = (write: () => Promise<void> = async () => undefined) => {
    const clock = new HandClock();
    let writes = 0;
    const watch = new WriteWatch({ clock, write: () => ((writes += 1), write()) });
    return { clock, watch, writes: () => writes };
  };

  it('is not ok before anything was seen', () => {
    expect(watching().watch.lastSeen()).to.deep.equal({ ok: false, ageMs: 0 });
  });

  it('says how long ago a write committed', () => {
    const { clock, watch } = watching();
    watch.committed(watch.begin());
    clock.advance(1_234);
    expect(watch.lastSeen()).to.deep.equal({ ok: true, ageMs: 1_234 });
  });

  it('is not ok from a failed write on, until a later one commits', () => {
    const { watch } = watching();
    const before = watch.begin();
    watch.failed();
    watch.committed(before);
    expect(watch.lastSeen().ok).to.equal(false);
    watch.committed(watch.begin());
    expect(watch.lastSeen().ok).to.equal(true);
  });

  it('does not believe what was seen long ago', () => {
    const { clock, watch } = watching();
    watch.committed(watch.begin());
    clock.advance(20_001);
    expect(watch.lastSeen().ok).to.equal(false);
  });

  it('writes for itself only where nothing was seen for a while: each second after a failure, seldom otherwise', async () => {
    const { clock, watch, writes } = watching();
    watch.failed();
    clock.advance(999);
    await watch.check();
    expect(writes()).to.equal(0);
    clock.advance(1);
    await watch.check();
    expect([writes(), watch.lastSeen().ok]).to.deep.equal([1, true]);
    clock.advance(4_999);
    await watch.check();
    expect(writes()).to.equal(1);
    watch.committed(watch.begin());
    clock.advance(4_999);
    await watch.check();
    expect(writes()).to.equal(1);
    clock.advance(1);
    await watch.check();
    expect(writes()).to.equal(2);
  });

  it('is not ok after a write of its own that fails, and goes on trying', async () => {
    let isFull = true;
    const { clock, watch } = watching(async () => {
      if (isFull) throw new Error('no space left');
    });
    await watch.checkNow();
    expect(watch.lastSeen().ok).to.equal(false);
    isFull = false;
    clock.advance(1_000);
    await watch.check();
    expect(watch.lastSeen().ok).to.equal(true);
  });

  it('has one write of its own at a time, which ends no failure that came after it began', async () => {
    let end: () => void = () => undefined;
    const { watch, writes } = watching(() => new Promise<void>((resolve) => (end = resolve)));
    const checks = Promise.all([watch.checkNow(), watch.checkNow()]);
    watch.failed();
    end();
    await checks;
    expect([writes(), watch.lastSeen().ok]).to.deep.equal([1, false]);
  });

  it('is not ok once it has stopped', async () => {
    const { watch } = watching();
    watch.committed(watch.begin());
    await watch.stop();
    expect(watch.lastSeen().ok).to.equal(false);
  });
});
