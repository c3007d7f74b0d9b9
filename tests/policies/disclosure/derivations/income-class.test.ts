import { expect } from 'chai';
import { incomeClass } from '../../../../policies/disclosure/derivations/income-class.js';

const context = { factDate: '2026-03-02', receiver: 'r', caseNumber: 'c' };
const classOf = (averageMonthlyIncome: unknown): unknown => incomeClass({ averageMonthlyIncome }, context);

describe('incomeClass', () => {
  it('is told from the average alone, at its bounds', () => {
    const classes = [
      ['0', 'NONE'],
      ['0.00', 'NONE'],
      ['0.01', 'LOW'],
      ['169999.99', 'LOW'],
      ['170000', 'MIDDLE'],
      ['594999.99', 'MIDDLE'],
      ['595000.00', 'HIGH'],
      ['900000000', 'HIGH'],
    ];
    for (const [average, expected] of classes) expect(classOf(average), average).to.equal(expected);
  });

  it('is null without an average that can be one', () => {
    for (const average of [undefined, null, '', '-1.00', '1e5', 'much', 170_000, ['170000'], '1.234', '9'.repeat(16)])
      expect(classOf(average), String(average)).to.equal(null);
    expect(incomeClass({}, context)).to.equal(null);
  });
});
