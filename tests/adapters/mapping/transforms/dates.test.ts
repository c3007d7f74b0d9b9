import { Temporal } from '@js-temporal/polyfill';
import { expect } from 'chai';
import fc from 'fast-check';
import { dateReader, instantReader } from '../../../../adapters/mapping/transforms/dates.js';
import { VALUE_TYPE } from '../../../../adapters/mapping/value-fault.js';

const two = (number: number): string => String(number).padStart(2, '0');

describe('the transform date', () => {
  it('reads every day there is, and no other', () => {
    const dotted = dateReader('dd.MM.yyyy');
    const short = dateReader('d/M/yyyy');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.nat(13), fc.nat(33), (year, month, day) => {
        const exists = isDay(year, month, day);
        const iso = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
        const yyyy = iso.slice(0, 4);
        expect(dotted(`${two(day)}.${two(month)}.${yyyy}`)).to.equal(exists ? iso : VALUE_TYPE);
        expect(short(`${day}/${month}/${yyyy}`)).to.equal(exists ? iso : VALUE_TYPE);
        expect(dateReader()(iso)).to.equal(exists ? iso : VALUE_TYPE);
      }),
    );
  });

  it('takes whole texts of its form only', () => {
    const dotted = dateReader('dd.MM.yyyy');
    for (const value of [
      '1.02.2003',
      '01.02.03',
      ' 01.02.2003',
      '01.02.2003\n',
      '01-02-2003',
      '01x02x2003',
      20030201,
      null,
      true,
      {},
    ])
      expect(dotted(value), String(value)).to.equal(VALUE_TYPE);
    expect(dateReader()('2001-02-03Z')).to.equal(VALUE_TYPE);
  });

  it('leaves out a zone only where the mapping says so, and a time only at midnight', () => {
    const dropping = dateReader(undefined, 'drop');
    for (const zone of ['', 'Z', '+05:00', '-11:30']) expect(dropping(`2001-02-03${zone}`)).to.equal('2001-02-03');
    expect(dropping('2001-02-03 +05:00')).to.equal(VALUE_TYPE);
    const timed = dateReader("yyyy-MM-dd'T'HH:mm:ss");
    expect(timed('2001-02-03T00:00:00')).to.equal('2001-02-03');
    expect(timed('2001-02-03T12:00:00')).to.equal(VALUE_TYPE);
  });
});

