import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import type { FaultMode } from '../../demo/registers/fault.js';
import type { Config } from '../../gateway/config/schema.js';
import type { CompletionBody } from '../../monitoring/audit/entry.js';
import { citizenOf, REGISTERS, startSystem, type RunningSystem } from './running-system.js';

const { applicant, caseNumber } = HOUSING_FAMILY;

/** What a caller is told, and what the entry says, of each way to fail. A slow register is one that misses its deadline. */
const FAULTS: Readonly<Record<Exclude<FaultMode, 'off' | 'flood'>, string>> = {
  slow: 'GATEWAY_TIMEOUT',
  hang: 'GATEWAY_TIMEOUT',
  '500': 'DOWNSTREAM_SERVICE_ERROR',
  garbage: 'REGISTER_MALFORMED_RESPONSE',
  half: 'DOWNSTREAM_SERVICE_ERROR',
  refuse: 'DOWNSTREAM_SERVICE_ERROR',
};

/** Where in the answer the register's fields begin. */
const PLACES = { population: 'citizen', 'civil-acts': 'citizen.children', address: 'citizen.registration', property: 'citizen.children.0.lands' } as const;

describe('a register that misbehaves', function () {
  this.timeout(60_000);
  let system: RunningSystem;

  before(async () => {
    system = await startSystem(impatient);
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  for (const register of REGISTERS) {
    for (const [mode, code] of Object.entries(FAULTS)) {
      it(`${register}, ${mode}: costs its own fields, is named, and stands in the entry`, async () => {
        system.country.fault(register, mode as FaultMode);
        const answer = await system.ask(await system.as('housing', 'housing_queue', caseNumber), { documentId: 'HousingQueue', variables: { iin: applicant.iin } }).finally(() => system.country.fault(register, 'off'));
        expect(answer.status).to.equal(200);
        const failed = answer.errors.find(({ path = [] }) => path.join('.') === PLACES[register]);
        expect(failed?.extensions).to.include({ code, serviceName: register });
        if (register === 'population') expect(answer.data).to.deep.equal({ citizen: null });
        else expect(citizenOf(answer)).to.include({ iin: applicant.iin }).and.have.property('lastName').that.is.a('string');
        for (const leaked of ['ORA-', 'stack', 'password', 'vl_iin']) expect(answer.text).to.not.include(leaked);
        const completion = (await system.entries(answer.tereze.requestId)).find((entry): entry is CompletionBody => entry.kind === 'completion');
        expect(completion?.outcome).to.equal('answered');
        expect(completion?.registers.find((one) => one.register === register)).to.include({ outcome: 'failed', failure: code });
      });
    }
  }

  it('that says it is asked too much is left alone for as long as it said', async () => {
    const question = { documentId: 'HousingQueue', variables: { iin: applicant.iin } };
    const codes = async (): Promise<string[]> => [...new Set((await system.ask(await system.as('housing', 'housing_queue', caseNumber), question)).errors.map(({ extensions }) => extensions.code))].sort();
    system.country.fault('address', 'flood');
    system.country.reset('address');
    expect(await codes()).to.deep.equal(['CONSENT_REQUIRED', 'DOWNSTREAM_SERVICE_ERROR']);
    system.country.fault('address', 'off');
    const calls = system.country.stats('address').calls;
    expect(await codes()).to.deep.equal(['CONSENT_REQUIRED', 'DOWNSTREAM_SERVICE_ERROR']);
    expect(system.country.stats('address').calls).to.equal(calls);
    while ((await codes()).length > 1) await sleep(100);
  });

  it('is asked again once it behaves', async () => {
    const answer = await system.ask(await system.as('housing', 'housing_queue', caseNumber), { documentId: 'HousingQueue', variables: { iin: applicant.iin } });
    expect(new Set(answer.errors.map(({ extensions }) => extensions.code))).to.deep.equal(new Set(['CONSENT_REQUIRED']));
  });
});

/** Registers have little time, so that a hanging one costs the test little; none is left alone for having failed. */
function impatient(config: Config): Config {
  return { ...config, registers: Object.fromEntries(Object.entries(config.registers).map(([name, register]) => [name, { ...register, timeout_ms: 400, breaker: { ...register.breaker, volume: 1_000 } }])) };
}
