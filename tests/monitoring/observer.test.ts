import { expect } from 'chai';
import { createLog } from '../../monitoring/log.js';
import { createMetrics } from '../../monitoring/metrics.js';
import { createObserver } from '../../monitoring/observer.js';

describe('observer', () => {
  it('sends lines to the log and numbers to the metrics', async () => {
    const lines: string[] = [];
    const metrics = createMetrics();
    const observer = createObserver(createLog('info', { write: (line) => void lines.push(line) }), metrics);
    observer.log('info', 'started');
    observer.count('tereze_audit_entries_total', { kind: 'intent' });
    observer.duration('tereze_audit_commit_seconds', 0.004);
    expect(JSON.parse(lines.join(''))).to.include({ event: 'started' });
    expect(await metrics.text())
      .to.include('tereze_audit_entries_total{kind="intent"} 1')
      .and.to.include('tereze_audit_commit_seconds_count 1');
  });
});
