import { expect } from 'chai';
import type { WithheldField } from '../../../../gateway/execution/port.js';
import { country } from '../country.js';
import { APPLICANT, CHILD, fakeGate, type Ran, type World } from '../harness.js';

const FAMILY = `query Q($iin: Iin!) {
  citizen(iin: $iin) { lastName spouse { lastName lands { area } } children { iin children { iin } } }
}`;

/** A family in which the gate grants everything, but no one behind links of these roles can be granted anything. */
const closing = (...roles: readonly string[]): World =>
  country({
    gate: fakeGate(
      () => true,
      (role) => roles.includes(role),
    ),
  });

/** What an answer tells beside the record of the person that it names. */
const outcome = ({ errors, withheld, data, registers, subjects }: Ran) => ({
  errors: errors.map(({ path, extensions }) => ({ path, code: extensions?.['code'] })),
  withheld: withheld.map(({ path, category, code }: WithheldField) => ({ path, category, code })),
  citizen: { ...(data?.['citizen'] as object), lastName: 'X' },
  calls: registers.map(({ register, calls }) => ({ register, calls })),
  people: subjects.length,
});

describe('a link whose people no rule and no consent can open', () => {
  it('is withheld without a call, alike for someone who has many of them and for someone who has none', async () => {
    const many = closing('spouse', 'child');
    const none = closing('spouse', 'child');
    const told = outcome(await many.ask(FAMILY, { iin: APPLICANT }));
    expect(told).to.deep.equal(outcome(await none.ask(FAMILY, { iin: CHILD })));
    expect(told.citizen).to.deep.equal({ lastName: 'X', spouse: null, children: null });
    expect(told.withheld.map(({ path, code }) => `${path.join('.')} ${code}`)).to.deep.equal([
      'citizen.spouse POLICY_DENIED',
      'citizen.children POLICY_DENIED',
    ]);
    expect(told.people).to.equal(1);
    expect(JSON.stringify(many.calls)).to.not.match(/spouse|children/);
  });

  it('leaves other links as they are', async () => {
    const { ask } = closing('spouse');
    const { data, withheld } = await ask(FAMILY, { iin: APPLICANT });
    const { spouse, children } = data?.['citizen'] as Record<string, unknown>;
    expect(spouse).to.equal(null);
    expect(children).to.have.length(2);
    expect(withheld.map(({ path }) => path.join('.'))).to.deep.equal(['citizen.spouse']);
  });

  it('is asked for where only some of what is beyond it is closed', async () => {
    const { ask } = country({
      gate: fakeGate(
        () => true,
        (_, category) => category === 'property.land',
      ),
    });
    const { data } = await ask(FAMILY, { iin: APPLICANT });
    expect(data).to.have.nested.property('citizen.spouse.lastName', 'Spouse');
  });

  it('counts no one of those who stay hidden, and everyone that the answer names', async () => {
    const hidden = closing('spouse', 'child');
    await hidden.ask(FAMILY, { iin: APPLICANT });
    expect(hidden.gate.told).to.deep.equal([]);
    const open = closing();
    const { subjects } = await open.ask(FAMILY, { iin: APPLICANT });
    expect(new Set(open.gate.told).size).to.equal(subjects.length - 1);
  });

  it('counts no one of a list that is withheld because one of them is', async () => {
    const { ask, gate } = country({
      gate: fakeGate(({ subject }) => (subject.id === CHILD ? 'CONSENT_REQUIRED' : true)),
    });
    const { data } = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName children { iin } } }', {
      iin: APPLICANT,
    });
    expect(data).to.have.nested.property('citizen.children', null);
    expect(gate.told).to.deep.equal([]);
  });
});
