import type { ConsentQuestion, ConsentState } from '../../../policies/consent/port.js';
import type { ConsentRequest } from '../../../policies/consent/request.js';
import type { CategoryDecision, Permission } from '../../../policies/decision/port.js';
import type { Purpose } from '../../../policies/decision/purposes.js';
import { createSubjectGate, type SubjectGate, type SubjectGateOptions } from '../../../policies/gate/subject-gate.js';
import type { NexusFact } from '../../../policies/nexus/port.js';
import type { SubjectRef } from '../../../schemas/ports/gate.js';
import { PARTIES } from '../parties.js';

export const PURPOSE: Purpose = {
  name: 'housing_queue',
  title: 'T',
  law: 'L',
  earlierTexts: [],
  bases: ['public_task', 'consent'],
  caseRequired: true,
  assurance: 'none',
  relations: ['spouse', 'child'],
  maxSubjects: 5,
};

export const byLaw = (nexus: NonNullable<Permission['nexus']>, age?: Permission['age']): Permission => ({
  basis: 'public_task',
  nexus,
  ...(age === undefined ? {} : { age }),
  policies: [`law-${nexus}`],
  laws: ['L'],
});
export const byConsent: Permission = { basis: 'consent', age: 'adult', policies: ['consent'], laws: ['L'] };

/** Identity by law for people with a nexus; land by law for minors, by consent for adults; nothing for documents. */
export const DECISIONS: readonly CategoryDecision[] = [
  { category: 'identity', access: 'disclose', permissions: [byLaw('application'), byLaw('list'), byLaw('relation')] },
  {
    category: 'land',
    access: 'disclose',
    permissions: [byLaw('application', 'minor'), byLaw('list', 'minor'), byLaw('relation', 'minor'), byConsent],
  },
  { category: 'vehicles', access: 'disclose', permissions: [byConsent] },
  { category: 'documents', access: 'disclose', permissions: [] },
];

/** A number that was never issued. */
export const DECOY = '880101300003';

export interface Fixture {
  readonly gate: SubjectGate;
  /** How often the gate asked for the facts of the case. */
  factsAsked(): number;
  /** Every question that the consent store was asked. */
  readonly consentsAsked: ConsentQuestion[];
  /** Every question that the list of protected people was asked. */
  readonly protectionAsked: (readonly string[])[];
  /** The dwellings of each of these questions. */
  readonly dwellingsAsked: (readonly string[])[];
  /** Every consent request that was sealed; a token is the position. */
  readonly sealed: ConsentRequest[];
}

export interface FixtureState {
  readonly facts?: Readonly<Record<string, readonly NexusFact['kind'][]>>;
  readonly consents?: Readonly<Record<string, readonly ConsentState[]>>;
  readonly protectedPeople?: readonly string[];
  readonly protectedDwellings?: readonly string[];
  readonly nexusFails?: Error;
  readonly protectionFails?: Error;
  readonly consentsFail?: Error;
}

/** A gate over facts and consents held in memory, with every question counted. */
export function openGate(state: FixtureState = {}, changed: Partial<SubjectGateOptions> = {}): Fixture {
  let factsAsked = 0;
  const consentsAsked: ConsentQuestion[] = [];
  const protectionAsked: (readonly string[])[] = [];
  const dwellingsAsked: (readonly string[])[] = [];
  const sealed: ConsentRequest[] = [];
  const gate = createSubjectGate({
    caller: PARTIES.housing,
    purpose: PURPOSE,
    case: { agency: 'housing', number: 'HQ-2026-000101' },
    decisions: DECISIONS,
    reads: new Map(DECISIONS.map(({ category }) => [category, [`T.${category}`]])),
    factDate: '2026-03-02',
    deadline: 1_000,
    caseFacts: async () => {
      factsAsked += 1;
      if (state.nexusFails !== undefined) throw state.nexusFails;
      return new Map(
        Object.entries(state.facts ?? {}).map(([id, kinds]) => [id, kinds.map((kind) => ({ kind, reference: 'R-1' }))]),
      );
    },
    consents: {
      states: async (question) => {
        consentsAsked.push(question);
        if (state.consentsFail !== undefined) throw state.consentsFail;
        return new Map(Object.entries(state.consents ?? {}).filter(([id]) => question.subjects.includes(id)));
      },
    },
    protection: {
      amongThem: async ({ subjects, dwellings }) => {
        protectionAsked.push(subjects);
        dwellingsAsked.push(dwellings);
        if (state.protectionFails !== undefined) throw state.protectionFails;
        return {
          subjects: new Set((state.protectedPeople ?? []).filter((id) => subjects.includes(id))),
          dwellings: new Set((state.protectedDwellings ?? []).filter((code) => dwellings.includes(code))),
        };
      },
    },
    decoyFor: () => DECOY,
    sealRequest: (request) => `sealed-${sealed.push(request) - 1}`,
    ...changed,
  });
  return { gate, factsAsked: () => factsAsked, consentsAsked, protectionAsked, dwellingsAsked, sealed };
}

export const named = (id: string): SubjectRef => ({ id, role: 'self' });
export const linked = (id: string, role: string, via: SubjectRef): SubjectRef => ({ id, role, via });
export const disclose = (...categories: string[]) =>
  categories.map((category) => ({ category, access: 'disclose' as const }));
