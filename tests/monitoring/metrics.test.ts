import { expect } from 'chai';
import { createMetrics } from '../../monitoring/metrics.js';
import type { CounterName } from '../../schemas/ports/observer.js';

describe('metrics', () => {
  it('counts by the labels that a counter declares', async () => {
    const metrics = createMetrics();
    metrics.count('tereze_records_total', { register: 'population', verdict: 'pass' });
    metrics.count('tereze_records_total', { register: 'population', verdict: 'pass' });
    expect(await metrics.text()).to.include('tereze_records_total{register="population",verdict="pass"} 2');
  });

  it('adds a number to a counter at once', async () => {
    const metrics = createMetrics();
    metrics.count('tereze_records_total', { register: 'population', verdict: 'pass' }, 50);
    metrics.count('tereze_records_total', { register: 'population', verdict: 'pass' });
    expect(await metrics.text()).to.include('tereze_records_total{register="population",verdict="pass"} 51');
  });

  it('says `none` for a label that was not given, and ignores one that is not declared', async () => {
    const metrics = createMetrics();
    metrics.count('tereze_withheld_total', { person: 'x' });
    expect(await metrics.text()).to.include('tereze_withheld_total{code="none"} 1');
  });

  for (const value of ['900101390008', 'x900101390008', 'Ахметов', 'two words', '', 'x'.repeat(65), 'a"b\nc']) {
    it(`counts ${JSON.stringify(value.slice(0, 20))} as other: it is no word of a closed set`, async () => {
      const metrics = createMetrics();
      metrics.count('tereze_withheld_total', { code: value });
      expect((await metrics.text()).match(/^tereze_withheld_total\{.*/gm)).to.deep.equal([
        'tereze_withheld_total{code="other"} 1',
      ]);
    });
  }

  it('measures durations in seconds, and ignores what is none', async () => {
    const metrics = createMetrics();
    metrics.duration('tereze_stage_seconds', 0.02, { stage: 'plan' });
    metrics.duration('tereze_stage_seconds', Number.NaN, { stage: 'plan' });
    const text = await metrics.text();
    expect(text)
      .to.include('tereze_stage_seconds_sum{stage="plan"} 0.02')
      .and.to.include('tereze_stage_seconds_count{stage="plan"} 1');
    expect(text).to.match(/tereze_stage_seconds_bucket\{le="0.01",stage="plan"\} 0\n.*le="0.025",stage="plan"\} 1/);
  });

  it('keeps each instance to itself', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.count('tereze_unauthenticated_total' satisfies CounterName, { code: 'UNAUTHENTICATED' });
    expect(await other.text()).not.to.include('UNAUTHENTICATED');
  });
});
