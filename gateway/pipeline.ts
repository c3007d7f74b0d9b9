import type { ConsentAllowed, ConsentOutcome, ConsentWork } from './stages/plan/consents.js';
import type { HandleAllowed, HandleOutcome, HandleWork } from './stages/plan/handles.js';
import type { QuestionAllowed, QuestionOutcome, QuestionWork } from './stages/plan/graphql.js';
import type { Surface } from './run-pipeline.js';
import type { Stages } from './stages/stages.js';

/** The surfaces of the gateway and what each was asked, allowed and found. */
export interface Surfaces {
  graphql: Surface<QuestionWork, QuestionAllowed, QuestionOutcome>;
  handles: Surface<HandleWork, HandleAllowed, HandleOutcome>;
  consents: Surface<ConsentWork, ConsentAllowed, ConsentOutcome>;
}

type StageName = keyof Surface<unknown, unknown, unknown>;
type Row<Stage extends StageName> = { readonly [Name in keyof Surfaces]: Surfaces[Name][Stage] } & {
  readonly mcp: null;
  readonly officer: null;
};

export type Pipeline = { readonly [Stage in StageName]: Row<Stage> };

/**
 * The whole way of a request: stages down, surfaces across. Nothing else orders them.
 * Every way, refused or not, ends in `record` or `refuse`, and is then rendered by `gateway/http`.
 */
export function createPipeline(s: Stages): Pipeline {
  // prettier-ignore
  return {
    //              graphql                     handles                    consents                    later
    authenticate: { graphql: s.authenticate,    handles: s.authenticate,   consents: s.authenticate,   mcp: null, officer: null },
    plan:         { graphql: s.plan.graphql,    handles: s.plan.handles,   consents: s.plan.consents,  mcp: null, officer: null },
    authorize:    { graphql: s.authorize.graphql, handles: s.authorize.handles, consents: s.authorize.consents, mcp: null, officer: null },
    intend:       { graphql: s.intend.graphql,  handles: s.intend.handles, consents: s.intend.consents, mcp: null, officer: null },
    execute:      { graphql: s.execute.graphql, handles: s.execute.handles, consents: s.execute.consents, mcp: null, officer: null },
    record:       { graphql: s.record.graphql,  handles: s.record.handles, consents: s.record.consents, mcp: null, officer: null },
    refuse:       { graphql: s.refuse,          handles: s.refuse,         consents: s.refuse,         mcp: null, officer: null },
  };
}

/** The stages of a gateway with identity, policy, consent, audit and quality switched off: the same way, in the same order. */
export function createUngovernedSurface(s: Surfaces['graphql']): Surfaces['graphql'] {
  return {
    authenticate: s.authenticate,
    plan: s.plan,
    authorize: s.authorize,
    intend: s.intend,
    execute: s.execute,
    record: s.record,
    refuse: s.refuse,
  };
}

/** One column of the table. */
export function surface<Name extends keyof Surfaces>(pipeline: Pipeline, name: Name): Surfaces[Name] {
  const column = Object.fromEntries(Object.entries(pipeline).map(([stage, row]) => [stage, row[name]]));
  // Built from the rows by name: each row's type says what its cell is.
  return column as unknown as Surfaces[Name];
}
