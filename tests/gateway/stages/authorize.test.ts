import { expect } from 'chai';
import { authorizeQuestion, type AuthorizeQuestionDependencies } from '../../../gateway/stages/authorize/graphql.js';
import { authorizeHandle } from '../../../gateway/stages/authorize/handles.js';
import type { Planned } from '../../../gateway/request.js';
import type { QuestionWork } from '../../../gateway/stages/plan/graphql.js';
import type { CategoryQuestion } from '../../../policies/decision/permissions.js';
import type { CategoryDecision, DecisionEngine, Permission } from '../../../policies/decision/port.js';
import type { GateOpening } from '../../../policies/gate/open-gate.js';
import { NexusUnavailable } from '../../../policies/nexus/nexus-unavailable.js';
import type { CaseStatus, NexusAnswer, NexusQuestion } from '../../../policies/nexus/port.js';
import type { Refusal } from '../../../schemas/refusal.js';
import { deniedWithoutPerson, standingClock } from '../../doubles.js';
import { APPLICANT, planned, plannedDocument } from './requests.js';

const CONFIRMED_AT = '2026-11-23T10:00:00.000Z';
const HANDLE = 'h'.repeat(43);

const allowed = (category: string): CategoryDecision => ({
  category,
  access: 'disclose',
  permissions: [{ basis: 'public_task', nexus: 'application', policies: ['p'], laws: [] }],
});

interface Seen {
  readonly asked: string[];
  readonly nexusAsked?: NexusQuestion[];
  opening?: GateOpening;
}

const FACTS: NexusAnswer['facts'] = new Map([[APPLICANT, [{ kind: 'application', reference: 'R-1' }]]]);

function dependencies(
  seen: Seen,
  overrides: Partial<AuthorizeQuestionDependencies> & {
    denied?: readonly string[];
    outright?: boolean;
    caseIs?: CaseStatus | Error;
  } = {},
): AuthorizeQuestionDependencies {
  return {
    handles: {
      issue: () => Promise.reject(new Error('not asked')),
      resolve: async ({ handle }) => (handle === HANDLE ? APPLICANT : undefined),
      people: async () => [],
    },
    permissionsFor: ({ category, access }) => {
      seen.asked.push(`${access} ${category}`);
      return overrides.denied?.includes(category)
        ? { category, access, permissions: [] }
        : { ...allowed(category), access };
    },
    openGate: (opening) => {
      seen.opening = opening;
      return {
        decide: async () => [],
        decideWithoutPerson: deniedWithoutPerson,
        countTold: () => undefined,
        closedTo: async () => {
          await opening.caseFacts();
          return overrides.outright ? ['population.identity'] : [];
        },
      };
    },
    nexus: {
      facts: async (question) => {
        seen.nexusAsked?.push(question);
        const { caseIs = 'open' } = overrides;
        if (caseIs instanceof Error) throw caseIs;
        return { status: caseIs, facts: FACTS };
      },
    },
    clock: standingClock(CONFIRMED_AT),
    onDenied: 'refuse',
    isStateCurrent: () => true,
    isAnchorOverdue: () => false,
    leastAssurance: () => 'substantial',
    acrValuesFor: (least, issuer) => [`${issuer}#${least}`],
    ...overrides,
  };
}

const refusalOf = (attempt: Promise<unknown>): Promise<Refusal> =>
  attempt.then(
    () => expect.fail('was not refused'),
    (error: unknown) => error as Refusal,
  );

