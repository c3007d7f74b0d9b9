import { expect } from 'chai';
import { checkDigit } from '../../../schemas/identifiers/iin.js';
import { Numeral } from '../../../schemas/numeral.js';
import { RULES } from '../../../schemas/quality/rules/rules.js';

const complete = (eleven: string): string => `${eleven}${String(checkDigit(eleven))}`;
const MAN = complete('80010139001');

interface RuleCase {
  readonly use: Record<string, unknown>;
  readonly holds: readonly Record<string, unknown>[];
  readonly breaks: readonly Record<string, unknown>[];
}

const CASES: Readonly<Record<string, RuleCase>> = {
  'above-zero': {
    use: { field: 'a' },
    holds: [{ a: '0.01' }, { a: 5 }, { a: new Numeral('1e-400') }],
    breaks: [{ a: '0' }, { a: '-1' }, { a: 'wide' }, { a: '' }, { a: new Numeral('-0.0') }],
  },
  'bin-check-digit': {
    use: { field: 'b' },
    holds: [{ b: '000440981532' }],
    breaks: [{ b: '000440981531' }, { b: '001340981532' }, { b: '00044098153' }, { b: '' }],
  },
  'birth-date-matches-iin': {
    use: { date: 'd', iin: 'i' },
    holds: [{ d: '1980-01-01', i: MAN }],
    breaks: [
      { d: '1990-01-01', i: MAN },
      { d: '1980-01-01', i: 'none' },
    ],
  },
  'dates-in-order': {
    use: { earlier: 'e', later: 'l' },
    holds: [
      { e: '2020-01-01', l: '2020-01-01' },
      { e: '2019-12-31', l: '2020-01-01' },
    ],
    breaks: [{ e: '2020-01-02', l: '2020-01-01' }],
  },
  'iin-check-digit': {
    use: { field: 'i' },
    holds: [{ i: MAN }],
    breaks: [{ i: `${MAN.slice(0, 11)}${(Number(MAN[11]) + 1) % 10}` }, { i: '' }],
  },
  'not-after-today': {
    use: { field: 'd' },
    holds: [{ d: '2026-03-02' }, { d: 2026 }],
    breaks: [{ d: '2026-03-03' }, { d: 2027 }],
  },
  'not-negative': {
    use: { field: 'a' },
    holds: [{ a: '0' }, { a: '0.00' }, { a: '12.50' }, { a: new Numeral('-0') }],
    breaks: [{ a: '-0.01' }, { a: 'much' }, { a: '' }, { a: new Numeral('-1e-400') }],
  },
  'one-script': {
    use: { field: 't' },
    holds: [{ t: 'Әбілқайыр' }, { t: 'Smith' }, { t: '' }],
    breaks: [{ t: 'Cмирнов' }],
  },
  'present-when': {
    use: { field: 'd', when: 's', equals: 'DECEASED' },
    holds: [
      { s: 'ALIVE', d: null },
      { s: 'DECEASED', d: '2020-01-01' },
    ],
    breaks: [{ s: 'DECEASED', d: null }, { s: 'DECEASED' }],
  },
  'sex-matches-iin': { use: { sex: 's', iin: 'i' }, holds: [{ s: 'M', i: MAN }], breaks: [{ s: 'F', i: MAN }] },
  'share-at-most-whole': {
    use: { field: 's' },
    holds: [{ s: '1/1' }, { s: '1/3' }],
    breaks: [{ s: '3/2' }, { s: '0/1' }, { s: '1/0' }, { s: 'half' }],
  },
  'updated-within': {
    use: { field: 't', days: 10 },
    holds: [{ t: '2026-02-20T00:00:00Z' }],
    breaks: [{ t: '2026-02-19T23:59:59Z' }, { t: 'never' }],
  },
};

describe('quality rules', () => {
  it('each have a case here', () => {
    expect(Object.keys(CASES).sort()).to.deep.equal([...RULES.keys()].sort());
  });

  for (const [name, { use, holds, breaks }] of Object.entries(CASES)) {
    const rule = RULES.get(name) ?? expect.fail(`no rule ${name}`);
    it(`${name} holds`, () => {
      for (const record of holds)
        expect(rule.holds(record, use, { factDate: '2026-03-02' }), JSON.stringify(record)).to.equal(true);
    });
    it(`${name} breaks`, () => {
      for (const record of breaks)
        expect(rule.holds(record, use, { factDate: '2026-03-02' }), JSON.stringify(record)).to.equal(false);
    });
    it(`${name} needs its arguments`, () => {
      expect(() => rule.inputs({})).to.throw();
    });
  }
});
