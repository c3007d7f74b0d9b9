import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { startCountry, type RunningCountry } from '../../demo/start.js';
import { accessForSystem } from '../../gateway/cli/client/access.js';
import { accessForCitizen } from '../../gateway/cli/client/citizen-sign-in.js';
import { readProfile } from '../../gateway/cli/client/profile.js';
import { createProgram } from '../../gateway/cli/program.js';
import { startGateway, type Gateway } from '../../gateway/compose/app.js';
import { readConfig } from '../../gateway/config/read-config.js';
import { copyCountry, copyState } from '../made-once.js';
import { answerOf, citizenOf, type Answer } from './running-system.js';

const { applicant, caseNumber } = HOUSING_FAMILY;
const LAND = ['property.land', 'property.buildings', 'property.vehicles'];
const CONSENT = { agency: 'housing', purpose: 'housing_queue', case: caseNumber, categories: LAND };
const OTHER_CONSENT = { ...CONSENT, categories: ['property.vehicles'] };

describe('a state database that is restored from a copy', function () {
  this.timeout(120_000);
  let directory: string;
  let country: RunningCountry;
  let gateway: Gateway | undefined;
  const logged: string[] = [];

  const start = async (): Promise<void> => {
    const config = await readConfig(country.config, {});
    gateway = await startGateway(config, { log: { write: (line) => void logged.push(line) } });
  };
  const stop = async (): Promise<void> => {
    await gateway?.stop();
    gateway = undefined;
  };
  const state = (): string => join(directory, 'state');
  const ask = async (): Promise<Answer> => {
    const profile = await readProfile('housing', country.clients);
    const access = await accessForSystem(profile, {
      purpose: 'housing_queue',
      case: { agency: 'housing', number: caseNumber },
    });
    return answerOf(
      await access.send('POST', '/graphql', { documentId: 'HousingQueue', variables: { iin: applicant.iin } }),
    );
  };
  const citizen = async (path: string, body: unknown): Promise<Answer> => {
    const access = await accessForCitizen(await readProfile('citizen-window', country.clients), applicant.iin);
    return answerOf(await access.send('POST', path, body));
  };
  const give = async (consent: unknown): Promise<string> => {
    const { data } = await citizen('/consents', consent);
    return (data?.['consents'] as { readonly id: string }[])[0]?.id ?? '';
  };
  const withdraw = (id: string): Promise<Answer> => citizen(`/consents/${id}/withdraw`, {});
  const codes = ({ errors }: Answer): readonly string[] => [
    ...new Set(errors.map(({ extensions }) => extensions.code)),
  ];
  const command = async (words: readonly string[], typed = ''): Promise<{ printed: string; warned: string }> => {
    const told = { printed: '', warned: '' };
    const program = createProgram({
      environment: {},
      print: (text) => void (told.printed += text),
      warn: (text) => void (told.warned += text),
      readInput: async () => typed,
      readLine: async () => typed,
      fail: () => undefined,
    });
    await program.parseAsync(['node', 'tereze', 'state', ...words, '--config', country.config]);
    return told;
  };

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tereze-rollback-'));
    await copyCountry(directory);
    await copyState(state());
    country = await startCountry({ directory, ports: 'free' });
  });
  afterEach(() => stop());
  after(async () => {
    await (country as RunningCountry | undefined)?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('gives nothing that was withdrawn after the copy, neither before nor after it is accepted', async () => {
    await start();
    const consent = await give(CONSENT);
    expect(discloses(await ask())).to.equal(true);
    await stop();
    restore(state(), `${state()}.copy`);

    await start();
    expect((await withdraw(consent)).tereze['fenced']).to.equal(true);
    expectWithdrawn(await ask());
    await stop();

    restore(`${state()}.copy`, state());
    await start();
    expect(gateway?.readiness().checks['state_anchor']).to.equal('failed');
    expect(logged.some((line) => line.includes('tereze state accept-rollback --reason TEXT'))).to.equal(true);
    country.reset('property');
    const refused = await ask();
    expect([refused.status, ...codes(refused)]).to.deep.equal([503, 'STATE_NOT_CURRENT']);
    expect(codes(await citizen('/consents', OTHER_CONSENT))).to.deep.equal(['STATE_NOT_CURRENT']);
    expect(country.stats('property').calls).to.equal(0);

    const status = await command(['status', '--json']);
    expect(JSON.parse(status.printed)).to.include({ current: false });
    const lost = /Type ([0-9]+) to go on/.exec(
      (await rejected(command(['accept-rollback', '--reason', 'drill'], 'x'))).warned,
    );
    const accepted = await command(['accept-rollback', '--reason', 'drill', '--json'], lost?.[1]);
    expect(JSON.parse(accepted.printed)).to.deep.include({ act: 'rollback_accepted', unwritten: [] });
    expect((JSON.parse(accepted.printed) as { accepted: object }).accepted).to.deep.include({
      epoch: 1,
      restricted: { consents: 1, approvals: 0 },
      missing: 0,
      suspended: 0,
    });

    await untilReady();
    expectWithdrawn(await ask());
    await give(CONSENT);
    expect(discloses(await ask())).to.equal(true);
    await stop();
  });

  it('takes a withdrawal while it is refused, and the right database then lacks it as well', async () => {
    await start();
    const consent = await give(CONSENT);
    await stop();
    restore(state(), `${state()}.copy`);
    await start();
    await give(OTHER_CONSENT);
    await stop();
    restore(state(), `${state()}.right`);

    restore(`${state()}.copy`, state());
    await start();
    const withdrawal = await withdraw(consent);
    expect([withdrawal.status, withdrawal.tereze['fenced']]).to.deep.equal([200, true]);
    await stop();

    restore(`${state()}.right`, state());
    await start();
    expect(codes(await ask())).to.deep.equal(['STATE_NOT_CURRENT']);
    expect((await command(['accept-rollback', '--reason', 'the right copy', '--json'], '0')).printed).to.include(
      '"missing":0',
    );
    await untilReady();
    expectWithdrawn(await ask());
    await stop();
  });

  async function untilReady(): Promise<void> {
    while (gateway?.readiness().status !== 'ready' || codes(await ask()).some((code) => PASSING.has(code)))
      await sleep(100);
  }

  /** Runs a command that is not confirmed, and returns what it said. */
  async function rejected(running: Promise<{ warned: string }>): Promise<{ warned: string }> {
    let warned = '';
    const program = createProgram({
      environment: {},
      print: () => undefined,
      warn: (text) => void (warned += text),
      readInput: async () => 'x',
      readLine: async () => 'x',
      fail: () => undefined,
    });
    await running.then(
      () => expect.fail('was confirmed'),
      () => undefined,
    );
    await program
      .parseAsync(['node', 'tereze', 'state', 'accept-rollback', '--reason', 'drill', '--config', country.config])
      .catch(() => undefined);
    return { warned };
  }
});

/** Until the log is replaced, and in the second of the acceptance: proofs made before it are refused. */
const PASSING: ReadonlySet<string> = new Set(['STATE_NOT_CURRENT', 'AUDIT_UNAVAILABLE', 'INVALID_DPOP_PROOF']);

/** Whether the answer holds what the register of property knows about the applicant. */
const discloses = (answer: Answer): boolean => Array.isArray(citizenOf(answer)['lands']);

function expectWithdrawn(answer: Answer): void {
  expect(discloses(answer)).to.equal(false);
  expect(answer.errors.map(({ extensions }) => extensions.code)).to.include('CONSENT_WITHDRAWN');
}

/** Puts a copy of a directory in the place of another. */
function restore(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  // With owners and modes: PostgreSQL reads only what is its user's.
  execFileSync('cp', ['-a', from, to]);
}
