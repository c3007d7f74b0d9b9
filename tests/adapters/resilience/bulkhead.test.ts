import { expect } from 'chai';
import { Bulkhead } from '../../../adapters/resilience/bulkhead.js';
import { rejection } from '../../rejection.js';

class TurnedAway extends Error {}

describe('the bulkhead', () => {
  const turnedAway = (): Error => new TurnedAway();
  const gate = () => {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    return { opened, open: () => open() };
  };

  it('lets so many in at once, the next ones in their order', async () => {
    const bulkhead = new Bulkhead(2, 2);
    const gates = [gate(), gate(), gate(), gate()];
    const started: number[] = [];
    const runs = gates.map(({ opened }, number) =>
      bulkhead.run(
        async () => {
          started.push(number);
          await opened;
        },
        1_000,
        turnedAway,
      ),
    );
    await Promise.resolve();
    expect(started).to.deep.equal([0, 1]);
    gates[1]?.open();
    await runs[1];
    await new Promise(setImmediate);
    expect(started).to.deep.equal([0, 1, 2]);
    for (const { open } of gates) open();
    await Promise.all(runs);
    expect(started).to.deep.equal([0, 1, 2, 3]);
  });

  it('turns away at once whoever finds the queue full', async () => {
    const bulkhead = new Bulkhead(1, 0);
    const { opened, open } = gate();
    const first = bulkhead.run(() => opened, 1_000, turnedAway);
    expect(await rejection(bulkhead.run(async () => undefined, 1_000, turnedAway))).to.be.instanceOf(TurnedAway);
    open();
    await first;
    expect(await bulkhead.run(async () => 'in', 1_000, turnedAway)).to.equal('in');
  });

  it('turns away whoever waited too long, and gives the place to the next', async () => {
    const bulkhead = new Bulkhead(1, 2);
    const { opened, open } = gate();
    const first = bulkhead.run(() => opened, 1_000, turnedAway);
    const impatient = bulkhead.run(async () => 'never', 10, turnedAway);
    const patient = bulkhead.run(async () => 'in', 1_000, turnedAway);
    expect(await rejection(impatient)).to.be.instanceOf(TurnedAway);
    open();
    await first;
    expect(await patient).to.equal('in');
  });

  it('frees the place of a failure', async () => {
    const bulkhead = new Bulkhead(1, 0);
    expect(
      await rejection(bulkhead.run(() => Promise.reject(new Error('broken')), 1_000, turnedAway)),
    ).to.have.property('message', 'broken');
    expect(await bulkhead.run(async () => 'in', 1_000, turnedAway)).to.equal('in');
  });
});
