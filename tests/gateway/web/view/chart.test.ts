import { expect } from 'chai';
import { chartRange, createChart } from '../../../../gateway/web/view/chart.js';

const NOW = new Date('2026-11-23T10:20:00.000Z');
const NONE = { answered: 0, failed: 0, unknown: 0, refused: 0, act: 0, read: 0 };

describe('a chart of counts', () => {
  for (const [what, asked, range] of [
    ['the last 72 hours', {}, ['2026-11-20T11:00:00.000Z', '2026-11-23T11:00:00.000Z']],
    [
      'from a later time',
      { since: '2026-11-23T08:30:00.000Z' },
      ['2026-11-23T08:00:00.000Z', '2026-11-23T11:00:00.000Z'],
    ],
    [
      'the end of a longer range',
      { since: '2026-01-01T00:00:00.000Z', until: '2026-02-01T00:00:00.000Z' },
      ['2026-01-29T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
    ],
    ['nothing that has not come', { since: '2027-01-01T00:00:00.000Z' }, undefined],
  ] as const)
    it(`covers ${what}`, () => {
      const found = chartRange(asked, NOW);
      expect(found && [found.since, found.until]).to.deep.equal(range);
    });

  it('stacks the decisions of an hour, and has the same numbers in its rows', () => {
    const hours = [
      { hour: '2026-11-23T08:00:00.000Z', counts: { ...NONE, answered: 3, refused: 1 } },
      { hour: '2026-11-23T10:00:00.000Z', counts: { ...NONE, answered: 2 } },
    ];
    const chart = createChart({ hours }, { since: '2026-11-23T08:00:00.000Z', until: '2026-11-23T11:00:00.000Z' });
    expect(chart.bars).to.deep.equal([
      { x: 0, y: 35, width: 239, height: 105, decision: 'answered' },
      { x: 0, y: 0, width: 239, height: 35, decision: 'refused' },
      { x: 480, y: 70, width: 239, height: 70, decision: 'answered' },
    ]);
    expect([chart.total, chart.most, chart.decisions]).to.deep.equal([6, 4, ['answered', 'refused']]);
    expect(chart.rows.map(({ numbers }) => numbers)).to.deep.equal([
      [3, 1],
      [2, 0],
    ]);
  });

  it('of nothing has no bars', () => {
    const chart = createChart({ hours: [] }, { since: '2026-11-23T08:00:00.000Z', until: '2026-11-23T11:00:00.000Z' });
    expect([chart.total, chart.bars, chart.rows]).to.deep.equal([0, [], []]);
  });
});
