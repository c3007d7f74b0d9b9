import { expect } from 'chai';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import type { FaultMode } from '../../demo/registers/fault.js';
import type { Config } from '../../gateway/config/schema.js';
import type { CompletionBody } from '../../monitoring/audit/entry.js';
import { citizenOf, REGISTERS, startSystem, type RunningSystem } from './running-system.js';

const { applicant, caseNumber } = HOUSING_FAMILY;

/** What a caller is told, and what the entry says, of each way to fail. A slow register is one that misses its deadline. */
const FAULTS: Readonly<Record<Exclude<FaultMode, 'off'>, string>> = {
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

  it('is asked again once it behaves', async () => {
    const answer = await system.ask(await system.as('housing', 'housing_queue', caseNumber), { documentId: 'HousingQueue', variables: { iin: applicant.iin } });
    expect(new Set(answer.errors.map(({ extensions }) => extensions.code))).to.deep.equal(new Set(['CONSENT_REQUIRED']));
  });
});

/** Registers have little time, so that a hanging one costs the test little; none is left alone for having failed. */
function impatient(config: Config): Config {
  return { ...config, registers: Object.fromEntries(Object.entries(config.registers).map(([name, register]) => [name, { ...register, timeout_ms: 400, breaker: { ...register.breaker, volume: 1_000 } }])) };
}