function isDay(year: number, month: number, day: number): boolean {
  try {
    Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}

describe('the transform instant', () => {
  const ZONES = ['Asia/Almaty', 'Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca', 'UTC'];

  it('reads local times as Temporal does, and refuses those that clocks skip or show twice', () => {
    const readers = new Map(ZONES.map((zone) => [zone, instantReader('dd.MM.yyyy HH:mm:ss', zone)]));
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), localTimes(), (zone, local) => {
        expect(readers.get(zone)?.(dotted(local)), `${zone} ${dotted(local)}`).to.equal(expected(local, zone));
      }),
      { numRuns: 400 },
    );
  });

  it('refuses both sides of every change of clocks, and nothing beside it', () => {
    for (const [zone, skipped, twice] of [
      ['Europe/Paris', '2024-03-31T02:30:00', '2024-10-27T02:30:00'],
      ['America/New_York', '2024-03-10T02:00:00', '2024-11-03T01:59:59'],
      ['Australia/Lord_Howe', '2024-10-06T02:29:59', '2024-04-07T01:30:00'],
    ] as const) {
      const read = instantReader("yyyy-MM-dd'T'HH:mm:ss", zone);
      expect(read(skipped), zone).to.equal(VALUE_TYPE);
      expect(read(twice), zone).to.equal(VALUE_TYPE);
    }
    const paris = instantReader("yyyy-MM-dd'T'HH:mm:ss", 'Europe/Paris');
    expect(paris('2024-03-31T01:59:59')).to.equal('2024-03-31T00:59:59Z');
    expect(paris('2024-03-31T03:00:00')).to.equal('2024-03-31T01:00:00Z');
    // Kazakhstan moved its clocks back by an hour.
    const almaty = instantReader("yyyy-MM-dd'T'HH:mm:ss", 'Asia/Almaty');
    expect(almaty('2024-02-29T22:59:59')).to.equal('2024-02-29T16:59:59Z');
    expect(almaty('2024-02-29T23:30:00')).to.equal(VALUE_TYPE);
    expect(almaty('2024-03-01T00:00:00')).to.equal('2024-02-29T19:00:00Z');
  });

  it('reads epochs, as numbers and as texts', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (ms) => {
        const made = instantReader('epoch_ms')(ms);
        expect(Date.parse(String(made))).to.equal(ms);
        expect(instantReader('epoch_ms')(String(ms))).to.equal(made);
        const seconds = Math.trunc(ms / 1_000);
        expect(Date.parse(String(instantReader('epoch_s')(seconds)))).to.equal(seconds * 1_000);
      }),
    );
    for (const value of [1.5, '1.5', '', ' 1', '1e3', 253_402_300_800_000, -62_135_596_800_001, true, {}])
      expect(instantReader('epoch_ms')(value), String(value)).to.equal(VALUE_TYPE);
  });

  it('reads offsets, and keeps the digits of a fraction', () => {
    const read = instantReader("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    expect(read('2026-03-01T10:00:00.500+05:00')).to.equal('2026-03-01T05:00:00.500Z');
    expect(read('2026-03-01T10:00:00.500Z')).to.equal('2026-03-01T10:00:00.500Z');
    for (const wrong of [
      '2026-03-01T10:00:00.500',
      '2026-03-01T24:00:00.500Z',
      '2026-02-29T10:00:00.500Z',
      '2026-03-01T10:00:00.500+19:00',
      '2026-03-01T10:60:00.500Z',
    ])
      expect(read(wrong), wrong).to.equal(VALUE_TYPE);
    expect(instantReader('yyyyMMddHHmmssXX')('20260301100000+0530')).to.equal('2026-03-01T04:30:00Z');
  });

  it('leaves a moment of RFC 3339 as it is, and reads one without an offset in its zone', () => {
    expect(instantReader()('2026-03-01T10:00:00.12+05:00')).to.equal('2026-03-01T10:00:00.12+05:00');
    expect(instantReader()('2026-03-01T10:00:00')).to.equal(VALUE_TYPE);
    const zoned = instantReader(undefined, '+05:00');
    expect(zoned('2026-03-01T10:00:00.12')).to.equal('2026-03-01T05:00:00.12Z');
    // As SQL writes it.
    expect(zoned('2026-03-01 10:00:00.12')).to.equal('2026-03-01T05:00:00.12Z');
    expect(zoned('2026-03-01T10:00:00Z')).to.equal('2026-03-01T10:00:00Z');
    expect(zoned('2026-03-01')).to.equal(VALUE_TYPE);
  });
});

/** Local times of the last hundred years; half of them on hours near which clocks change. */
function localTimes(): fc.Arbitrary<Temporal.PlainDateTime> {
  return fc
    .record({
      year: fc.integer({ min: 1930, max: 2035 }),
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 28 }),
      hour: fc.oneof(fc.nat(23), fc.nat(3)),
      minute: fc.nat(59),
      second: fc.nat(59),
    })
    .map((parts) => Temporal.PlainDateTime.from(parts));
}

function dotted({ year, month, day, hour, minute, second }: Temporal.PlainDateTime): string {
  return `${two(day)}.${two(month)}.${year} ${two(hour)}:${two(minute)}:${two(second)}`;
}

function expected(local: Temporal.PlainDateTime, zone: string): unknown {
  try {
    return local.toZonedDateTime(zone, { disambiguation: 'reject' }).toInstant().toString();
  } catch {
    return VALUE_TYPE;
  }
}