describe('authorize', () => {
  it('decides on everything that the plan reads, keys included', async () => {
    const seen: Seen = { asked: [] };
    const authorized = await authorizeQuestion(planned(), dependencies(seen));
    expect(seen.asked).to.deep.equal([
      'disclose population.identity',
      'read population.identifier',
      'disclose property.land',
    ]);
    expect(authorized.subjects).to.deep.equal([APPLICANT]);
    expect([...(seen.opening?.reads ?? [])]).to.deep.equal([
      ['population.identity', ['Citizen.lastName']],
      ['population.identifier', ['Citizen.iin']],
      ['property.land', ['Land.area']],
    ]);
  });

  it('refuses the whole for one denied category and names only what the client wrote', async () => {
    const refusal = await refusalOf(
      authorizeQuestion(planned(), dependencies({ asked: [] }, { denied: ['population.identifier'] })),
    );
    expect(refusal.code).to.equal('POLICY_DENIED');
    expect(refusal.paths).to.deep.equal([['citizen', 'lands']]);
  });

  it('opens the gate instead where denied categories are withheld', async () => {
    const seen: Seen = { asked: [] };
    await authorizeQuestion(planned(), dependencies(seen, { denied: ['property.land'], onDenied: 'withhold' }));
    expect(seen.opening?.decisions.find(({ category }) => category === 'property.land')?.permissions).to.deep.equal([]);
  });

  it('refuses when nothing ties a named person to the case', async () => {
    const refusal = await refusalOf(authorizeQuestion(planned(), dependencies({ asked: [] }, { outright: true })));
    expect(refusal).to.deep.include({ code: 'POLICY_DENIED', reasons: ['nexus'] });
  });

  it('refuses a person after too weak an authentication, before anything is decided and anyone is asked', async () => {
    const people: readonly Pick<Planned<QuestionWork>, 'caller' | 'case'>[] = [
      { caller: { system: 'portal', kind: 'citizen', person: APPLICANT, assurance: 'low' }, case: undefined },
      {
        caller: {
          system: 'desk',
          kind: 'officer',
          officer: 'o-1',
          agency: { id: 'housing', bin: '' },
          assurance: 'none',
        },
        case: planned().case,
      },
    ];
    for (const { caller, case: matter } of people) {
      const seen: Seen = { asked: [], nexusAsked: [] };
      const refusal = await refusalOf(
        authorizeQuestion(planned({ caller, case: matter }), dependencies(seen, { denied: ['population.identifier'] })),
      );
      expect(refusal).to.deep.include({
        code: 'ASSURANCE_TOO_LOW',
        reasons: ['assurance_substantial'],
        acrValues: ['https://issuer.test#substantial'],
        categories: ['population.identity', 'population.identifier', 'property.land'],
      });
      expect(seen).to.deep.equal({ asked: [], nexusAsked: [] });
      const strong = { ...caller, assurance: 'substantial' } as const;
      await authorizeQuestion(planned({ caller: strong, case: matter }), dependencies(seen));
    }
  });

  it('replaces a handle by the person it stands for, and asks the case system about that person', async () => {
    const seen: Seen = { asked: [], nexusAsked: [] };
    const document = plannedDocument({
      handleVariables: ['person'],
      rootSubjects: [{ register: 'population', field: 'person', source: { variable: 'person' }, form: 'handle' }],
    });
    const authorized = await authorizeQuestion(
      planned({ work: { planned: document, text: '', variables: { person: HANDLE } } }),
      dependencies(seen),
    );
    expect(authorized.allowed.variables).to.deep.equal({ person: APPLICANT });
    expect(seen.nexusAsked?.map(({ subjects }) => subjects)).to.deep.equal([[APPLICANT]]);
  });

  it('refuses a handle that does not resolve', async () => {
    const document = plannedDocument({
      handleVariables: ['person'],
      rootSubjects: [{ register: 'population', field: 'person', source: { variable: 'person' }, form: 'handle' }],
    });
    const refusal = await refusalOf(
      authorizeQuestion(
        planned({ work: { planned: document, text: '', variables: { person: 'x'.repeat(43) } } }),
        dependencies({ asked: [] }),
      ),
    );
    expect(refusal.code).to.equal('HANDLE_INVALID');
  });

  it('refuses a root field whose subject argument has no value', async () => {
    const document = plannedDocument({
      rootSubjects: [{ register: 'population', field: 'citizen', form: 'identifier' }],
    });
    const refusal = await refusalOf(
      authorizeQuestion(planned({ work: { planned: document, text: '', variables: {} } }), dependencies({ asked: [] })),
    );
    expect(refusal).to.deep.include({ code: 'POLICY_DENIED', reasons: ['no_subject'] });
  });

  describe('a root field that names no person', () => {
    const document = plannedDocument({
      rootSubjects: [{ register: 'business', field: 'organisation' }],
      footprint: [
        {
          register: 'business',
          coordinate: 'Organisation.name',
          category: 'business.organisation',
          access: 'disclose',
          clientPaths: ['organisation.name'],
          ofNamed: false,
          ofNoPerson: true,
        },
      ],
    });
    const request = () => planned({ work: { planned: document, text: '', variables: {} } });
    const given = (permission: Permission) => ({
      ...dependencies({ asked: [] }),
      permissionsFor: ({ category, access }: CategoryQuestion) => ({ category, access, permissions: [permission] }),
    });

    it('is allowed where the rules ask for no nexus, and names no one', async () => {
      const authorized = await authorizeQuestion(
        request(),
        given({ basis: 'legal_obligation', policies: ['p'], laws: [] }),
      );
      expect(authorized.subjects).to.deep.equal([]);
    });

    for (const [why, permission] of [
      ['a nexus is needed', { basis: 'legal_obligation', nexus: 'list', policies: ['p'], laws: [] }],
      ['only a consent opens it', { basis: 'consent', policies: ['p'], laws: [] }],
    ] as const)
      it(`is refused, with its paths, where ${why}`, async () => {
        const refusal = await refusalOf(authorizeQuestion(request(), given(permission)));
        expect(refusal).to.deep.include({ code: 'POLICY_DENIED', reasons: ['no_subject'] });
        expect(refusal.paths).to.deep.equal([['organisation', 'name']]);
      });
  });

  it('refuses a question before anything is asked while too little of the log is proven outside', async () => {
    const seen: Seen = { asked: [], nexusAsked: [] };
    const refusal = await refusalOf(
      authorizeQuestion(planned(), { ...dependencies(seen), isAnchorOverdue: () => true }),
    );
    expect(refusal).to.deep.include({ code: 'AUDIT_UNAVAILABLE', status: 503, reasons: ['anchor_overdue'] });
    expect(seen).to.deep.equal({ asked: [], nexusAsked: [] });
    const both = { ...dependencies(seen), isAnchorOverdue: () => true, isStateCurrent: () => false };
    expect(await refusalOf(authorizeQuestion(planned(), both))).to.include({ code: 'STATE_NOT_CURRENT' });
  });

  describe('the case', () => {
    const CONFIRMED = { agency: 'housing', number: 'HQ-2026-000101', status: 'verified', confirmedAt: CONFIRMED_AT };

    it('is confirmed in one call, with the facts that the gate is given, and stated as verified', async () => {
      const seen: Seen = { asked: [], nexusAsked: [] };
      const authorized = await authorizeQuestion(planned(), dependencies(seen));
      expect(await seen.opening?.caseFacts()).to.equal(FACTS);
      expect(seen.nexusAsked).to.deep.equal([
        {
          case: { agency: 'housing', number: 'HQ-2026-000101' },
          purpose: 'housing_queue',
          subjects: [APPLICANT],
          deadline: 10_000,
        },
      ]);
      expect(authorized.question.case).to.deep.equal(CONFIRMED);
      expect(authorized.access.caseFound).to.deep.equal({ status: 'verified', confirmedAt: CONFIRMED_AT });
    });

    it('is confirmed also where the question names no one', async () => {
      const seen: Seen = { asked: [], nexusAsked: [] };
      const general = planned({
        work: { planned: plannedDocument({ rootSubjects: [], footprint: [] }), text: '', variables: {} },
      });
      const authorized = await authorizeQuestion(general, dependencies(seen));
      expect(seen.nexusAsked?.map(({ subjects }) => subjects)).to.deep.equal([[]]);
      expect(authorized.question.case).to.deep.equal(CONFIRMED);
    });

    for (const status of ['closed', 'unknown'] as const) {
      it(`refuses the request if it is ${status}, and keeps what was found for the entry`, async () => {
        const request = planned();
        const refusal = await refusalOf(authorizeQuestion(request, dependencies({ asked: [] }, { caseIs: status })));
        expect(refusal).to.deep.include({ code: 'CASE_NOT_OPEN', reasons: [`case_${status}`] });
        expect(request.access.caseFound).to.deep.equal({ status });
      });
    }

    it('of another agency refuses the request, and no case system is asked', async () => {
      for (const onDenied of ['refuse', 'withhold'] as const) {
        const seen: Seen = { asked: [], nexusAsked: [] };
        const foreign = planned({ case: { agency: 'social', number: 'PS-2026-000201' } });
        const denied = ['population.identity', 'population.identifier', 'property.land'];
        const refusal = await refusalOf(authorizeQuestion(foreign, dependencies(seen, { denied, onDenied })));
        expect(refusal).to.deep.include({ code: 'CASE_NOT_OPEN', reasons: ['case_foreign'] });
        expect(seen.nexusAsked).to.deep.equal([]);
        expect(foreign.access.caseFound).to.deep.equal({});
      }
    });

    it('is not asked about where a category is denied anyway', async () => {
      const seen: Seen = { asked: [], nexusAsked: [] };
      await refusalOf(authorizeQuestion(planned(), dependencies(seen, { denied: ['property.land'] })));
      expect(seen.nexusAsked).to.deep.equal([]);
    });

    for (const kind of ['timeout', 'transport', 'failed', 'malformed'] as const) {
      it(`refuses the request if the case system gives no answer: ${kind}`, async () => {
        const request = planned();
        const caseIs = new NexusUnavailable(kind, { reason: 'deadline' });
        const refusal = await refusalOf(authorizeQuestion(request, dependencies({ asked: [] }, { caseIs })));
        expect(refusal).to.deep.include({ code: 'NEXUS_UNAVAILABLE', reasons: [kind] });
        expect(request.access.caseFound).to.deep.equal({});
      });
    }

    it('that is named is confirmed for whichever purpose; where none is named, no one is asked', async () => {
      const seen: Seen = { asked: [], nexusAsked: [] };
      const without = planned({ case: undefined });
      const question = { ...without.question, case: null };
      const authorized = await authorizeQuestion({ ...without, question }, dependencies(seen));
      expect(seen.nexusAsked).to.deep.equal([]);
      expect(authorized.question.case).to.equal(null);
    });
  });

  describe('a handle', () => {
    const work = { subject: APPLICANT, receiver: 'appeals-ai' };
    const allowing: DecisionEngine = {
      digest: 'd',
      mayAllow: () => true,
      concernsPeople: () => true,
      decide: () => ({ allowed: true, policies: ['p'], laws: [], errors: [] }),
    };
    const issuing = (caseIs: CaseStatus | Error = 'open', request = planned(), isAnchorOverdue = false) =>
      authorizeHandle(
        { ...request, work },
        {
          ...dependencies({ asked: [] }, { caseIs }),
          isAnchorOverdue: () => isAnchorOverdue,
          engine: allowing,
          statutoryBases: () => ['public_task'],
        },
      );

    it('is issued in an open case', async () => {
      const { question, subjects } = await issuing();
      expect(question.case).to.include({ status: 'verified', confirmedAt: CONFIRMED_AT });
      expect(subjects).to.deep.equal([APPLICANT]);
    });

    it('is issued to no officer after too weak an authentication', async () => {
      const caller = { ...planned().caller, kind: 'officer', officer: 'o-1', assurance: 'low' } as const;
      expect(await refusalOf(issuing('open', planned({ caller })))).to.include({ code: 'ASSURANCE_TOO_LOW' });
      await issuing('open', planned({ caller: { ...caller, assurance: 'high' } }));
    });

    it('is not issued while too little of the log is proven outside', async () => {
      expect(await refusalOf(issuing('open', planned(), true))).to.include({ code: 'AUDIT_UNAVAILABLE' });
    });

    it('is issued in no other', async () => {
      for (const status of ['closed', 'unknown'] as const)
        expect(await refusalOf(issuing(status))).to.deep.include({ code: 'CASE_NOT_OPEN' });
      expect(await refusalOf(issuing(new NexusUnavailable('timeout', { reason: 'deadline' })))).to.include({
        code: 'NEXUS_UNAVAILABLE',
      });
      const foreign = planned({ case: { agency: 'social', number: 'PS-1' } });
      expect(await refusalOf(issuing('open', foreign))).to.include({ code: 'CASE_NOT_OPEN' });
      expect(await refusalOf(issuing('open', planned({ case: undefined })))).to.include({ code: 'CASE_REQUIRED' });
    });
  });
});
