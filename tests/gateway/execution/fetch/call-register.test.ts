import { expect } from 'chai';
import { RegisterFailure } from '../../../../adapters/port.js';
import type { RegisterFailureKind } from '../../../../schemas/failures/register-failure.js';
import { failureOfKind, REASON_OF_KIND } from '../../../failure-of-kind.js';
import { country } from '../country.js';
import { APPLICANT, fakeGate, plain, errorsOf } from '../harness.js';

const ASK = 'query Q($iin: Iin!) { citizen(iin: $iin) { lastName lands { area } registration { region } } }';

describe('execution: a register that fails', () => {
  const codes: readonly (readonly [RegisterFailureKind, string])[] = [
    ['timeout', 'GATEWAY_TIMEOUT'],
    ['transport', 'DOWNSTREAM_SERVICE_ERROR'],
    ['overloaded', 'REGISTER_UNAVAILABLE'],
    ['unavailable', 'REGISTER_UNAVAILABLE'],
    ['failed', 'DOWNSTREAM_SERVICE_ERROR'],
    ['malformed', 'REGISTER_MALFORMED_RESPONSE'],
  ];
  for (const [kind, code] of codes) {
    it(`costs its own fields only: ${kind} is ${code}`, async () => {
      const { ask, adapters } = country();
      adapters.get('property')!.intercept = () => Promise.reject(failureOfKind('property', kind));
      const outcome = await ask(ASK, { iin: APPLICANT });
      expect(plain(outcome.data)).to.deep.equal({
        citizen: { lastName: 'Applicant', lands: null, registration: { region: 'Region' } },
      });
      expect(errorsOf(outcome)).to.deep.equal([`citizen.lands: ${code}`]);
      expect(outcome.errors[0]?.extensions).to.include({ serviceName: 'property' });
      expect(outcome.registers.find(({ register }) => register === 'property')).to.include({
        calls: 1,
        failure: code,
        reason: REASON_OF_KIND[kind as keyof typeof REASON_OF_KIND],
      });
    });
  }

  it('says when it wants to be asked again', async () => {
    const { ask, adapters } = country();
    const overloaded = new RegisterFailure('property', 'overloaded', { retryAfterMs: 30_000 });
    adapters.get('property')!.intercept = () => Promise.reject(overloaded);
    const { errors } = await ask(ASK, { iin: APPLICANT });
    expect(errors[0]?.extensions).to.include({ code: 'REGISTER_UNAVAILABLE', retryable: true });
    expect(errors[0]?.extensions?.['retryAt']).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
  });

  it('says which rule of JSON its answer broke', async () => {
    const { ask, adapters } = country();
    adapters.get('property')!.intercept = () => Promise.reject(new RegisterFailure('property', 'json_duplicate_name'));
    const { errors } = await ask(ASK, { iin: APPLICANT });
    expect(errors[0]?.extensions).to.deep.include({ serviceName: 'property', reasons: ['json_duplicate_name'] });
  });

  it('leaves no data if everything depends on it, and its own message is not passed on', async () => {
    const { ask, adapters, calls } = country();
    adapters.get('population')!.intercept = () => Promise.reject(new Error('ORA-00942: table PERSON_SECRET'));
    const outcome = await ask(ASK, { iin: APPLICANT });
    expect(plain(outcome.data)).to.deep.equal({ citizen: null });
    expect(errorsOf(outcome)).to.deep.equal(['citizen: DOWNSTREAM_SERVICE_ERROR']);
    expect(JSON.stringify(outcome)).to.not.contain('ORA-');
    expect(calls).to.have.length(1);
  });

  it('is malformed if it answers for fewer keys than it was asked', async () => {
    const { ask, adapters } = country();
    adapters.get('property')!.intercept = async () => [{ records: [], errors: [] }];
    expect(errorsOf(await ask(ASK, { iin: APPLICANT }))).to.deep.equal(['citizen.lands: REGISTER_MALFORMED_RESPONSE']);
  });

  it('is not trusted to keep its deadline', async () => {
    const { ask, adapters } = country({ registerTimeoutMs: (register) => (register === 'property' ? 20 : 2000) });
    adapters.get('property')!.intercept = () => new Promise(() => {});
    expect(errorsOf(await ask(ASK, { iin: APPLICANT }))).to.deep.equal(['citizen.lands: GATEWAY_TIMEOUT']);
  });

  it('receives the earlier of its own deadline and the request’s', async () => {
    const { ask, calls } = country({ registerTimeoutMs: () => 2000 });
    await ask(ASK, { iin: APPLICANT }, { deadline: 500 });
    expect(calls.every(({ deadline }) => deadline === 500)).to.equal(true);
    await ask(ASK, { iin: APPLICANT }, { deadline: 1_000_000 });
    expect(calls.slice(3).every(({ deadline }) => deadline > 2000 && deadline < 2200)).to.equal(true);
  });

  it('receives who asks, in every call', async () => {
    const { ask, adapters } = country();
    const received: unknown[] = [];
    for (const adapter of adapters.values()) {
      adapter.intercept = async (call, answer) => {
        received.push(call.onBehalfOf);
        return answer();
      };
    }
    const onBehalfOf = {
      system: 'housing',
      officer: 'officer-7',
      purpose: 'housing_queue',
      case: { agency: 'housing', number: 'HQ-1' },
    };
    await ask(ASK, { iin: APPLICANT }, { onBehalfOf });
    expect(received).to.deep.equal([onBehalfOf, onBehalfOf, onBehalfOf]);
  });

  it('is not asked when no time is left', async () => {
    const { ask, calls } = country();
    const outcome = await ask(ASK, { iin: APPLICANT }, { deadline: 0 });
    expect(calls).to.have.length(0);
    expect(errorsOf(outcome)).to.deep.equal(['citizen: GATEWAY_TIMEOUT']);
    expect(outcome.registers).to.have.length(1);
    expect(outcome.registers[0]).to.include({ register: 'population', calls: 0, failure: 'GATEWAY_TIMEOUT' });
  });
});

describe('execution: cancelled', () => {
  it('before it began: rejects, no one is asked', async () => {
    const { ask, calls, gate } = country();
    const failure = await ask(ASK, { iin: APPLICANT }, { signal: AbortSignal.abort(new Error('gone')) }).catch(
      (error: unknown) => error,
    );
    expect(failure).to.have.property('message', 'gone');
    expect([calls, gate.batches]).to.deep.equal([[], []]);
  });

  it('during a call: rejects at once, and asks no one further', async () => {
    const controller = new AbortController();
    const { ask, adapters, calls } = country();
    adapters.get('population')!.intercept = () => {
      controller.abort(new Error('gone'));
      return new Promise(() => {});
    };
    const failure = await ask(ASK, { iin: APPLICANT }, { signal: controller.signal }).catch((error: unknown) => error);
    expect(failure).to.have.property('message', 'gone');
    expect(calls).to.have.length(1);
  });

  it('while the gate decides: rejects, no one is asked', async () => {
    const controller = new AbortController();
    const working = fakeGate();
    const gate = {
      ...working,
      decide: (questions: Parameters<typeof working.decide>[0]) => (
        controller.abort(new Error('gone')),
        working.decide(questions)
      ),
    };
    const { ask, calls } = country({ gate });
    expect(
      await ask(ASK, { iin: APPLICANT }, { signal: controller.signal }).catch((error: unknown) => error),
    ).to.have.property('message', 'gone');
    expect(calls).to.have.length(0);
  });
});
