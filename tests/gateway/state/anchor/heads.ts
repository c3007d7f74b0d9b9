import fc from 'fast-check';
import { EMPTY_HEAD, type Head } from '../../../../gateway/state/anchor/head.js';

/** A leaf hash that differs for different words. */
export const leafOf = (word: string): string => Buffer.from(word.padEnd(32, '.')).toString('hex').slice(0, 64);

/** A head of the first epoch, by sizes of logs. */
export const headOf = (logs: Readonly<Record<string, number>>, more: Partial<Head> = {}): Head => ({
  ...EMPTY_HEAD,
  logs: new Map(Object.entries(logs).map(([log, size]) => [log, { size, leaf: leafOf(`${log} ${size}`) }])),
  ...more,
});

/** Heads of few logs, sizes and epochs, so that they often meet. */
export const anyHead: fc.Arbitrary<Head> = fc
  .record({
    epoch: fc.nat(2),
    sizes: fc.dictionary(fc.constantFrom('tereze/0', 'tereze/1', 'tereze/2'), fc.integer({ min: 1, max: 4 })),
    restrictions: fc.nat(5),
    starts: fc.uniqueArray(fc.tuple(fc.nat(2), fc.nat(5)), { selector: ([epoch]) => epoch }),
    journalFrom: fc.integer({ min: 1, max: 5 }),
    checkpoints: fc.dictionary(
      fc.constantFrom('tereze/0', 'tereze/1'),
      fc.record({ size: fc.integer({ min: 1, max: 3 }), root: fc.constantFrom(leafOf('a'), leafOf('b'), null) }),
    ),
  })
  .map(({ epoch, sizes, restrictions, starts, journalFrom, checkpoints }) => ({
    ...headOf(sizes),
    epoch,
    restrictions,
    epochStarts: new Map(starts),
    journalFrom,
    checkpoints: new Map(Object.entries(checkpoints)),
  }));
