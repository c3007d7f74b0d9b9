import { expect } from 'chai';
import { retryAfterMs } from '../../../adapters/http/retry-after.js';

describe('Retry-After', () => {
  const now = new Date('2026-11-23T10:00:00.000Z');
  const at = (header: string): string | undefined => {
    const after = retryAfterMs(header, now);
    return after === undefined ? undefined : new Date(now.getTime() + after).toISOString();
  };

  it('is seconds', () => {
    expect(['0', '2', '120', '007'].map((header) => retryAfterMs(header, now))).to.deep.equal([
      0, 2_000, 120_000, 7_000,
    ]);
    expect(retryAfterMs('9'.repeat(400), now)).to.equal(999_999_999_000);
  });

  it('is a date, from now, and nothing when that has passed', () => {
    expect(retryAfterMs('Mon, 23 Nov 2026 10:00:30 GMT', now)).to.equal(30_000);
    expect(retryAfterMs('Mon, 23 Nov 2026 09:59:30 GMT', now)).to.equal(0);
  });

  it('is a date in each of the three forms', () => {
    for (const header of [
      'Tue, 01 Dec 2026 10:00:30 GMT',
      'Tuesday, 01-Dec-26 10:00:30 GMT',
      'Tue Dec  1 10:00:30 2026',
      'Tue Dec 01 10:00:30 2026',
    ])
      expect(at(header), header).to.equal('2026-12-01T10:00:30.000Z');
  });

  it('reads a year of two digits as at most 50 years ahead', () => {
    expect(at('Monday, 23-Nov-76 10:00:00 GMT')).to.equal('2076-11-23T10:00:00.000Z');
    expect(retryAfterMs('Monday, 23-Nov-76 10:00:01 GMT', now)).to.equal(0);
    expect(retryAfterMs('Sunday, 06-Nov-94 08:49:37 GMT', now)).to.equal(0);
    const lateInCentury = new Date('2099-12-31T23:59:50.000Z');
    expect(retryAfterMs('Friday, 01-Jan-00 00:00:00 GMT', lateInCentury)).to.equal(10_000);
  });

  it('takes a leap second, and a leap day only where there is one', () => {
    expect(at('Thu, 31 Dec 2026 23:59:60 GMT')).to.equal('2027-01-01T00:00:00.000Z');
    expect(at('Tue, 29 Feb 2028 00:00:00 GMT')).to.equal('2028-02-29T00:00:00.000Z');
    expect(at('Mon, 29 Feb 2027 00:00:00 GMT')).to.equal(undefined);
  });

  it('is undefined when it is absent or neither', () => {
    for (const header of [
      undefined,
      '',
      ' 2',
      '-1',
      '2.5',
      '1e3',
      'soon',
      '2026-11-23T10:00:30Z',
      'Mon, 99 Nov 2026 10:00:30 GMT',
      'Mon, 23 Nov 2026 24:00:00 GMT',
      'Mon, 23 Nov 2026 10:60:00 GMT',
      'Mon, 23 Nov 2026 10:00:30 +0500',
      'Mon, 23 Nov 2026 10:00:30',
      'Mo, 23 Nov 2026 10:00:30 GMT',
      'Monday, 23-Nov-2026 10:00:30 GMT',
      'Mon Nov 23 10:00:30 26',
    ]) {
      expect(retryAfterMs(header, now), header).to.equal(undefined);
    }
  });
});
