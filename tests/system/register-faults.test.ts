import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOUSING_FAMILY, OFFICIAL, SUPPORTED_FAMILY } from '../../demo/country/people.js';
import type { FaultMode } from '../../demo/registers/fault.js';
import type { Config } from '../../gateway/config/schema.js';
import type { CompletionBody } from '../../monitoring/audit/entries.js';
import { citizenOf, REGISTERS, startSystem, type Answer, type RunningSystem } from './running-system.js';

/** What a caller is told, and what the entry says, of each way to fail. A slow register is one that misses its deadline. */
const FAULTS: Readonly<Record<Exclude<FaultMode, 'off' | 'flood'>, string>> = {
  slow: 'GATEWAY_TIMEOUT',
  hang: 'GATEWAY_TIMEOUT',
  '500': 'DOWNSTREAM_SERVICE_ERROR',
  garbage: 'REGISTER_MALFORMED_RESPONSE',
  half: 'DOWNSTREAM_SERVICE_ERROR',
  refuse: 'DOWNSTREAM_SERVICE_ERROR',
};

interface Asked {
  readonly client: string;
  readonly purpose: string;
  readonly case: string;
  readonly document: string;
  readonly iin: string;
}

const QUEUE: Asked = {
  client: 'housing',
  purpose: 'housing_queue',
  case: HOUSING_FAMILY.caseNumber,
  document: 'HousingQueue',
  iin: HOUSING_FAMILY.applicant.iin,
};
const DECLARATION: Asked = {
  client: 'integrity',
  purpose: 'declaration_check',
  case: 'DC-2026-000501',
  document: 'DeclarationCheck',
  iin: OFFICIAL.iin,
};
const CARD: Asked = {
  client: 'social',
  purpose: 'proactive_support',
  case: SUPPORTED_FAMILY.caseNumber,
  document: 'FamilyCard',
  iin: SUPPORTED_FAMILY.applicant.iin,
};

/** A question that needs the register, and where in its answer the register's fields begin. */
const PLACES: Readonly<Record<(typeof REGISTERS)[number], { readonly asked: Asked; readonly place: string }>> = {
  population: { asked: QUEUE, place: 'citizen' },
  'civil-acts': { asked: QUEUE, place: 'citizen.children' },
  address: { asked: QUEUE, place: 'citizen.registration' },
  property: { asked: QUEUE, place: 'citizen.children.0.lands' },
  business: { asked: DECLARATION, place: 'citizen.ownerships' },
  tax: { asked: CARD, place: 'citizen.incomeClass' },
};

describe('a register that misbehaves', function () {
  this.timeout(60_000);
  let system: RunningSystem;

  before(async () => {
    system = await startSystem(impatient);
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  const ask = async ({ client, purpose, case: number, document, iin }: Asked): Promise<Answer> =>
    system.ask(await system.as(client, purpose, number), { documentId: document, variables: { iin } });

  for (const register of REGISTERS) {
    for (const [mode, code] of Object.entries(FAULTS)) {
      it(`${register}, ${mode}: costs its own fields, is named, also in the entry`, async () => {
        system.country.fault(register, mode as FaultMode);
        const { asked, place } = PLACES[register];
        const answer = await ask(asked).finally(() => system.country.fault(register, 'off'));
        expect(answer.status).to.equal(200);
        const failed = answer.errors.find(({ path = [] }) => path.join('.') === place);
        expect(failed?.extensions).to.include({ code, serviceName: register });
        if (register === 'population') expect(answer.data).to.deep.equal({ citizen: null });
        else expect(citizenOf(answer)).to.include({ iin: asked.iin }).and.have.property('lastName').that.is.a('string');
        for (const leaked of ['ORA-', 'stack', 'password', 'vl_iin']) expect(answer.text).to.not.include(leaked);
        const completion = (await system.entries(answer.tereze.requestId)).find(
          (entry): entry is CompletionBody => entry.kind === 'completion',
        );
        expect(completion?.outcome).to.equal('answered');
        expect(completion?.registers.find((one) => one.register === register)).to.include({
          outcome: 'failed',
          failure: code,
        });
      });
    }
  }

  it('that says it is asked too much is left alone for as long as it said', async () => {
    const codes = async (): Promise<string[]> =>
      [...new Set((await ask(QUEUE)).errors.map(({ extensions }) => extensions.code))].sort();
    system.country.fault('address', 'flood');
    system.country.reset('address');
    expect(await codes()).to.deep.equal(['CONSENT_REQUIRED', 'REGISTER_UNAVAILABLE']);
    system.country.fault('address', 'off');
    const calls = system.country.stats('address').calls;
    expect(await codes()).to.deep.equal(['CONSENT_REQUIRED', 'REGISTER_UNAVAILABLE']);
    expect(system.country.stats('address').calls).to.equal(calls);
    while ((await codes()).length > 1) await sleep(100);
  });

  it('is asked again once it behaves', async () => {
    const answer = await ask(QUEUE);
    expect(new Set(answer.errors.map(({ extensions }) => extensions.code))).to.deep.equal(
      new Set(['CONSENT_REQUIRED']),
    );
  });
});

/** Registers have little time, so that a hanging one costs the test little; none is left alone for having failed. */
function impatient(config: Config): Config {
  return {
    ...config,
    registers: Object.fromEntries(
      Object.entries(config.registers).map(([name, register]) => [
        name,
        { ...register, timeout_ms: 1_000, breaker: { ...register.breaker, volume: 1_000 } },
      ]),
    ),
  };
}
