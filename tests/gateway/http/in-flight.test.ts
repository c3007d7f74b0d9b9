import { expect } from 'chai';
import { InFlight } from '../../../gateway/http/in-flight.js';
import { Refusal } from '../../../schemas/refusal.js';

describe('InFlight', () => {
  it('counts a request out once', () => {
    const inFlight = new InFlight();
    const leave = inFlight.enter();
    inFlight.enter();
    leave();
    leave();
    expect(inFlight.count).to.equal(1);
  });

  it('takes nothing once closed, and is idle when the last has left', async () => {
    const inFlight = new InFlight();
    const leave = inFlight.enter();
    inFlight.close();
    expect(codeOf(() => inFlight.enter())).to.equal('SHUTTING_DOWN');
    let isIdle = false;
    const idle = inFlight.idle().then(() => (isIdle = true));
    await Promise.resolve();
    expect(isIdle).to.equal(false);
    leave();
    await idle;
    await inFlight.idle();
  });
});

function codeOf(attempt: () => unknown): string {
  try {
    attempt();
    return 'taken';
  } catch (error) {
    return error instanceof Refusal ? error.code : 'failed';
  }
}
