import { expect } from 'chai';
import { country, HOUSING_QUEUE, withholding } from './country.js';
import type { Labels, Observer } from '../../../schemas/ports/observer.js';
import type { Quality } from '../../../schemas/ports/quality.js';
import { silentObserver } from '../../doubles.js';
import { APPLICANT, fakeGate, plain, SPOUSE, errorsOf } from './harness.js';

const ASK = 'query Q($iin: Iin!) { citizen(iin: $iin) { iin lastName lands { area } registration { region } } }';

describe('execution: atomic operations', () => {
  it('release nothing governed when a basis is missing, and name the people to ask', async () => {
    const { ask, calls } = country({ gate: withholding('property.land') });
    const outcome = await ask(ASK, { iin: APPLICANT }, { atomic: true });
    expect(outcome.data).to.equal(null);
    expect(errorsOf(outcome)).to.deep.equal(['citizen.lands: CONSENT_REQUIRED']);
    expect(outcome.errors[0]?.extensions).to.have.property('consentRequest');
    expect(outcome.records).to.deep.equal([]);
    expect(calls.map(({ register }) => register)).to.not.include('property');
  });

  it('make no call if the basis is missing at the first fetch', async () => {
    const { ask, calls } = country({ gate: withholding('population.identity') });
    const outcome = await ask(ASK, { iin: APPLICANT }, { atomic: true });
    expect([outcome.data, calls]).to.deep.equal([null, []]);
    expect(errorsOf(outcome)).to.deep.equal(['citizen.lastName: CONSENT_REQUIRED']);
  });

  it('end at a person who is found only in an answer', async () => {
    const { ask, calls } = country({ gate: withholding(['population.family', SPOUSE]) });
    const outcome = await ask(HOUSING_QUEUE, { iin: APPLICANT }, { atomic: true });
    expect(outcome.data).to.equal(null);
    expect(calls).to.have.length(1);
    expect(errorsOf(outcome)).to.deep.equal(['citizen.spouse: CONSENT_REQUIRED']);
  });

  it('log that what was read was not disclosed', async () => {
    const { ask } = country({ gate: withholding(['population.family', SPOUSE]) });
    const outcome = await ask(HOUSING_QUEUE, { iin: APPLICANT }, { atomic: true });
    expect(outcome.disclosures.map(({ access }) => access)).to.not.include('disclose');
    expect(outcome.disclosures).to.not.have.length(0);
  });

  it('are answered like other operations if nothing is missing', async () => {
    const { ask } = country();
    expect((await ask(ASK, { iin: APPLICANT }, { atomic: true })).errors).to.deep.equal([]);
  });

  it('name the people to ask also if the missing category is only read, not disclosed', async () => {
    const { ask } = country({ gate: withholding('population.identifier') });
    const outcome = await ask(
      'query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } } }',
      { iin: APPLICANT },
      { atomic: true },
    );
    expect(outcome.data).to.equal(null);
    expect(outcome.errors).to.not.have.length(0);
  });
});

describe('execution: compiled once', () => {
  it('prepares each selection once per document, for all requests', async () => {
    const { plan, run, adapters } = country();
    let prepared = 0;
    const population = adapters.get('population')!;
    const { prepare } = population;
    population.prepare = (selection) => ((prepared += 1), prepare(selection));
    const planned = await plan(ASK);
    await run(planned, { variables: { iin: APPLICANT } });
    await run(planned, { variables: { iin: SPOUSE } });
    await run(planned, { variables: { iin: SPOUSE }, gate: withholding('population.identity') });
    await run(planned, { variables: { iin: APPLICANT }, gate: withholding('population.identity') });
    expect(prepared).to.equal(2);
  });

  it('shares nothing between executions that run at once', async () => {
    const { plan, run } = country();
    const planned = await plan(ASK);
    const [granted, refused] = await Promise.all([
      run(planned, { variables: { iin: APPLICANT } }),
      run(planned, {
        variables: { iin: APPLICANT },
        gate: fakeGate(({ subject }, category) => category !== 'property.land' && subject.role === 'self'),
      }),
    ]);
    expect(plain(granted.data)).to.have.nested.property('citizen.lands[0].area', '6.00');
    expect(plain(refused.data)).to.have.nested.property('citizen.lands', null);
  });
});

describe('execution: branches that run at once', () => {
  it('rejects when one of them cannot be decided, and releases nothing of the other', async () => {
    const working = fakeGate();
    const gate = {
      ...working,
      decide: (questions: Parameters<typeof working.decide>[0]) =>
        questions.some(({ categories }) => categories.some(({ category }) => category === 'property.land'))
          ? Promise.reject(new Error('gate'))
          : working.decide(questions),
    };
    const { ask, calls } = country({ gate });
    expect(await ask(ASK, { iin: APPLICANT }).catch((error: unknown) => error)).to.have.property('message', 'gate');
    expect(calls.map(({ register }) => register)).to.not.include('property');
  });
});

describe('execution: counting records', () => {
  it('adds the records of a register with one verdict at once', async () => {
    const counted: { readonly labels: Labels | undefined; readonly added: number }[] = [];
    const observer: Observer = {
      ...silentObserver(),
      count: (metric, labels, added = 1) => {
        if (metric === 'tereze_records_total') counted.push({ labels, added });
      },
    };
    const passing: Quality = {
      contractVersion: () => '1.0.0',
      prepare: () => ({ check: () => ({ verdict: 'pass', findings: [] }), critical: new Set() }),
    };
    const { ask } = country({ observer, quality: passing });
    const { records } = await ask(HOUSING_QUEUE, { iin: APPLICANT });
    const registers = new Set(records.map(({ register }) => register));
    expect(records.length).to.be.greaterThan(registers.size);
    expect(counted.map(({ labels }) => labels)).to.deep.equal(
      [...registers].map((register) => ({ register, verdict: 'pass' })),
    );
    expect(counted.reduce((sum, { added }) => sum + added, 0)).to.equal(records.length);
  });
});
