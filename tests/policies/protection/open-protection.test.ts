import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openProtection } from '../../../policies/protection/open-protection.js';
import { ProtectionUnavailable } from '../../../policies/protection/protection-unavailable.js';
import { standingClock } from '../../doubles.js';
import { ADULT } from '../people.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';

const ASKED = { subjects: [ADULT], dwellings: [] };
const ports = { clock: standingClock(), http: createHttpClient() };

describe('open-protection', () => {
  let folder: string;
  const open = (file: string) =>
    openProtection(
      {
        url: 'http://127.0.0.1:1',
        token_file: join(folder, file),
        timeout_ms: 500,
        max_response_bytes: 1_000,
        decoys: [],
      },
      ports,
    );

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-protection-'));
    writeFileSync(join(folder, 'token'), 'secret\n');
    writeFileSync(join(folder, 'empty'), '\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('protects no one where no list is configured', async () => {
    expect((await openProtection(undefined, ports).amongThem(ASKED, 1)).subjects.size).to.equal(0);
  });

  it('asks the list that is configured', async () => {
    const failure = await open('token')
      .amongThem(ASKED, 10_000)
      .catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(ProtectionUnavailable).that.includes({ kind: 'transport' });
  });

  it('refuses a token that is missing or empty', () => {
    expect(() => open('nowhere')).to.throw('ENOENT');
    expect(() => open('empty')).to.throw('protected people');
  });
});
