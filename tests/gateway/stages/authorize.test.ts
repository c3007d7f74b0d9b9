import { expect } from 'chai';
import { authorizeQuestion, type AuthorizeQuestionDependencies } from '../../../gateway/stages/authorize/graphql.js';
import type { CategoryDecision } from '../../../policies/decision/port.js';
import type { GateOpening } from '../../../policies/gate/open-gate.js';
import { Refusal } from '../../../schemas/refusal.js';
import { APPLICANT, planned, plannedDocument } from './requests.js';

const HANDLE = 'h'.repeat(43);

const allowed = (category: string): CategoryDecision => ({
  category,
  access: 'disclose',
  permissions: [{ basis: 'public_task', nexus: 'application', policies: ['p'], laws: [] }],
});

interface Seen {
  readonly asked: string[];
  opening?: GateOpening;
}

function dependencies(
  seen: Seen,
  overrides: Partial<AuthorizeQuestionDependencies> & { denied?: readonly string[]; outright?: boolean } = {},
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
    isInView: () => true,
    openGate: (opening) => {
      seen.opening = opening;
      return { decide: async () => [], closedTo: async () => (overrides.outright ? ['population.identity'] : []) };
    },
    onDenied: 'refuse',
    isStateCurrent: () => true,
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
  });

  it('refuses the whole for one denied category and names only what the client wrote', async () => {
    const refusal = await refusalOf(
      authorizeQuestion(planned(), dependencies({ asked: [] }, { denied: ['population.identifier'] })),
    );
    expect(refusal.code).to.equal('POLICY_DENIED');
    expect(refusal.paths).to.deep.equal([['citizen', 'lands']]);
  });

  for (const onDenied of ['refuse', 'withhold'] as const) {
    it(`does not know what the caller may never see, where the denied is otherwise answered by ${onDenied}`, async () => {
      const isInView = (_: unknown, category: string): boolean => category !== 'property.land';
      const refusal = await refusalOf(
        authorizeQuestion(planned(), dependencies({ asked: [] }, { denied: ['property.land'], isInView, onDenied })),
      );
      expect(refusal).to.deep.include({ code: 'GRAPHQL_VALIDATION_FAILED', reasons: ['FieldsOnCorrectType'] });
      expect(refusal.paths).to.deep.equal(new Refusal('GRAPHQL_VALIDATION_FAILED').paths);
    });
  }

  it('hides no field because its key may not be seen', async () => {
    const refusal = await refusalOf(
      authorizeQuestion(
        planned(),
        dependencies({ asked: [] }, { denied: ['population.identifier'], isInView: () => false }),
      ),
    );
    expect(refusal.code).to.equal('POLICY_DENIED');
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

  it('replaces a handle by the person it stands for, whose tie is settled', async () => {
    const seen: Seen = { asked: [] };
    const document = plannedDocument({
      handleVariables: ['person'],
      rootSubjects: [{ register: 'population', field: 'person', source: { variable: 'person' }, form: 'handle' }],
    });
    const authorized = await authorizeQuestion(
      planned({ work: { planned: document, text: '', variables: { person: HANDLE } } }),
      dependencies(seen),
    );
    expect(authorized.allowed.variables).to.deep.equal({ person: APPLICANT });
    expect([...(seen.opening?.givenFacts ?? [])]).to.deep.equal([[APPLICANT, 'application']]);
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

  it('refuses a governed root field that names no person', async () => {
    const document = plannedDocument({ rootSubjects: [{ register: 'population', field: 'everyone' }] });
    const refusal = await refusalOf(
      authorizeQuestion(planned({ work: { planned: document, text: '', variables: {} } }), dependencies({ asked: [] })),
    );
    expect(refusal).to.deep.include({ code: 'POLICY_DENIED', reasons: ['no_subject'] });
  });
});
