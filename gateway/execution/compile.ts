import { getOperationAST, Kind, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Adapter } from '../../adapters/port.js';
import type { Derive } from '../../policies/disclosure/port.js';
import type { GovernanceIndex } from '../../schemas/catalogue/governance.js';
import type { Quality } from '../../schemas/ports/quality.js';
import type { PlannedDocument, PlanNode } from '../planning/plan.js';
import { GrantedFieldsCompiler } from './gate/granted-fields.js';
import { ClientSelection } from './answer/complete.js';
import { conditionVariables, activeConditionsOf, type ActiveConditions } from './reads/conditions.js';
import { fieldGovernance } from './reads/field-governance.js';
import type { ProjectObject } from './answer/projection.js';
import type { Run, Step } from './run.js';
import { compileEntityFetch } from './fetch/entity-fetch.js';
import type { FetchContext } from './fetch/prepared-calls.js';
import { compileRootFetch } from './fetch/root-fetch.js';
import { entityFetchStep } from './fetch/run-entity-fetch.js';
import { rootFetchStep } from './fetch/run-root-fetch.js';
import { supergraphTypes, type SupergraphTypes } from '../../schemas/catalogue/supergraph-types.js';

export interface CompilerDependencies {
  readonly publicSchema: GraphQLSchema;
  /** The supergraph as a schema: every type and field that a plan may select, inaccessible ones included. */
  readonly supergraphSchema: GraphQLSchema;
  readonly governance: GovernanceIndex;
  readonly adapters: ReadonlyMap<string, Adapter>;
  readonly quality: Quality;
  readonly derivations: ReadonlyMap<string, Derive>;
}

/** A document compiled for one combination of conditions. Nothing in it depends on a request. */
export interface CompiledDocument {
  readonly steps: Step;
  /** Writes the answer from the merged data. */
  readonly project: ProjectObject;
}

/** How many combinations of `@skip` and `@include` are kept for one document. */
const MAX_REMEMBERED = 16;

/** Compiles each planned document once for each combination of its conditions, and keeps the result as long as the document. */
export class DocumentCompiler {
  readonly #known = new WeakMap<
    PlannedDocument,
    { readonly conditions: readonly string[]; readonly variants: LRUCache<string, CompiledDocument> }
  >();
  readonly #dependencies: CompilerDependencies;
  readonly #types: SupergraphTypes;

  constructor(dependencies: CompilerDependencies) {
    this.#dependencies = dependencies;
    this.#types = supergraphTypes(dependencies.supergraphSchema);
  }

  compile(planned: PlannedDocument, variables: Readonly<Record<string, unknown>>): CompiledDocument {
    let known = this.#known.get(planned);
    if (!known) {
      known = {
        conditions: conditionVariables(planned.hardened, planned.plan),
        variants: new LRUCache({ max: MAX_REMEMBERED }),
      };
      this.#known.set(planned, known);
    }
    const activeConditions = activeConditionsOf(known.conditions, variables);
    const combination = [...activeConditions].join(' ');
    let compiled = known.variants.get(combination);
    if (!compiled) known.variants.set(combination, (compiled = this.#compile(planned, activeConditions)));
    return compiled;
  }

  #compile(planned: PlannedDocument, activeConditions: ActiveConditions): CompiledDocument {
    const operation = getOperationAST(planned.hardened, planned.operationName);
    const type = operation && rootType(this.#dependencies.publicSchema, operation.operation);
    if (!operation || !type) throw new Error('the planned document has no such operation');
    const fragments = new Map(
      planned.hardened.definitions.flatMap((node) =>
        node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
      ),
    );
    const { fields, project } = new ClientSelection([operation.selectionSet], {
      schema: this.#dependencies.publicSchema,
      fragments,
      activeConditions,
    }).on(type);
    const asksRegisters = fields.some(({ complete }) => complete !== undefined);
    return {
      project,
      steps: this.#compileSteps(asksRegisters ? planned : { ...planned, plan: undefined }, activeConditions),
    };
  }

  #compileSteps({ plan, footprint }: PlannedDocument, activeConditions: ActiveConditions): Step {
    const { governance, adapters, quality, derivations, supergraphSchema } = this.#dependencies;
    const rootTypes = new Set(
      [supergraphSchema.getQueryType(), supergraphSchema.getMutationType()].flatMap((type) => type?.name ?? []),
    );
    return compileSteps(plan, {
      types: this.#types,
      index: governance,
      governance: (register) => fieldGovernance(register, { index: governance, derivations, footprint, rootTypes }),
      adapters,
      grantedFields: new GrantedFieldsCompiler(this.#types, quality),
      activeConditions,
    });
  }
}

function rootType(schema: GraphQLSchema, kind: string): GraphQLObjectType | undefined | null {
  return kind === 'mutation' ? schema.getMutationType() : kind === 'query' ? schema.getQueryType() : undefined;
}

/** Compiles a plan. Conditions are decided here, because a document is compiled for each combination of them. */
function compileSteps(node: PlanNode | undefined, context: FetchContext): Step {
  switch (node?.kind) {
    case undefined:
      return async () => {};
    case 'sequence':
      return inSequence(node.nodes.map((child) => compileSteps(child, context)));
    case 'parallel':
      return inParallel(node.nodes.map((child) => compileSteps(child, context)));
    case 'condition':
      return compileSteps(context.activeConditions.has(node.variable) ? node.ifTrue : node.ifFalse, context);
    case 'fetch':
      return rootFetchStep(compileRootFetch(node, context), context.grantedFields);
    case 'entities':
      return entityFetchStep(compileEntityFetch(node, context), context.grantedFields);
  }
}

function inSequence(steps: readonly Step[]): Step {
  return async (run) => {
    for (const step of steps) await step(run);
  };
}

/** Waits for every branch, so that no call outlives the execution. Then rejects with the first failure, if there is one. */
function inParallel(steps: readonly Step[]): Step {
  return async (run) => {
    const settled = await Promise.allSettled(steps.map((step) => endingRun(step, run)));
    for (const result of settled) if (result.status === 'rejected') throw result.reason;
  };
}

/** Runs one branch. If it fails, the other branches make no further calls. */
async function endingRun(step: Step, run: Run): Promise<void> {
  try {
    await step(run);
  } catch (error) {
    run.fail();
    throw error;
  }
}
