import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { startCountry, type RunningCountry } from '../../demo/start.js';
import { startGateway } from '../../gateway/app.js';
import { accessForSystem } from '../../gateway/cli/client/access.js';
import { readProfile } from '../../gateway/cli/client/profile.js';
import { stateOptions } from '../../gateway/cli/installed-state.js';
import { readConfig } from '../../gateway/config/read-config.js';
import { attachState } from '../../gateway/state/open.js';
import type { CompletionBody, IntentBody } from '../../monitoring/audit/entry.js';
import { createAuditReader } from '../../monitoring/audit/reader.js';
import { runTereze, type Program } from './program.js';

const { applicant, caseNumber } = HOUSING_FAMILY;

describe('a gateway killed while a register is asked', function () {
  this.timeout(60_000);
  let directory: string;
  let country: RunningCountry;
  let gateway: Program;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-killed-'));
    country = await startCountry({ directory, ports: 'free' });
    gateway = runTereze(['serve', '--json', '--config', country.config]);
    await gateway.ready();
  });
  after(async () => {
    gateway.child.kill('SIGKILL');
    await country.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('leaves the intent, no answer, and an entry that says that nobody knows', async () => {
    const profile = await readProfile('housing', country.clients);
    const access = await accessForSystem(profile, { purpose: 'housing_queue', case: { agency: 'housing', number: caseNumber } });
    country.fault('address', 'hang');
    const asked = access.send('POST', '/graphql', { documentId: 'HousingQueue', variables: { iin: applicant.iin } }).then(() => 'answered', () => 'broken off');
    while (country.stats('address').calls === 0) await sleep(10);
    gateway.child.kill('SIGKILL');
    expect(await asked).to.equal('broken off');
    await gateway.exit;

    const config = await readConfig(country.config, {});
    const next = await startGateway(config, { log: { write: () => undefined } });
    try {
      const state = await attachState(stateOptions(config));
      const entries = await createAuditReader(state.sql).list({ limit: 10 }).finally(() => state.close());
      const [completion, intent] = entries.map(({ body }) => body) as [CompletionBody, IntentBody];
      expect([intent.kind, completion.kind, entries.length]).to.deep.equal(['intent', 'completion', 2]);
      expect(completion).to.include({ requestId: intent.requestId, outcome: 'unknown', answer: null });
      expect(completion.subjects).to.have.length(intent.subjects.length);
      expect(completion.disclosed).to.deep.equal([]);
    } finally {
      await next.stop();
    }
  });
});
