import { expect } from 'chai';
import { SCALARS } from '../../../schemas/scalars/scalars.js';

const CASES: Readonly<Record<string, { readonly good: readonly string[]; readonly bad: readonly unknown[] }>> = {
  Bin: { good: ['000440981532'], bad: ['000440981531', '001340981532', '00044098153', 440981532, null] },
  Iin: { good: ['800101390011'], bad: ['800101390012', '80010139001', 800101390011, null, ['800101390011']] },
  LocalDate: {
    good: ['2024-02-29', '1899-12-31'],
    bad: ['2023-02-29', '2024-2-1', '2024-13-01', '20240101', 20240101],
  },
  Instant: {
    good: ['2026-03-02T07:00:00Z', '2026-03-02T12:00:00.123+05:00'],
    bad: ['2026-03-02', '2026-02-30T10:00:00Z', '2026-03-02T07:00:00', 1_772_434_800_000],
  },
  Decimal: { good: ['6.00', '-1', '0.5'], bad: ['1e5', '.5', '1.', 'NaN', 6, '1'.repeat(41)] },
  PersonHandle: {
    good: [`ph_${'A'.repeat(43)}`],
    bad: ['A'.repeat(43), `ph_${'A'.repeat(42)}`, `ph_${'A'.repeat(44)}`, `ph_${'A'.repeat(42)}=`, 1],
  },
};

describe('scalars', () => {
  for (const [name, { good, bad }] of Object.entries(CASES)) {
    const scalar = SCALARS.get(name);

    it(`${name} takes its texts as they are`, () => {
      for (const text of good) {
        expect(scalar?.parseValue(text)).to.equal(text);
        expect(scalar?.serialize(text)).to.equal(text);
      }
    });

    it(`${name} refuses everything else, always in the same words`, () => {
      for (const value of bad) {
        expect(() => scalar?.parseValue(value), String(value)).to.throw(new RegExp(`^not a valid ${name}$`));
        expect(() => scalar?.serialize(value), String(value)).to.throw(new RegExp(`^not a valid ${name}$`));
      }
    });
  }
});
