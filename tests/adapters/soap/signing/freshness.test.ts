import { expect } from 'chai';
import { freshUntil, type MessageTimes } from '../../../../adapters/soap/signing/freshness.js';
import { SignatureRefused } from '../../../../adapters/soap/signing/port.js';

const NOW = new Date('2026-03-01T10:00:00Z');
const MINUTE = 60_000;
const until = (times: MessageTimes, maxAgeMs?: number): number =>
  (freshUntil(times, NOW, maxAgeMs) - NOW.getTime()) / MINUTE;

describe('freshness', () => {
  it('ends with the greatest age, or a minute after Expires', () => {
    const created = '2026-03-01T09:58:00Z';
    expect(until({ created })).to.equal(3);
    expect(until({ created }, 10 * MINUTE)).to.equal(8);
    expect(until({ created, expires: '2026-03-01T10:00:30Z' })).to.equal(1.5);
    expect(until({ created, expires: '2027-03-01T10:00:00Z' })).to.equal(3);
  });

  it('reads zones, and fractions of any length', () => {
    for (const created of [
      '2026-03-01T15:00:00+05:00',
      '2026-03-01T10:00:00.0Z',
      '2026-03-01T10:00:00.000000000001Z',
      '\n2026-03-01T10:00:00Z ',
      '2026-02-28T23:00:00-11:00',
    ])
      expect(until({ created }), created).to.equal(5);
  });

  const refused = (times: MessageTimes, reason: string): void => {
    expect(() => until(times), JSON.stringify(times))
      .to.throw(SignatureRefused)
      .with.property('reason', reason);
  };

  it('is missing without a moment that says its zone', () => {
    for (const created of [undefined, '', '2026-03-01', '2026-03-01T10:00:00', '2026-02-30T10:00:00Z', '10:00:00Z'])
      refused({ created }, 'timestamp_missing');
    for (const expires of ['', 'never', '2026-03-01T10:05:00'])
      refused({ created: '2026-03-01T10:00:00Z', expires }, 'timestamp_missing');
  });

  it('is stale when it is too old, past its end, from a time to come, or ends before it begins', () => {
    for (const created of ['2026-03-01T09:54:59.999Z', '2026-03-01T10:05:00.001Z', '2026-03-01T15:00:00Z'])
      refused({ created }, 'timestamp_stale');
    refused({ created: '2026-03-01T09:58:00Z', expires: '2026-03-01T09:58:59Z' }, 'timestamp_stale');
    refused({ created: '2026-03-01T10:00:00Z', expires: '2026-03-01T10:00:00Z' }, 'timestamp_stale');
  });
});
