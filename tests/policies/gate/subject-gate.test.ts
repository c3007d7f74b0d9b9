import { expect } from 'chai';
import type { ConsentState } from '../../../policies/consent/port.js';
import type { Permission } from '../../../policies/decision/port.js';
import { ProtectionUnavailable } from '../../../policies/protection/protection-unavailable.js';
import type { GateAnswer } from '../../../schemas/ports/gate.js';
import type { SubjectRef } from '../../../schemas/ports/gate.js';
import { ASSURANCES } from '../../../schemas/vocabulary.js';
import { Refusal } from '../../../schemas/refusal.js';
import { describeGate, type GateUnderTest } from '../../ports/gate.js';
import { PARTIES } from '../parties.js';
import { ADULT, CHILD, UNKNOWN_NUMBER, SPOUSE, STRANGE_CHILD, STRANGER } from '../people.js';
import {
  DECISIONS,
  PURPOSE,
  byLaw,
  disclose,
  linked,
  openGate,
  named,
  type Fixture,
  type FixtureState,
} from './gate-fixture.js';

const consent = (status: ConsentState['status'], categories: readonly string[], revision = 1): ConsentState => ({
  consentId: 'c-1',
  revision,
  categories,
  status,
});
const one = async ({ gate }: Fixture, subject = named(ADULT), ...categories: string[]): Promise<GateAnswer> => {
  const [answer] = await gate.decide([{ subject, categories: disclose(...categories) }]);
  return answer ?? expect.fail('no answer');
};
const failureOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => expect.fail('answered'),
    (error: unknown) => error,
  );

/** The agency holds a fact about the person. */
const TIED = { [ADULT]: ['list'] } as const;

