import type { DocumentPreparer } from '../planning/prepare.js';
import type { Executor } from '../execution/port.js';
import type { TrustedDocuments } from '../../schemas/operations/load-documents.js';
import type { EntryRead } from '../../monitoring/audit/entry.js';
import type { ConsentStore } from '../../policies/consent/port.js';
import type { Handles } from '../../policies/disclosure/port.js';
import type { AuthenticateDependencies } from './authenticate.js';
import { createAuthenticate } from './authenticate.js';
import { createAuthorizeConsent } from './authorize/consents.js';
import { createAuthorizeQuestion, type AuthorizeQuestionDependencies } from './authorize/graphql.js';
import { createAuthorizeHandle, type AuthorizeHandleDependencies } from './authorize/handles.js';
import { createExecuteConsent } from './execute/consents.js';
import { createExecuteQuestion } from './execute/graphql.js';
import { createExecuteHandle } from './execute/handles.js';
import { createIntend } from './intend.js';
import {
  createPlanConsent,
  type ConsentAllowed,
  type ConsentWork,
  type PlanConsentDependencies,
} from './plan/consents.js';
import {
  createPlanQuestion,
  type PlanQuestionDependencies,
  type QuestionAllowed,
  type QuestionWork,
} from './plan/graphql.js';
import { createPlanHandle, type HandleAllowed, type HandleWork } from './plan/handles.js';
import { createRecordConsent, createRecordHandle } from './record/acts.js';
import { createRecordQuestion, type RecordQuestionDependencies } from './record/graphql.js';
import { createRefuse, type RefuseDependencies } from './refuse.js';

/** What all stages together need. `app.ts` builds it. */
export type StageDependencies = AuthenticateDependencies &
  PlanQuestionDependencies &
  Omit<PlanConsentDependencies, 'clock'> &
  AuthorizeQuestionDependencies &
  Omit<AuthorizeHandleDependencies, 'clock'> &
  RecordQuestionDependencies &
  RefuseDependencies & {
    readonly documents: TrustedDocuments;
    readonly preparer: DocumentPreparer;
    readonly executor: Executor;
    readonly consents: ConsentStore;
    readonly handles: Handles;
  };

export type Stages = ReturnType<typeof createStages>;

/** Every stage of every surface, made once. Their order is `pipeline.ts`. */
export function createStages(d: StageDependencies) {
  return {
    authenticate: createAuthenticate(d),
    plan: { graphql: createPlanQuestion(d), handles: createPlanHandle(), consents: createPlanConsent(d) },
    authorize: {
      graphql: createAuthorizeQuestion(d),
      handles: createAuthorizeHandle(d),
      consents: createAuthorizeConsent(),
    },
    intend: {
      graphql: createIntend<QuestionWork, QuestionAllowed>(d, readsOf),
      handles: createIntend<HandleWork, HandleAllowed>(d, () => []),
      consents: createIntend<ConsentWork, ConsentAllowed>(d, () => []),
    },
    execute: { graphql: createExecuteQuestion(d), handles: createExecuteHandle(d), consents: createExecuteConsent(d) },
    record: { graphql: createRecordQuestion(d), handles: createRecordHandle(d), consents: createRecordConsent(d) },
    refuse: createRefuse(d),
  };
}

function readsOf({ planned }: QuestionWork): readonly EntryRead[] {
  return planned.footprint.map(({ register, coordinate, category, access }) => ({
    register,
    coordinate,
    category,
    access,
  }));
}
