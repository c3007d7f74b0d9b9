import { Temporal } from '@js-temporal/polyfill';
import { expect } from 'chai';
import fc from 'fast-check';
import { civilDates, systemClock } from '../../../gateway/compose/clock.js';

describe('civil dates of a zone', () => {
  const expected = (ms: number, zone: string): string =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate().toString();

  for (const zone of ['Asia/Almaty', 'America/New_York', 'UTC', 'Pacific/Apia'])
    it(`are those of ${zone} at every moment, whichever was asked before`, () => {
      const dateAt = civilDates(zone);
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 4_000_000_000 }),
          fc.array(fc.integer({ min: -1_500, max: 1_500 }), { minLength: 1, maxLength: 5 }),
          (second, steps) => {
            for (const step of steps) {
              const ms = second * 1_000 + step;
              expect(dateAt(ms)).to.equal(expected(ms, zone));
            }
          },
        ),
      );
    });

  it('change at midnight', () => {
    const dateAt = civilDates('Asia/Almaty');
    const midnight = Date.UTC(2026, 2, 1, 19);
    expect([dateAt(midnight - 1), dateAt(midnight), dateAt(midnight - 1)]).to.deep.equal([
      '2026-03-01',
      '2026-03-02',
      '2026-03-01',
    ]);
  });

  it('stand still where the configuration says the date', () => {
    expect(systemClock({ timeZone: 'UTC', factDate: '2026-03-01' }).factDate()).to.equal('2026-03-01');
  });
});
