import { Temporal } from '@js-temporal/polyfill';
import { expect } from 'chai';
import fc from 'fast-check';
import { join } from 'node:path';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { loadQuality } from '../../../schemas/quality/load-quality.js';
import { SCALARS } from '../../../schemas/scalars/scalars.js';
import { instantMs, isInstant } from '../../../schemas/time/instant.js';
import { INSTANTS, NO_INSTANTS } from './instants.js';
import { sharedContracts } from '../../shared-contracts.js';

/** Texts in a run; `INSTANT_TEXTS` asks for more, `INSTANT_SEED` for the same again. */
const TEXTS = Number(process.env['INSTANT_TEXTS'] ?? 1_000);
const SEED = Number(process.env['INSTANT_SEED'] ?? Math.floor(Date.now() / 1000));

const digits = (length: number, max: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max }).map((value) => String(value).padStart(length, '0'));

/** RFC 3339 with each part up to a little more than there is, without leap seconds. */
const parts = fc.record({
  year: fc.oneof(digits(4, 9999), fc.constantFrom('0000', '1900', '1969', '2000', '2024', '9999')),
  month: digits(2, 13),
  day: fc.oneof(digits(2, 32), fc.constantFrom('28', '29', '30', '31')),
  hour: digits(2, 25),
  minute: digits(2, 61),
  second: digits(2, 59),
  fraction: fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,9}$/)),
  offset: fc.oneof(
    fc.constantFrom('Z', 'z', '-00:00', '+00:00'),
    fc.tuple(fc.constantFrom('+', '-'), digits(2, 25), digits(2, 61)).map(([sign, h, m]) => `${sign}${h}:${m}`),
  ),
  separator: fc.constantFrom('T', 't'),
});

const byTemporal = (text: string): number | undefined => {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return undefined;
  }
};

const quality = await loadQuality(
  join(packageRoot(), 'schemas', 'registers'),
  { factDate: () => '2026-03-02' },
  sharedContracts,
);

describe('an instant', () => {
  const scalar = SCALARS.get('Instant') ?? expect.fail('there is no such scalar');
  const contract = quality.prepare('population', 'Citizen', ['recordUpdatedAt']) ?? expect.fail('no contract');
  const isTaken = (work: () => unknown): boolean => {
    try {
      work();
      return true;
    } catch {
      return false;
    }
  };
  const byAll = (text: string): readonly boolean[] => [
    isInstant(text),
    isTaken(() => scalar.parseValue(text)),
    isTaken(() => scalar.serialize(text)),
    !contract.check({ recordUpdatedAt: text }).findings.some(({ rule }) => rule.endsWith('#format')),
  ];

  for (const text of INSTANTS)
    it(`${text} is one, for the scalar and for the contract`, () => {
      expect(byAll(text)).to.deep.equal([true, true, true, true]);
    });
  for (const text of NO_INSTANTS)
    it(`${JSON.stringify(text)} is none, for the scalar and for the contract`, () => {
      expect(byAll(text)).to.deep.equal([false, false, false, false]);
    });

  it(`is what Temporal takes, at the same millisecond (seed ${SEED})`, () => {
    let taken = 0;
    fc.assert(
      fc.property(parts, ({ year, month, day, hour, minute, second, fraction, offset, separator }) => {
        const text = `${year}-${month}-${day}${separator}${hour}:${minute}:${second}${fraction}${offset}`;
        const moment = instantMs(text);
        if (moment !== undefined) taken += 1;
        expect(moment, text).to.equal(byTemporal(text));
      }),
      { numRuns: TEXTS, seed: SEED },
    );
    expect(taken).to.be.greaterThan(TEXTS / 4);
  });

  it('counts a leap second as the second after it', () => {
    expect(instantMs('2016-12-31T23:59:60.25Z')).to.equal(Date.parse('2017-01-01T00:00:00.250Z'));
    expect(instantMs('2015-06-30T16:59:60-07:00')).to.equal(Date.parse('2015-07-01T00:00:00Z'));
  });
});
