import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { startCountry, type RunningCountry } from '../../demo/start.js';
import { startGateway } from '../../gateway/compose/app.js';
import { accessForSystem } from '../../gateway/cli/client/access.js';
import { readProfile } from '../../gateway/cli/client/profile.js';
import { stateOptions } from '../../gateway/cli/installed-state.js';
import { readConfig } from '../../gateway/config/read-config.js';
import { attachState } from '../../gateway/state/open.js';
import type { CompletionBody, IntentBody } from '../../monitoring/audit/entries.js';
import { createAuditReader } from '../../monitoring/audit/reader.js';
import type { StoredEntry } from '../../monitoring/audit/stored-entry.js';
import { copyCountry, copyState } from '../made-once.js';
import { runTereze, type Program } from './program.js';
import { sharedContracts } from '../shared-contracts.js';

const { applicant, caseNumber } = HOUSING_FAMILY;

/** How often it is killed; `KILLS` asks for more. */
const KILLS = Number(process.env['KILLS'] ?? 1);

describe('a gateway killed while a register is asked', function () {
  this.timeout(30_000 + KILLS * 30_000);
  let directory: string;
  let country: RunningCountry;
  let gateway: Program | undefined;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-killed-'));
    await copyCountry(directory);
    await copyState(join(directory, 'state'));
    country = await startCountry({ directory, ports: 'free' });
  });
  after(async () => {
    gateway?.child.kill('SIGKILL');
    await country.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it(`leaves the intent, no answer, and an entry that says that no one knows: ${KILLS} times`, async () => {
    for (let killed = 1; killed <= KILLS; killed += 1) {
      await killWhileAsked();
      // A first start approves the documents of the demo; those acts are in the log as well.
      const entries = (await entriesAfterRestart()).filter(({ body }) => body.kind !== 'act');
      const [completion, intent] = entries.map(({ body }) => body) as [CompletionBody, IntentBody];
      expect([intent.kind, completion.kind, entries.length]).to.deep.equal(['intent', 'completion', 2 * killed]);
      expect(completion).to.include({ requestId: intent.requestId, outcome: 'unknown', answer: null });
      expect(completion.subjects).to.have.length(intent.subjects.length);
      expect(completion.disclosed).to.deep.equal([]);
      expect(completion.planned, 'the calls that were planned').to.deep.equal(intent.planned);
      expect(intent.planned?.map(({ register }) => register)).to.include('address');
    }
  });

  async function killWhileAsked(): Promise<void> {
    gateway = runTereze(['serve', '--json', '--config', country.config]);
    await gateway.ready();
    const profile = await readProfile('housing', country.clients);
    const access = await accessForSystem(profile, {
      purpose: 'housing_queue',
      case: { agency: 'housing', number: caseNumber },
    });
    country.reset('address');
    country.fault('address', 'hang');
    const asked = access
      .send('POST', '/graphql', { documentId: 'HousingQueue', variables: { iin: applicant.iin } })
      .then(
        () => 'answered',
        () => 'broken off',
      );
    while (country.stats('address').calls === 0) await sleep(10);
    gateway.child.kill('SIGKILL');
    expect(await asked).to.equal('broken off');
    await gateway.exit;
  }

  /** The whole log, newest first, once another gateway has started on it and ended. */
  async function entriesAfterRestart(): Promise<readonly StoredEntry[]> {
    const config = await readConfig(country.config, {});
    const next = await startGateway(config, { contracts: sharedContracts, log: { write: () => undefined } });
    try {
      const state = await attachState(stateOptions(config));
      return await createAuditReader(state.sql)
        .list({ limit: 1_000 })
        .finally(() => state.close());
    } finally {
      await next.stop();
    }
  }
});