describe('subject-gate', () => {
  it('grants by law a person with a nexus, with basis, nexus and policies', async () => {
    const answer = await one(openGate({ facts: { [ADULT]: ['list'] } }), named(ADULT), 'identity');
    expect([...answer.granted]).to.deep.equal([
      ['identity', { basis: 'public_task', nexus: 'list', policies: ['law-list'] }],
    ]);
    expect(answer.withheld.size).to.equal(0);
  });

  it('takes the first permission in order when several hold', async () => {
    const answer = await one(openGate({ facts: { [ADULT]: ['list', 'application'] } }), named(ADULT), 'identity');
    expect(answer.granted.get('identity')?.nexus).to.equal('application');
  });

  it('denies by law a person without a nexus, with nothing to ask a citizen', async () => {
    const answer = await one(openGate(), named(STRANGER), 'identity');
    expect([...answer.withheld]).to.deep.equal([['identity', { code: 'POLICY_DENIED' }]]);
  });

  it('denies categories that authorize did not decide, or denied', async () => {
    const answer = await one(openGate({ facts: { [ADULT]: ['list'] } }), named(ADULT), 'documents', 'nowhere');
    expect([...answer.withheld.values()]).to.deep.equal([{ code: 'POLICY_DENIED' }, { code: 'POLICY_DENIED' }]);
  });

  it('decides an access as asked: to read is not to disclose', async () => {
    const { gate } = openGate({ facts: { [ADULT]: ['list'] } });
    const [answer] = await gate.decide([
      { subject: named(ADULT), categories: [{ category: 'identity', access: 'read' }] },
    ]);
    expect(answer?.withheld.get('identity')).to.deep.equal({ code: 'POLICY_DENIED' });
  });

  it('takes a minor by law where an adult must consent', async () => {
    const fixture = openGate({ facts: { [ADULT]: ['application'], [CHILD]: ['application'] } });
    expect((await one(fixture, named(CHILD), 'land')).granted.get('land')?.basis).to.equal('public_task');
    expect((await one(fixture, named(ADULT), 'land')).withheld.get('land')?.code).to.equal('CONSENT_REQUIRED');
  });

  it('offers no consent where a consent would not do', async () => {
    const answer = await one(openGate(), named(STRANGE_CHILD), 'land');
    expect(answer.withheld.get('land')).to.deep.equal({ code: 'POLICY_DENIED' });
  });

  describe('by consent', () => {
    it('grants what a consent in force covers, with its revision', async () => {
      const answer = await one(
        openGate({ facts: TIED, consents: { [ADULT]: [consent('given', ['land'], 3)] } }),
        named(ADULT),
        'land',
      );
      expect(answer.granted.get('land')).to.deep.equal({
        basis: 'consent',
        policies: ['consent'],
        claim: { consentId: 'c-1', revision: 3 },
      });
    });

    it('grants nothing about a person who is not tied to the case, and asks for none of their consents', async () => {
      const given = { [STRANGER]: [consent('given', ['land'])], [SPOUSE]: [consent('given', ['land'])] };
      const fixture = openGate({ facts: TIED, consents: given });
      for (const subject of [
        named(STRANGER),
        linked(SPOUSE, 'household', named(ADULT)),
        linked(SPOUSE, 'spouse', named(STRANGER)),
      ])
        expect([...(await one(fixture, subject, 'land')).withheld]).to.deep.equal([
          ['land', { code: 'POLICY_DENIED' }],
        ]);
      expect([fixture.consentsAsked, fixture.sealed]).to.deep.equal([[], []]);
      expect((await one(fixture, linked(SPOUSE, 'spouse', named(ADULT)), 'land')).granted.size).to.equal(1);
    });

    it('needs no tie for a purpose that needs no case', async () => {
      const purpose = { ...PURPOSE, caseRequired: false };
      const state = { consents: { [ADULT]: [consent('given', ['land'])] } };
      expect((await one(openGate(state, { purpose, case: undefined }), named(ADULT), 'land')).granted.size).to.equal(1);
    });

    const stories: Record<string, [states: readonly ConsentState[], code: string]> = {
      'no one was asked': [[], 'CONSENT_REQUIRED'],
      'the consent covers something else': [[consent('given', ['vehicles'])], 'CONSENT_REQUIRED'],
      'it says less than is read': [[consent('outgrown', ['land'])], 'CONSENT_REQUIRED'],
      'it says less than is read, and another has ended before': [
        [consent('outgrown', ['land']), consent('expired', ['land'])],
        'CONSENT_REQUIRED',
      ],
      'it has ended': [[consent('expired', ['land'])], 'CONSENT_EXPIRED'],
      'it was withdrawn': [[consent('withdrawn', ['land'])], 'CONSENT_WITHDRAWN'],
      'it was withdrawn after another had ended': [
        [consent('withdrawn', ['land']), consent('expired', ['land'])],
        'CONSENT_WITHDRAWN',
      ],
      'it was withdrawn for something else': [
        [consent('withdrawn', ['vehicles']), consent('expired', ['land'])],
        'CONSENT_EXPIRED',
      ],
    };
    for (const [story, [states, code]] of Object.entries(stories)) {
      it(`says ${code} when ${story}`, async () => {
        const answer = await one(openGate({ facts: TIED, consents: { [ADULT]: states } }), named(ADULT), 'land');
        expect(answer.granted.size).to.equal(0);
        expect(answer.withheld.get('land')).to.deep.equal({ code, consentRequest: 'sealed-0' });
      });
    }

    it('prefers a consent in force to a later one withdrawn', async () => {
      const answer = await one(
        openGate({
          facts: TIED,
          consents: { [ADULT]: [consent('withdrawn', ['land'], 2), consent('given', ['land'], 1)] },
        }),
        named(ADULT),
        'land',
      );
      expect(answer.granted.get('land')?.claim?.revision).to.equal(1);
    });

    it('seals one request for all that the operation lacks from this person, and not for what they gave', async () => {
      const some = openGate({ facts: TIED });
      await one(some, named(ADULT), 'identity', 'land');
      expect(some.sealed).to.deep.equal([
        {
          agency: 'housing',
          purpose: 'housing_queue',
          caseNumber: 'HQ-2026-000101',
          categories: ['land', 'vehicles'],
          subject: ADULT,
        },
      ]);
      const rest = openGate({ facts: TIED, consents: { [ADULT]: [consent('given', ['vehicles'])] } });
      await one(rest, named(ADULT), 'land', 'vehicles');
      expect(rest.sealed.map(({ categories }) => categories)).to.deep.equal([['land']]);
      const outgrown = openGate({ facts: TIED, consents: { [ADULT]: [consent('outgrown', ['vehicles'])] } });
      await one(outgrown, named(ADULT), 'land');
      expect(outgrown.sealed.map(({ categories }) => categories)).to.deep.equal([['land', 'vehicles']]);
    });

    it('is not open to a caller without an agency', async () => {
      const fixture = openGate(
        { facts: TIED, consents: { [ADULT]: [consent('given', ['land'])] } },
        { caller: PARTIES.citizen },
      );
      expect((await one(fixture, named(ADULT), 'land')).withheld.get('land')).to.deep.equal({ code: 'POLICY_DENIED' });
      expect(fixture.consentsAsked).to.deep.equal([]);
    });

    it('asks for no consent of people that the law opens', async () => {
      const fixture = openGate({ facts: { [ADULT]: ['list'] } });
      await one(fixture, named(ADULT), 'identity');
      expect(fixture.consentsAsked).to.deep.equal([]);
    });
  });

  it('answers in the order of the questions, each subject for itself', async () => {
    const { gate } = openGate({
      facts: { [ADULT]: ['list'], [SPOUSE]: ['list'] },
      consents: { [SPOUSE]: [consent('given', ['land'])] },
    });
    const answers = await gate.decide(
      [STRANGER, SPOUSE, ADULT].map((id) => ({ subject: named(id), categories: disclose('identity', 'land') })),
    );
    expect(answers.map(({ granted }) => [...granted.keys()])).to.deep.equal([[], ['identity', 'land'], ['identity']]);
  });

  it('tells a number that no one has nothing else than a person who did not consent', async () => {
    const facts = { ...TIED, [UNKNOWN_NUMBER]: ['list'], [STRANGER]: ['list'] } as const;
    const state: FixtureState = { facts, consents: { [ADULT]: [consent('given', ['land'])] } };
    const told = async (id: string): Promise<unknown> => {
      const { gate, sealed } = openGate(state);
      const answers = await gate.decide(
        [named(ADULT), named(id)].map((subject) => ({ subject, categories: disclose('identity', 'land') })),
      );
      return {
        withheld: [...(answers[1]?.withheld ?? [])],
        granted: answers[1]?.granted.size,
        sealed: sealed.map((request) => ({ ...request, subject: 'x' })),
      };
    };
    expect(await told(UNKNOWN_NUMBER)).to.deep.equal(await told(STRANGER));
  });

  describe('asks as little as it can:', () => {
    it('one call each for many subjects, and none again for the same', async () => {
      const fixture = openGate({ facts: { ...TIED, [SPOUSE]: ['list'], [STRANGER]: ['list'] } });
      const questions = [ADULT, SPOUSE, STRANGER].map((id) => ({
        subject: named(id),
        categories: disclose('identity', 'land'),
      }));
      await fixture.gate.decide(questions);
      await fixture.gate.decide(questions);
      expect(fixture.consentsAsked.map(({ subjects }) => subjects)).to.deep.equal([[ADULT, SPOUSE, STRANGER]]);
      expect(fixture.consentsAsked[0]).to.deep.include({
        agency: 'housing',
        purpose: 'housing_queue',
        caseNumber: 'HQ-2026-000101',
      });
    });

    it('once for questions that come at the same time', async () => {
      const fixture = openGate({ facts: TIED });
      const questions = [{ subject: named(ADULT), categories: disclose('land') }];
      await Promise.all([
        fixture.gate.decide(questions),
        fixture.gate.decide(questions),
        fixture.gate.authorizeNamedSubjects([ADULT], DECISIONS),
      ]);
      expect(fixture.consentsAsked).to.have.length(1);
    });

    it('no one when nothing is asked', async () => {
      const fixture = openGate();
      expect(await fixture.gate.decide([])).to.deep.equal([]);
      expect(fixture.consentsAsked).to.deep.equal([]);
    });
  });

  it('refuses one person too many that answers name, over the whole request, and counts no one twice', async () => {
    const { gate } = openGate();
    await gate.authorizeNamedSubjects([ADULT, SPOUSE], []);
    for (const id of [SPOUSE, CHILD, STRANGER, STRANGE_CHILD, CHILD]) gate.countTold(linked(id, 'child', named(ADULT)));
    expect(() => gate.countTold(linked(UNKNOWN_NUMBER, 'child', named(ADULT))))
      .to.throw(Refusal)
      .with.property('code', 'TOO_MANY_SUBJECTS');
  });

  it('counts no one that the answer does not name', async () => {
    const { gate } = openGate();
    const found = [ADULT, SPOUSE, CHILD, STRANGER, STRANGE_CHILD, UNKNOWN_NUMBER];
    const answers = await gate.decide(
      found.map((id) => ({ subject: linked(id, 'owner', named(ADULT)), categories: disclose('identity') })),
    );
    expect(answers).to.have.length(found.length);
  });

  describe('says before anyone is known which categories no one behind a link can be granted', () => {
    const behind = async (state: FixtureState, role: string, via: SubjectRef): Promise<readonly string[]> => {
      const [answer] = await openGate(state).gate.decide([
        {
          subject: via,
          categories: disclose('identity'),
          links: [{ role, categories: disclose('identity', 'land', 'vehicles') }],
        },
      ]);
      return [...(answer?.closedLinks?.[0] ?? expect.fail('says nothing'))].sort();
    };

    it('as it says when they are known, for everyone that the link may lead to', async () => {
      for (const role of ['spouse', 'child', 'parent', 'owner'])
        for (const via of [named(ADULT), named(STRANGER), linked(SPOUSE, 'spouse', named(ADULT))]) {
          const state = { facts: { [ADULT]: ['application'] } } as FixtureState;
          const closed = await behind(state, role, via);
          for (const id of [SPOUSE, CHILD, STRANGER, STRANGE_CHILD]) {
            const [answer] = await openGate(state).gate.decide([
              { subject: linked(id, role, via), categories: disclose('identity', 'land', 'vehicles') },
            ]);
            for (const category of closed) expect(answer?.withheld.get(category)?.code).to.equal('POLICY_DENIED');
          }
        }
    });

    it('all, where the purpose does not know the role, or the link starts at no one with a fact of their own', async () => {
      const state = { facts: { [ADULT]: ['application'] } } as FixtureState;
      const all = ['identity', 'land', 'vehicles'];
      expect(await behind(state, 'owner', named(ADULT))).to.deep.equal(all);
      expect(await behind({}, 'spouse', named(ADULT))).to.deep.equal(all);
      expect(await behind(state, 'child', linked(SPOUSE, 'spouse', named(ADULT)))).to.deep.equal(all);
      expect(await behind(state, 'spouse', named(ADULT))).to.not.include('identity');
    });
  });

  it('rejects when the agency cannot be asked, every time', async () => {
    const nexusFails = new Error('down');
    const { gate } = openGate({ nexusFails });
    expect(await failureOf(one({ gate } as Fixture, named(ADULT), 'identity'))).to.equal(nexusFails);
    expect(await failureOf(one({ gate } as Fixture, named(ADULT), 'identity'))).to.equal(nexusFails);
    expect(await failureOf(gate.authorizeNamedSubjects([ADULT], DECISIONS))).to.equal(nexusFails);
  });

  it('rejects when the consents cannot be read, every time', async () => {
    const consentsFail = new Error('down');
    const { gate } = openGate({ facts: TIED, consentsFail });
    expect(await failureOf(one({ gate } as Fixture, named(ADULT), 'land'))).to.equal(consentsFail);
    expect(await failureOf(one({ gate } as Fixture, named(ADULT), 'land'))).to.equal(consentsFail);
  });

  describe('of protected people', () => {
    const told = ({ granted, withheld, absent = new Set() }: GateAnswer) => ({
      granted: [...granted.keys()],
      withheld: [...withheld],
      absent: [...absent],
    });

    it('makes absent what would be granted, by law or by consent', async () => {
      const state: FixtureState = {
        facts: { [ADULT]: ['application'] },
        consents: { [ADULT]: [consent('given', ['land'])] },
        protectedPeople: [ADULT],
      };
      expect(told(await one(openGate(state), named(ADULT), 'identity', 'land'))).to.deep.equal({
        granted: [],
        withheld: [],
        absent: ['identity', 'land'],
      });
    });

    it('makes a person absent that a link leads to', async () => {
      const reached = openGate({ facts: { [ADULT]: ['application'] }, protectedPeople: [SPOUSE] });
      expect(told(await one(reached, linked(SPOUSE, 'spouse', named(ADULT)), 'identity')).absent).to.deep.equal([
        'identity',
      ]);
    });

    it('makes them absent to themselves, unless they signed in with high assurance', async () => {
      const self: Permission = { basis: 'public_task', nexus: 'self', policies: ['own'], laws: ['L'] };
      const decisions = [{ category: 'identity', access: 'disclose' as const, permissions: [self] }];
      for (const assurance of ASSURANCES) {
        const fixture = openGate(
          { protectedPeople: [ADULT] },
          { caller: { ...PARTIES.citizen, assurance }, decisions },
        );
        const { granted, absent } = told(await one(fixture, named(ADULT), 'identity'));
        expect({ granted, absent }, assurance).to.deep.equal(
          assurance === 'high' ? { granted: ['identity'], absent: [] } : { granted: [], absent: ['identity'] },
        );
        expect(fixture.protectionAsked, 'the list is asked about them as about anyone').to.deep.equal([[ADULT]]);
      }
    });

    it('withholds what it withholds of anyone', async () => {
      for (const facts of [{}, { [ADULT]: ['application' as const] }]) {
        const [hidden, open] = await Promise.all(
          [[ADULT], []].map((protectedPeople) =>
            one(openGate({ facts, protectedPeople }), named(ADULT), 'identity', 'land', 'documents'),
          ),
        );
        expect(told(hidden!).withheld).to.deep.equal(told(open!).withheld);
        expect(told(hidden!).absent).to.deep.equal(told(open!).granted);
      }
    });

    it('leaves others in the same question as they are', async () => {
      const { gate } = openGate({ facts: { [ADULT]: ['application'] }, protectedPeople: [SPOUSE] });
      const answers = await gate.decide(
        [named(ADULT), linked(SPOUSE, 'spouse', named(ADULT))].map((subject) => ({
          subject,
          categories: disclose('identity'),
        })),
      );
      expect(answers.map((answer) => told(answer).granted)).to.deep.equal([['identity'], []]);
    });

    it('judges the people named as if they were not', async () => {
      const verdicts = await Promise.all(
        [[ADULT], []].map((protectedPeople) =>
          openGate({ facts: { [ADULT]: ['list'] }, protectedPeople }).gate.authorizeNamedSubjects([ADULT], DECISIONS),
        ),
      );
      expect(verdicts[0]).to.deep.equal(verdicts[1]);
    });

    it('asks about each person once in a request, all new ones in one call', async () => {
      const fixture = openGate();
      await fixture.gate.authorizeNamedSubjects([ADULT], DECISIONS);
      await fixture.gate.decide(
        [named(ADULT), linked(SPOUSE, 'spouse', named(ADULT)), linked(CHILD, 'child', named(ADULT))].map((subject) => ({
          subject,
          categories: disclose('land'),
        })),
      );
      await fixture.gate.decide([{ subject: named(CHILD), categories: disclose('documents') }]);
      expect(fixture.protectionAsked).to.deep.equal([[ADULT], [SPOUSE, CHILD]]);
    });

    it('refuses when the list cannot be asked, for every person', async () => {
      const { gate } = openGate({
        facts: { [ADULT]: ['application'] },
        protectionFails: new ProtectionUnavailable('transport'),
      });
      for (const asked of [
        gate.authorizeNamedSubjects([ADULT], DECISIONS),
        one({ gate } as Fixture, named(ADULT), 'identity'),
        one({ gate } as Fixture, named(STRANGER), 'documents'),
      ]) {
        expect(await failureOf(asked))
          .to.be.instanceOf(Refusal)
          .that.includes({ code: 'PROTECTION_UNAVAILABLE' });
      }
    });
  });

  describe('authorizeNamedSubjects', () => {
    it('passes a person that a fact ties to the case, consents pending', async () => {
      expect(
        await openGate({ facts: { [ADULT]: ['list'] } }).gate.authorizeNamedSubjects([ADULT], DECISIONS),
      ).to.deep.equal({
        denied: false,
        reasons: [],
        categories: [],
      });
    });

    it('denies when one of those named is not tied', async () => {
      const verdict = await openGate({ facts: { [ADULT]: ['list'] } }).gate.authorizeNamedSubjects(
        [ADULT, STRANGER],
        DECISIONS,
      );
      expect(verdict).to.deep.equal({
        denied: true,
        reasons: ['nexus'],
        categories: disclose('identity', 'land', 'vehicles'),
      });
    });

    it('counts those named towards the ceiling', async () => {
      const error = await failureOf(
        openGate().gate.authorizeNamedSubjects(
          [ADULT, SPOUSE, CHILD, STRANGER, STRANGE_CHILD, UNKNOWN_NUMBER],
          DECISIONS,
        ),
      );
      expect((error as Refusal).code).to.equal('TOO_MANY_SUBJECTS');
    });
  });
});

