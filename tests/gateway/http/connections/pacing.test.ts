import { expect } from 'chai';
import fc from 'fast-check';
import { Pacing, type Turn } from '../../../../gateway/http/connections/pacing.js';

/** Pacing at a set clock: what started, in order, and what was asked to be called later. */
function paced(perSecond: number) {
  let now = 0;
  let due: (() => void) | undefined;
  const started: string[] = [];
  const pacing = new Pacing({ perSecond, atOnce: 4, clock: { monotonic: () => now }, later: (call) => (due = call) });
  const add = (source: string, name = source): Turn => {
    const turn = { source, start: () => void started.push(name) };
    pacing.add(turn);
    return turn;
  };
  const pass = (ms: number): void => {
    now += ms;
    const call = due;
    due = undefined;
    call?.();
  };
  const startedSince = (act: () => void): readonly string[] => {
    const before = started.length;
    act();
    return started.slice(before);
  };
  return { pacing, add, pass, started, startedSince, isAsleep: () => due === undefined };
}

describe('Pacing', () => {
  it('starts what comes at once while the rate allows it, and the rest at the rate', () => {
    const { add, pass, startedSince, isAsleep } = paced(500);
    expect(startedSince(() => Array.from({ length: 20 }, () => add('a')))).to.have.length(4);
    expect(startedSince(() => pass(2))).to.have.length(1);
    expect(startedSince(() => pass(4))).to.have.length(2);
    expect(
      startedSince(() => pass(1_000)),
      'never more at once, however late',
    ).to.have.length(4);
    expect(startedSince(() => Array.from({ length: 9 }, () => pass(2)))).to.have.length(9);
    expect(isAsleep()).to.equal(true);
  });

  it('gives the sources turns one after the other, however many one of them asks for', () => {
    const { add, pass, startedSince } = paced(1_000);
    for (let count = 0; count < 50; count += 1) add('crowd');
    add('b');
    add('c');
    add('b', 'b again');
    expect(startedSince(() => Array.from({ length: 3 }, () => pass(2)))).to.deep.equal([
      ...['crowd', 'b', 'c', 'crowd', 'b again', 'crowd'],
    ]);
  });

  it('gives every second turn to sources from which a token was verified', () => {
    const { pacing, add, pass, startedSince } = paced(1_000);
    pacing.acquainted('agency');
    for (let number = 0; number < 2_000; number += 1) add(`127.1.0.${number}`, 'stranger');
    for (let count = 0; count < 3; count += 1) add('agency');
    expect(startedSince(() => Array.from({ length: 4 }, () => pass(2)))).to.deep.equal([
      ...['agency', 'stranger', 'agency', 'stranger', 'agency', 'stranger', 'stranger', 'stranger'],
    ]);
  });

  it('starts each once, in the order of its source, never faster than the rate, and none that was given up', () => {
    const step = fc.oneof(
      fc.record({ add: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ pass: fc.integer({ min: 0, max: 20 }) }),
      fc.record({ giveUp: fc.nat(30) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { pacing, add, pass, started } = paced(500);
        const turns: { readonly turn: Turn; readonly name: string }[] = [];
        const givenUp = new Set<string>();
        let passed = 0;
        for (const one of steps) {
          if ('add' in one) {
            const name = `${one.add} ${turns.length}`;
            turns.push({ name, turn: add(one.add, name) });
          } else if ('pass' in one) {
            passed += one.pass;
            pass(one.pass);
          } else {
            const { turn, name } = turns[one.giveUp] ?? {};
            if (turn === undefined || name === undefined || started.includes(name)) continue;
            pacing.delete(turn);
            givenUp.add(name);
          }
          expect(started.length).to.be.at.most(4 + passed / 2);
        }
        while (pacing.waiting > 0) pass(10);
        for (const source of ['a', 'b', 'c']) {
          const ofSource = (names: readonly string[]): readonly string[] =>
            names.filter((name) => name.startsWith(source) && !givenUp.has(name));
          expect(ofSource(started)).to.deep.equal(ofSource(turns.map(({ name }) => name)));
        }
        expect(started.filter((name) => givenUp.has(name))).to.deep.equal([]);
      }),
      { numRuns: 200 },
    );
  });
});
