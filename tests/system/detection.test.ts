import { expect } from 'chai';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { packageRoot } from '../../gateway/state/package-root.js';
import type { AlertBody } from '../../monitoring/audit/entries.js';
import { commandLine } from '../gateway/cli/command-line.js';
import { startSystem, type RunningSystem } from './running-system.js';

const APPLICANT = HOUSING_FAMILY.applicant.iin;

describe('detection in a gateway', function () {
  this.timeout(60_000);
  const rules = mkdtempSync(join(tmpdir(), 'tereze-rules-'));
  let system: RunningSystem;
  before(async () => {
    cpSync(join(packageRoot(), 'monitoring', 'detection', 'looked_up_by_many.yaml'), join(rules, 'one_caller.yaml'));
    const text = readFileSync(join(rules, 'one_caller.yaml'), 'utf8');
    writeFileSync(
      join(rules, 'one_caller.yaml'),
      text
        .replace('rule: looked_up_by_many', 'rule: one_caller')
        .replace('threshold: 6', 'threshold: 1')
        .replace(/^cases:[^]*/m, CASES),
    );
    system = await startSystem((config) => ({ ...config, audit: { ...config.audit, detection: { rules } } }));
  });
  after(async () => {
    await system?.stop();
    rmSync(rules, { recursive: true, force: true });
  });

  it('writes an alert about a question, which the person’s own search finds', async () => {
    const access = await system.as('housing', 'housing_queue', 'HQ-2026-000101');
    const answer = await system.ask(access, {
      query: 'query One($iin: Iin!) { citizen(iin: $iin) { lastName } }',
      variables: { iin: APPLICANT },
    });
    expect(answer.errors).to.deep.equal([]);
    const alert = await firstAlert(system);
    expect(alert).to.include({ rule: 'one_caller', threshold: 1 });
    expect(alert.subjects).to.have.length(1);
    expect(JSON.stringify(alert)).to.not.include(APPLICANT);
    const file = join(rules, 'person');
    writeFileSync(file, APPLICANT);
    const why = ['--reason', 'complaint of the applicant', '--for-case', 'housing/HQ-2026-000101'];
    const options = ['--config', system.country.config, '--kind', 'alert', '--person', file, ...why];
    const { out, error } = await commandLine(['audit', 'list', ...options]);
    expect(error).to.equal('');
    expect(out).to.include('alert one_caller');
    expect(await (await fetch(`${system.gateway.operationsUrl}/metrics`)).text()).to.match(
      /tereze_detection_alerts_total\{rule="one_caller",severity="medium"\} \d/,
    );
  });
});

const CASES = `cases:
  - name: one
    entries: [{ at: '2026-03-02T10:00:00+05:00', people: [p] }]
    alerts: 1
  - name: no one
    entries: [{ at: '2026-03-02T10:00:00+05:00' }]
    alerts: 0
`;

/** Waits until detection has followed the question. */
async function firstAlert(system: RunningSystem): Promise<AlertBody> {
  for (;;) {
    const [found] = await system.reading((reader) => reader.list({ kind: 'alert', limit: 1 }));
    if (found?.body.kind === 'alert') return found.body as AlertBody;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