const CONTRACT_STATE: FixtureState = {
  facts: { [ADULT]: ['application'], [SPOUSE]: ['list'], [CHILD]: ['application'] },
  consents: { [ADULT]: [consent('given', ['land'], 3)], [SPOUSE]: [consent('withdrawn', ['vehicles'])] },
  protectedPeople: [CHILD],
  protectedDwellings: ['D-1'],
};

function underContract(): GateUnderTest {
  const decisions = {
    decisions: [...DECISIONS, { category: 'identity', access: 'read' as const, permissions: [byLaw('application')] }],
  };
  const everything = [
    ...disclose('identity', 'land', 'vehicles', 'documents', 'nowhere'),
    { category: 'identity', access: 'read' as const },
    { category: 'land', access: 'read' as const },
  ];
  const people = [named(ADULT), linked(SPOUSE, 'spouse', named(ADULT)), named(CHILD), named(ADULT), named(STRANGER)];
  return {
    gate: openGate(CONTRACT_STATE, decisions).gate,
    questions: people.map((subject, position) => ({
      subject,
      categories: everything,
      ...(position > 2 ? {} : { dwellings: ['D-1', `D-${position}`] }),
    })),
    failing: openGate({ ...CONTRACT_STATE, nexusFails: new Error('no case system') }, decisions).gate,
  };
}

describeGate('The gate of a request', underContract);
