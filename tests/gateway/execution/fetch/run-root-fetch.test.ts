import { expect } from 'chai';
import { country, withholding } from '../country.js';
import { APPLICANT, fakeGate, UNKNOWN_NUMBER, plain, SPOUSE, told } from '../harness.js';

describe('execution: root fetch', () => {
  it('asks the gate about the person that the argument names, before the call', async () => {
    const { ask, gate } = country();
    await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName } }', { iin: APPLICANT });
    expect(gate.batches[0]?.map(({ subject }) => subject)).to.deep.equal([{ id: APPLICANT, role: 'self' }]);
    expect(gate.batches[0]?.[0]?.categories).to.deep.equal([
      { category: 'population.identifier', access: 'read' },
      { category: 'population.identity', access: 'disclose' },
    ]);
  });

  it('takes a handle from a variable only, where it has been resolved', async () => {
    const { plan, run, calls } = country();
    const named = await plan('query Q($h: PersonHandle!) { person(handle: $h) { birthYear } }');
    expect(plain((await run(named, { variables: { h: APPLICANT } })).data)).to.deep.equal({
      person: { birthYear: 1980 },
    });
    const literal = JSON.parse(
      JSON.stringify(named).replaceAll(
        '{"kind":"Variable","name":{"kind":"Name","value":"h"}}',
        '{"kind":"StringValue","value":"a handle"}',
      ),
    ) as typeof named;
    expect(told(await run(literal))).to.deep.equal(['person: POLICY_DENIED']);
    expect(calls).to.have.length(1);
  });

  it('cuts what is not granted out of the call', async () => {
    const { ask, calls } = country({ gate: withholding('population.identity', 'population.documents') });
    const outcome = await ask(
      'query Q($iin: Iin!) { citizen(iin: $iin) { iin lastName lifeStatus documents { type } } }',
      { iin: APPLICANT },
    );
    expect(calls[0]?.groups[0]?.fields).to.deep.equal(['citizen.iin', 'citizen.lifeStatus']);
    expect(calls[0]?.groups[0]?.operation).to.equal(
      'query Q($iin: Iin!) { citizen(iin: $iin) { iin lifeStatus } }'.replace('query Q', 'query '),
    );
    expect(told(outcome)).to.deep.equal(['citizen.lastName: CONSENT_REQUIRED', 'citizen.documents: CONSENT_REQUIRED']);
    expect(plain(outcome.data)).to.deep.equal({
      citizen: { iin: APPLICANT, lastName: null, lifeStatus: 'ALIVE', documents: null },
    });
  });

  it('withholds the whole when nothing below is granted, and makes no call', async () => {
    const { ask, calls } = country({ gate: withholding('population.identity') });
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName firstName } }', { iin: APPLICANT });
    expect(told(outcome)).to.deep.equal(['citizen: CONSENT_REQUIRED']);
    expect(outcome.withheld[0]?.category).to.equal('population.identity');
    expect(calls).to.have.length(0);
  });

  it('decides apart on two persons asked about in one fetch', async () => {
    const { ask, calls, gate } = country({ gate: withholding(['population.identity', SPOUSE]) });
    const outcome = await ask(
      'query Q($a: Iin!, $b: Iin!) { a: citizen(iin: $a) { iin lastName } b: citizen(iin: $b) { iin lastName } }',
      { a: APPLICANT, b: SPOUSE },
    );
    expect(gate.batches[0]).to.have.length(2);
    expect(calls[0]?.groups[0]?.fields).to.deep.equal(['_a_a.iin', '_a_a.lastName', '_a_b.iin']);
    expect(plain(outcome.data)).to.deep.equal({
      a: { iin: APPLICANT, lastName: 'Applicant' },
      b: { iin: SPOUSE, lastName: null },
    });
    expect(told(outcome)).to.deep.equal(['b.lastName: CONSENT_REQUIRED']);
  });

  it('asks about one person once, however often the document names them', async () => {
    const { ask, gate } = country();
    await ask('query Q($a: Iin!) { a: citizen(iin: $a) { lastName } b: citizen(iin: $a) { lifeStatus } }', {
      a: APPLICANT,
    });
    expect(gate.batches[0]).to.have.length(1);
  });

  it('tells a caller with a basis that no one has the number', async () => {
    const { ask } = country();
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName lands { area } } }', {
      iin: UNKNOWN_NUMBER,
    });
    expect(plain(outcome.data)).to.deep.equal({ citizen: null });
    expect(outcome.errors).to.deep.equal([]);
  });

  it('releases nothing when a register answers about someone else', async () => {
    const { ask, adapters, calls } = country();
    const population = adapters.get('population')!;
    population.intercept = async (_call, answer) => {
      const [group] = answer();
      return [
        {
          ...group!,
          records: [{ citizen: { ...(group!.records[0]!['citizen'] as object), iin: SPOUSE, _g_iin: SPOUSE } }],
        },
      ];
    };
    for (const fields of ['iin lastName lands { area }', 'lastName']) {
      const outcome = await ask(`query Q($iin: Iin!) { citizen(iin: $iin) { ${fields} } }`, { iin: APPLICANT });
      expect(told(outcome)).to.deep.equal(['citizen: REGISTER_MALFORMED_RESPONSE']);
      expect(plain(outcome.data)).to.deep.equal({ citizen: null });
    }
    expect(calls.filter(({ register }) => register === 'property')).to.have.length(0);
  });

  it('asks no one when the gate fails, and rejects', async () => {
    const gate = { ...fakeGate(), decide: () => Promise.reject(new Error('consents unreachable')) };
    const { ask, calls } = country({ gate });
    const failure = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName } }', { iin: APPLICANT }).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(Error);
    expect(calls).to.have.length(0);
  });

  it('rejects when the gate answers for fewer than it was asked, or says nothing of a category', async () => {
    const silent = { ...fakeGate(), decide: async () => [] };
    const { ask, calls } = country({ gate: silent });
    expect(
      await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName } }', { iin: APPLICANT }).catch(
        (error: unknown) => error,
      ),
    ).to.be.instanceOf(Error);
    const forgetful = { ...fakeGate(), decide: async () => [{ granted: new Map(), withheld: new Map() }] };
    const other = country({ gate: forgetful });
    const outcome = await other.ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName } }', { iin: APPLICANT });
    expect(told(outcome)).to.deep.equal(['citizen: POLICY_DENIED']);
    expect([...calls, ...other.calls]).to.have.length(0);
  });
});
