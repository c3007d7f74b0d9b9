import { expect } from 'chai';
import { ADULT } from '../people.js';
import { byConsent, byLaw, DECISIONS, disclose, named, openGate } from './gate-fixture.js';

/** The agency holds a fact about the person. */
const TIED = { [ADULT]: ['list'] } as const;

describe('the gate asks about consents', () => {
  it('about named people while the case is being looked at, and not again', async () => {
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => (answer = resolve));
    const fixture = openGate(
      {},
      { caseFacts: () => asked.then(() => new Map([[ADULT, [{ kind: 'list', reference: 'r' }]]])) },
    );
    const authorized = fixture.gate.authorizeNamedSubjects([ADULT], DECISIONS);
    await Promise.resolve();
    expect(fixture.consentsAsked.map(({ subjects }) => subjects)).to.deep.equal([[ADULT]]);
    answer();
    await authorized;
    await fixture.gate.decide([{ subject: named(ADULT), categories: disclose('land') }]);
    expect(fixture.consentsAsked).to.have.length(1);
  });

  it('about no consent of people who cannot consent by any rule', async () => {
    const lawful = DECISIONS.filter(({ category }) => category === 'identity');
    const fixture = openGate({ facts: TIED, consentsFail: new Error('down') }, { decisions: lawful });
    await fixture.gate.authorizeNamedSubjects([ADULT], lawful);
    expect(fixture.consentsAsked).to.deep.equal([]);
  });

  it('about no consent of named people who need none, though others may', async () => {
    const fixture = openGate({ facts: TIED, consentsFail: new Error('down') });
    await fixture.gate.authorizeNamedSubjects([ADULT], disclose('identity'));
    const [answer] = await fixture.gate.decide([{ subject: named(ADULT), categories: disclose('identity') }]);
    expect([...(answer?.granted.keys() ?? [])]).to.deep.equal(['identity']);
    expect(fixture.consentsAsked).to.deep.equal([]);
  });

  it('once the facts of the case say that law does not open what it can open, before the person is decided on', async () => {
    const decisions = [
      { category: 'land', access: 'disclose', permissions: [byLaw('application'), byConsent] },
    ] as const;
    const fixture = openGate({ facts: TIED }, { decisions });
    await fixture.gate.authorizeNamedSubjects([ADULT], disclose('land'));
    expect(fixture.consentsAsked.map(({ subjects }) => subjects)).to.deep.equal([[ADULT]]);
    await fixture.gate.decide([{ subject: named(ADULT), categories: disclose('land') }]);
    expect(fixture.consentsAsked).to.have.length(1);
  });

  it('and fails on consents that cannot be read only where one is needed', async () => {
    const fixture = openGate({ facts: TIED, consentsFail: new Error('down') });
    await fixture.gate.authorizeNamedSubjects([ADULT], DECISIONS);
    const [answer] = await fixture.gate.decide([{ subject: named(ADULT), categories: disclose('identity') }]);
    expect([...(answer?.granted.keys() ?? [])]).to.deep.equal(['identity']);
    const failure = await fixture.gate.decide([{ subject: named(ADULT), categories: disclose('land') }]).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.include({ message: 'down' });
  });
});
