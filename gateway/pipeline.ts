import { Rows, type Pipeline } from './run-pipeline.js';
import { admit, admitConsent, type AdmitDependencies } from './stages/admit.js';
import { authenticate, authenticateConsent, type AuthenticateDependencies } from './stages/authenticate.js';
import { authorizeConsent, type AuthorizeConsentDependencies } from './stages/authorize/consents.js';
import { authorizeQuestion, type AuthorizeQuestionDependencies } from './stages/authorize/graphql.js';
import { authorizeHandle, type AuthorizeHandleDependencies } from './stages/authorize/handles.js';
import { executeConsent, type ExecuteConsentDependencies } from './stages/execute/consents.js';
import { executeQuestion, type ExecuteQuestionDependencies } from './stages/execute/graphql.js';
import { executeHandle, type ExecuteHandleDependencies } from './stages/execute/handles.js';
import { intendAct, intendQuestion, type IntendDependencies } from './stages/intend.js';
import {
  planConsent,
  type ConsentAllowed,
  type ConsentOutcome,
  type ConsentWork,
  type PlanConsentDependencies,
} from './stages/plan/consents.js';
import {
  planQuestion,
  type PlanQuestionDependencies,
  type QuestionAllowed,
  type QuestionOutcome,
  type QuestionWork,
} from './stages/plan/graphql.js';
import { planHandle, type HandleAllowed, type HandleOutcome, type HandleWork } from './stages/plan/handles.js';
import { recordConsent, recordHandle, type RecordActDependencies } from './stages/record/acts.js';
import { recordQuestion, type RecordQuestionDependencies } from './stages/record/graphql.js';
import { refuse, type RefuseDependencies } from './stages/refuse.js';
import {
  authenticateUngoverned,
  authorizeUngoverned,
  intendUngoverned,
  recordUngoverned,
  refuseUngoverned,
} from './stages/ungoverned.js';

type GovernedDependencies = AuthenticateDependencies & AdmitDependencies & IntendDependencies & RefuseDependencies;

/**
 * The surfaces of the gateway, with the types of each: what it is asked to do, allows and finds,
 * and what its stages need.
 */
export interface Surfaces {
  readonly graphql: {
    readonly work: QuestionWork;
    readonly allowed: QuestionAllowed;
    readonly outcome: QuestionOutcome;
    readonly needs: GovernedDependencies &
      PlanQuestionDependencies &
      AuthorizeQuestionDependencies &
      ExecuteQuestionDependencies &
      RecordQuestionDependencies;
  };
  readonly handles: {
    readonly work: HandleWork;
    readonly allowed: HandleAllowed;
    readonly outcome: HandleOutcome;
    readonly needs: GovernedDependencies & AuthorizeHandleDependencies & ExecuteHandleDependencies;
  };
  readonly consents: {
    readonly work: ConsentWork;
    readonly allowed: ConsentAllowed;
    readonly outcome: ConsentOutcome;
    readonly needs: GovernedDependencies &
      AuthorizeConsentDependencies &
      PlanConsentDependencies &
      ExecuteConsentDependencies &
      RecordActDependencies;
  };
  /** GraphQL with identity, policy, consent, audit and quality switched off. */
  readonly ungoverned: {
    readonly work: QuestionWork;
    readonly allowed: QuestionAllowed;
    readonly outcome: QuestionOutcome;
    readonly needs: AdmitDependencies & PlanQuestionDependencies & ExecuteQuestionDependencies;
  };
}

/** What the stages of all governed surfaces need. */
export type StageDependencies = Surfaces['graphql']['needs'] &
  Surfaces['handles']['needs'] &
  Surfaces['consents']['needs'];

/**
 * The way of a request: stages down, surfaces across. The order of the stages is written here and
 * nowhere else. Every request ends in `record` or `refuse`; `gateway/http` sends what they return.
 */
// prettier-ignore
export const PIPELINE: Pipeline<Surfaces> = {
  prepare: Rows.start<Surfaces, 'receive'>()
    //                     graphql                      handles                    consents                     ungoverned
    .stage('authenticate', { graphql: authenticate,      handles: authenticate,     consents: authenticateConsent, ungoverned: authenticateUngoverned })
    .stage('admit',        { graphql: admit,             handles: admit,            consents: admitConsent,      ungoverned: admit })
    .stage('plan',         { graphql: planQuestion,      handles: planHandle,       consents: planConsent,       ungoverned: planQuestion }),
  finish: Rows.start<Surfaces, 'plan'>()
    .stage('authorize',    { graphql: authorizeQuestion, handles: authorizeHandle,  consents: authorizeConsent,  ungoverned: authorizeUngoverned })
    .stage('intend',       { graphql: intendQuestion,    handles: intendAct,        consents: intendAct,         ungoverned: intendUngoverned })
    .stage('execute',      { graphql: executeQuestion,   handles: executeHandle,    consents: executeConsent,    ungoverned: executeQuestion })
    .stage('record',       { graphql: recordQuestion,    handles: recordHandle,     consents: recordConsent,     ungoverned: recordUngoverned }),
  refuse:                  { graphql: refuse,            handles: refuse,           consents: refuse,            ungoverned: refuseUngoverned },
};
