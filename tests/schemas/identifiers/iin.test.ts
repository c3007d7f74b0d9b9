import { expect } from 'chai';
import { ageClassOf, birthDateOf, checkDigit, isIin, sexOf } from '../../../schemas/identifiers/iin.js';

const complete = (eleven: string): string => `${eleven}${String(checkDigit(eleven))}`;

describe('iin', () => {
  it('accepts a number of the first pass and refuses it with another check digit', () => {
    const iin = complete('80010139001');
    expect(isIin(iin)).to.equal(true);
    expect(isIin(iin.slice(0, 11) + String((Number(iin[11]) + 1) % 10))).to.equal(false);
  });

  it('uses the second pass where the first gives ten', () => {
    const serials = Array.from({ length: 1000 }, (_, n) => `8001013${String(9000 + n)}`);
    const firstPass = (digits: string): number => [...digits].reduce((sum, d, i) => sum + Number(d) * (i + 1), 0) % 11;
    const second = serials.filter((digits) => firstPass(digits) === 10);
    expect(second).to.not.have.length(0);
    for (const digits of second) {
      const digit = checkDigit(digits);
      if (digit !== undefined) expect(isIin(`${digits}${digit}`)).to.equal(true);
    }
  });

  it('refuses other lengths, other digits and dates that do not exist', () => {
    for (const text of [
      '',
      '1',
      'a'.repeat(12),
      '٨٠٠١٠١٣٠٩٠٠١',
      complete('80023039000'),
      `${complete('80010139001')} `,
    ]) {
      expect(isIin(text), text).to.equal(false);
    }
  });

  it('reads birth date and sex', () => {
    expect(birthDateOf(complete('04022969000'))).to.equal('2004-02-29');
    expect(birthDateOf(complete('80010139000'))).to.equal('1980-01-01');
    expect(sexOf(complete('80010139000'))).to.equal('M');
    expect(sexOf(complete('80010149000'))).to.equal('F');
  });

  it('changes the age class on the eighteenth birthday', () => {
    const iin = complete('08030259000');
    expect(ageClassOf(iin, '2026-03-01')).to.equal('minor');
    expect(ageClassOf(iin, '2026-03-02')).to.equal('adult');
  });

  it('takes a number that states no date, or a date to come, for an adult', () => {
    expect(ageClassOf('000000000000', '2026-03-02')).to.equal('adult');
    expect(ageClassOf(complete('40010159000'), '2026-03-02')).to.equal('adult');
  });
});
