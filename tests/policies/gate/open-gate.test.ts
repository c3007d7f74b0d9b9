import { expect } from 'chai';
import { createOpenGate, type GateOpening } from '../../../policies/gate/open-gate.js';
import { NOTHING_PROTECTED } from '../../../policies/protection/http-protection.js';
import { Refusal } from '../../../schemas/refusal.js';
import { standingClock } from '../../doubles.js';
import { PARTIES } from '../parties.js';
import { ADULT, STRANGER } from '../people.js';
import { byLaw, PURPOSE } from './gate-fixture.js';
import { rejection } from '../../rejection.js';

const FACT_DATE = '2026-03-02';

describe('open-gate', () => {
  const asked: string[] = [];
  const openGate = createOpenGate({
    purposes: { names: [PURPOSE.name], get: (name) => (name === PURPOSE.name ? PURPOSE : undefined) },
    consents: { states: async () => new Map() },
    protection: { amongThem: async () => NOTHING_PROTECTED },
    requests: { seal: ({ subject }) => (asked.push(String(subject)), 'sealed') },
    standIns: { decoys: [], secret: Buffer.from('s') },
    clock: standingClock(undefined, FACT_DATE),
  });
  const opening = (changed: Partial<GateOpening> = {}): GateOpening => ({
    caller: PARTIES.housing,
    purpose: PURPOSE.name,
    case: { agency: 'housing', number: 'HQ-1' },
    decisions: [
      { category: 'identity', access: 'disclose', permissions: [byLaw('list')] },
      {
        category: 'land',
        access: 'disclose',
        permissions: [{ basis: 'consent', policies: ['c'], laws: [] }],
      },
    ],
    reads: new Map(),
    deadline: 1_000,
    caseFacts: async () => new Map([[ADULT, [{ kind: 'list', reference: 'R-1' }]]]),
    ...changed,
  });
  const identity = [{ category: 'identity', access: 'disclose' as const }];
  const land = [{ category: 'land', access: 'disclose' as const }];

  it('refuses a purpose that the purposes file does not have', () => {
    expect(() => openGate(opening({ purpose: 'curiosity' })))
      .to.throw(Refusal)
      .that.deep.includes({ code: 'PURPOSE_REQUIRED', reasons: ['purpose_unknown'] });
  });

  it('denies outright only where neither law nor consent can open a category', async () => {
    const gate = openGate(opening());
    expect(await gate.closedTo([ADULT], identity)).to.deep.equal([]);
    expect(await gate.closedTo([STRANGER], identity)).to.deep.equal(['identity']);
    expect(await gate.closedTo([ADULT], land)).to.deep.equal([]);
    expect(await gate.closedTo([STRANGER], land)).to.deep.equal(['land']);
    expect(await gate.closedTo([ADULT, STRANGER], identity)).to.deep.equal(['identity']);
  });

  it('decides as the gate of a request, and seals the request for a missing consent', async () => {
    const [answer] = await openGate(opening()).decide([
      { subject: { id: ADULT, role: 'self' }, categories: [...identity, ...land] },
    ]);
    expect([...(answer?.granted.keys() ?? [])]).to.deep.equal(['identity']);
    expect(answer?.withheld.get('land')).to.deep.equal({ code: 'CONSENT_REQUIRED', consentRequest: 'sealed' });
    expect(asked).to.deep.equal([ADULT]);
  });

  it('decides nothing in a case that is not open, also where the question names no one', async () => {
    const closed = new Refusal('CASE_NOT_OPEN', { reasons: ['case_closed'] });
    const gate = openGate(opening({ caseFacts: () => Promise.reject(closed) }));
    expect(await rejection(gate.closedTo([], []))).to.equal(closed);
    expect(await rejection(gate.closedTo([ADULT], land))).to.equal(closed);
    expect(await rejection(gate.decide([{ subject: { id: ADULT, role: 'self' }, categories: land }]))).to.equal(closed);
  });
});
