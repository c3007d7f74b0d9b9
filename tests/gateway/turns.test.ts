import { expect } from 'chai';
import { Turns } from '../../gateway/turns.js';

/** Turns of an event loop that a test moves on by hand, and the stages that started. */
function loop() {
  const later: (() => void)[] = [];
  const started: string[] = [];
  const turns = new Turns((call) => later.push(call));
  return {
    started,
    isIdle: () => later.length === 0,
    start(caller: string, weight = 1): void {
      const turn = turns.next({ caller, weight });
      if (turn === undefined) started.push(caller);
      else void turn.then(() => started.push(caller));
    },
    async turn(): Promise<void> {
      later.splice(0).forEach((call) => call());
      await Promise.resolve();
    },
  };
}

const times = (number: number, act: () => void): void => Array.from({ length: number }, act).forEach(() => undefined);

describe('Turns', () => {
  it('starts a stage at once while few of them start', () => {
    const { start, started } = loop();
    start('a');
    start('b');
    expect(started).to.deep.equal(['a', 'b']);
  });

  it('starts at most four stages in a turn, and all in the end', async () => {
    const { start, started, turn } = loop();
    times(10, () => start('a'));
    expect(started).to.have.length(4);
    await turn();
    expect(started).to.have.length(8);
    await turn();
    expect(started).to.have.length(10);
  });

  it('starts the stage of another caller before most of those that a caller has waiting', async () => {
    const { start, started, turn } = loop();
    times(64, () => start('crowd'));
    await turn();
    await turn();
    start('steady');
    await turn();
    expect(started.slice(12), 'in the next turn').to.include('steady');
  });

  it('shares the turns evenly among callers that all have stages waiting, however many each has', async () => {
    const { start, started, turn } = loop();
    times(60, () => start('a'));
    times(20, () => start('b'));
    times(20, () => start('c'));
    for (let number = 0; number < 9; number += 1) await turn();
    const count = (caller: string): number => started.slice(4).filter((other) => other === caller).length;
    expect([count('a'), count('b'), count('c')]).to.deep.equal([12, 12, 12]);
  });

  it('gives a caller of weight 3 three times as many', async () => {
    const { start, started, turn } = loop();
    times(60, () => start('a', 3));
    times(60, () => start('b'));
    for (let number = 0; number < 10; number += 1) await turn();
    expect(started.slice(4).filter((caller) => caller === 'a')).to.have.length(30);
  });

  it('lets no caller save up turns while it asks for none', async () => {
    const { start, started, turn } = loop();
    times(100, () => start('a'));
    for (let number = 0; number < 10; number += 1) await turn();
    times(40, () => start('b'));
    const before = started.length;
    for (let number = 0; number < 5; number += 1) await turn();
    expect(started.slice(before).filter((caller) => caller === 'a')).to.have.length.within(9, 11);
  });

  it('starts the stages of one caller in the order in which they came', async () => {
    const order: number[] = [];
    const later: (() => void)[] = [];
    const turns = new Turns((call) => later.push(call));
    for (let number = 0; number < 12; number += 1) {
      const turn = turns.next({ caller: 'a', weight: 1 });
      if (turn === undefined) order.push(number);
      else void turn.then(() => order.push(number));
    }
    while (later.length > 0) {
      later.splice(0).forEach((call) => call());
      await Promise.resolve();
    }
    expect(order).to.deep.equal(Array.from({ length: 12 }, (_, number) => number));
  });

  it('asks for no more turns once nothing starts', async () => {
    const { start, turn, isIdle } = loop();
    times(6, () => start('a'));
    for (let number = 0; number < 4; number += 1) await turn();
    expect(isIdle()).to.equal(true);
  });
});
