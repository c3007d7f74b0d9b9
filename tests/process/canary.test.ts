import { expect } from 'chai';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { CANARY } from '../../demo/registers/population/person-xml.js';
import { startCountry, type RunningCountry } from '../../demo/start.js';
import { accessForSystem } from '../../gateway/cli/client/access.js';
import { readProfile } from '../../gateway/cli/client/profile.js';
import { stateOptions } from '../../gateway/cli/installed-state.js';
import { readConfig } from '../../gateway/config/read-config.js';
import { attachState } from '../../gateway/state/open.js';
import type { CompletionBody } from '../../monitoring/audit/entries.js';
import { createAuditReader } from '../../monitoring/audit/reader.js';
import { copyCountry, copyState } from '../made-once.js';
import { runTereze, type Program } from './program.js';

const { applicant, caseNumber } = HOUSING_FAMILY;

/** The population register sends whole records, among them an element that no one may read and no one asks for. */
describe('what a register sends beyond the grant', function () {
  this.timeout(120_000);
  let directory: string;
  let country: RunningCountry;
  let gateway: Program;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tereze-canary-'));
    await copyCountry(directory);
    await copyState(join(directory, 'state'));
    country = await startCountry({ directory, ports: 'free' });
    gateway = runTereze(['serve', '--json', '--config', country.config], {
      NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${directory}`,
    });
    await gateway.ready();
  });
  after(async () => {
    gateway.child.kill('SIGTERM');
    await gateway.exit;
    await country.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('is neither in the answer, nor in a log line, nor in an entry, nor in the heap afterwards; the entry says that it came', async () => {
    const profile = await readProfile('housing', country.clients);
    const access = await accessForSystem(profile, {
      purpose: 'housing_queue',
      case: { agency: 'housing', number: caseNumber },
    });
    const { text } = await access.send('POST', '/graphql', {
      documentId: 'HousingQueue',
      variables: { iin: applicant.iin },
    });
    const heap = await heapSnapshot();
    // The snapshot is one of this process: what it keeps for certain is in it.
    expect(await holds(heap, 'HousingQueue')).to.equal(true);
    expect(await holds(heap, CANARY)).to.equal(false);

    const state = await attachState(stateOptions(await readConfig(country.config, {})));
    const entries = await createAuditReader(state.sql)
      .list({ limit: 10 })
      .finally(() => state.close());
    expect(
      [text, gateway.said().out, gateway.said().error, ...entries.map(({ bytes }) => bytes.toString())].filter(
        (written) => written.includes(CANARY),
      ),
    ).to.deep.equal([]);
    const lines = gateway
      .said()
      .error.split('\n')
      .filter((line) => line.includes('"event":"request"'));
    expect(lines, 'the line of the request').to.have.length(1);
    expect(JSON.parse(lines[0] ?? '')).to.have.all.keys(
      ...['level', 'time', 'event', 'requestId', 'surface', 'code', 'requestInTs', 'responseOutTs'],
    );
    const completion = entries
      .map(({ body }) => body)
      .find((body): body is CompletionBody => body.kind === 'completion');
    expect(completion?.registers.find(({ register }) => register === 'population')).to.deep.include({
      beyondGrant: ['*', 'population.documents'],
    });
  });

  async function heapSnapshot(): Promise<string> {
    gateway.child.kill('SIGUSR2');
    for (;;) {
      const name = (await readdir(directory)).find((one) => one.endsWith('.heapsnapshot'));
      // It is complete once its last bracket is there.
      if (name !== undefined && (await endsWithBracket(join(directory, name)))) return join(directory, name);
      await sleep(100);
    }
  }
});

/** Looks at the end alone: a snapshot has more than a hundred megabytes, and is looked at while it is written. */
async function endsWithBracket(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(10), 0, 10, Math.max(0, size - 10));
    return buffer.toString('latin1', 0, bytesRead).trimEnd().endsWith('}');
  } finally {
    await handle.close();
  }
}

/** Whether a file holds a text of ASCII characters. */
async function holds(file: string, text: string): Promise<boolean> {
  let kept = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1_048_576 }) as AsyncIterable<Buffer>) {
    const read = Buffer.concat([kept, chunk]);
    if (read.includes(text)) return true;
    kept = read.subarray(-text.length);
  }
  return false;
}
