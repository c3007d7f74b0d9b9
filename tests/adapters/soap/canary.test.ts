import { fork } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { RegisterAnswer } from '../../../adapters/port.js';
import { generateCountry } from '../../../demo/country/country.js';
import { HOUSING_FAMILY } from '../../../demo/country/people.js';
import { CANARY } from '../../../demo/registers/population/person-xml.js';
import { populationRegister } from '../../../demo/registers/population/register.js';
import { beyondOf } from '../../beyond.js';
import { served, type Served } from '../../demo/registers/served.js';
import { ACCESS, GATEWAY_KEYS, PASSWORD, REGISTER_KEYS } from './population.js';

const BUILT = fileURLToPath(new URL('canary-reader.js', import.meta.url));
const PROGRAM = existsSync(BUILT) ? BUILT : BUILT.replace(/js$/, 'ts');
const LOADER = PROGRAM === BUILT ? [] : ['--import', 'tsx'];

describe('what the population register sends beyond what was asked', function () {
  this.timeout(60_000);
  let directory: string;
  let register: Served;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tereze-canary-'));
    const pem = (key: KeyObject): string =>
      key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString();
    writeFileSync(join(directory, 'password'), PASSWORD);
    writeFileSync(join(directory, 'gateway.pem'), pem(GATEWAY_KEYS.privateKey));
    writeFileSync(join(directory, 'register.pem'), pem(REGISTER_KEYS.publicKey));
    register = await served((meter) => populationRegister(generateCountry().persons, ACCESS, meter));
  });
  after(async () => {
    await register.listener.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('is not in the heap of the process that asked, nor is the message', async () => {
    const child = fork(PROGRAM, [directory, `${register.url}/shep/sync`, HOUSING_FAMILY.applicant.iin], {
      execArgv: LOADER,
    });
    const answer = await new Promise<unknown>((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', () => reject(new Error('the reader ended without an answer')));
    });
    expect(beyondOf(answer as RegisterAnswer)).to.include.members([
      '*',
      'Citizen.birthDate',
      'IdentityDocument.number',
    ]);
    expect(answer).to.have.nested.property('groups[0].records[0].lastName', 'Серікбаев');
    const updated =
      (answer as { groups: { records: { recordUpdatedAt: string }[] }[] }).groups[0]?.records[0]?.recordUpdatedAt ?? '';
    const heap = readFileSync(join(directory, 'heap.json'), 'utf8');
    expect(heap.includes(updated), 'what was selected is there').to.equal(true);
    for (const gone of [CANARY, Buffer.from(CANARY).toString('base64').slice(0, 24)])
      expect(heap.includes(gone), gone).to.equal(false);
    // A snapshot shows the first 1024 characters of a text: whole messages are known by their beginning.
    for (const start of ['<env:Envelope xmlns', '<env:Body', '<gbd:person'])
      expect(heap.includes(start), start).to.equal(false);
  });
});
