import { expect } from 'chai';
import { zoneOffsets } from '../../../schemas/time/zone-offset.js';

const HOUR_MS = 3_600_000;

describe('offset of a zone', () => {
  it('is the same whether an instant was asked about before or not, also when the clocks change', () => {
    const kept = zoneOffsets('Europe/Riga');
    // Around 29 March 2026, 01:00 UTC, in steps of a little more than a second, more than are remembered.
    const change = Date.parse('2026-03-29T01:00:00Z');
    const instants = Array.from({ length: 600 }, (_, step) => change + (step - 300) * 1_007);
    for (const instant of [...instants, ...instants.toReversed()])
      expect(kept(instant)).to.equal(instant < change ? 2 * HOUR_MS : 3 * HOUR_MS);
  });

  it('is that of the second in which an instant is, before 1970 too', () => {
    const offsetAt = zoneOffsets('Asia/Almaty');
    // The mean time of the place, until 1924.
    expect(offsetAt(Date.parse('1920-01-01T00:00:00.999Z'))).to.equal((5 * 60 + 7) * 60_000 + 48_000);
    expect(offsetAt(Date.parse('2026-11-30T00:00:00.001Z'))).to.equal(5 * HOUR_MS);
  });
});
