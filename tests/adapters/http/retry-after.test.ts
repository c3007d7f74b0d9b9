import { expect } from 'chai';
import { retryAfterMs } from '../../../adapters/http/retry-after.js';

describe('Retry-After', () => {
  const now = new Date('2026-11-23T10:00:00.000Z');

  it('is seconds', () => {
    expect(['0', '2', '120'].map((header) => retryAfterMs(header, now))).to.deep.equal([0, 2_000, 120_000]);
  });

  it('is a date, from now, and nothing when that has passed', () => {
    expect(retryAfterMs('Mon, 23 Nov 2026 10:00:30 GMT', now)).to.equal(30_000);
    expect(retryAfterMs('Mon, 23 Nov 2026 09:59:30 GMT', now)).to.equal(0);
  });

  it('is undefined when it is absent or neither', () => {
    for (const header of [
      undefined,
      '',
      ' 2',
      '-1',
      '2.5',
      '1e3',
      '9'.repeat(10),
      'soon',
      '2026-11-23T10:00:30Z',
      'Mon, 99 Nov 2026 10:00:30 GMT',
      'Monday, 23-Nov-26 10:00:30 GMT',
    ]) {
      expect(retryAfterMs(header, now), header).to.equal(undefined);
    }
  });
});
