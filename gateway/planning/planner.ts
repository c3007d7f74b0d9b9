import { parse, Kind, type OperationDefinitionNode } from 'graphql';
import { QueryPlanner, type BatchFetchNode, type FetchNode as NativeFetch, type FetchRewrite, type FlattenNodePathSegment, type PlanNode as NativeNode, type RequiresSelection } from '@graphql-hive/router-query-planner';
import { Refusal } from '../../schemas/refusal.js';
import { inlineFragments } from './inline-fragments.js';
import type { EntityFetchNode, FetchNode, PathStep, Planner, PlanNode, RequiredSelection, Rewrite } from './plan.js';

export interface PlannerOptions {
  /** Time for one plan, in milliseconds. */
  readonly deadlineMs: number;
}

/** Override percentages are drawn once, not per request: one document has one plan. */
const NO_PERCENTAGE = 0;

/**
 * The planner port on `@graphql-hive/router-query-planner`: native code, off the main thread, under
 * a deadline. Whatever it throws is one opaque refusal; node kinds that Tereze does not know are
 * refused, never skipped.
 */
export function createPlanner(supergraphSdl: string, { deadlineMs }: PlannerOptions): Planner {
  const native = loadPlanner(supergraphSdl);
  return {
    plan: async (document, operationName) => {
      const plan = await native.planAsync(document, operationName, new Set<string>(), NO_PERCENTAGE, AbortSignal.timeout(deadlineMs)).catch((cause: unknown) => {
        throw new Refusal('PLAN_FAILED', { cause });
      });
      return plan.node === undefined ? undefined : convert(plan.node, []);
    },
  };
}

/** Loads the native library of this platform, or says plainly that there is none: its own error blames npm. */
function loadPlanner(supergraphSdl: string): QueryPlanner {
  try {
    return new QueryPlanner(supergraphSdl);
  } catch (cause) {
    throw new Error(`the query planner cannot be loaded on ${process.platform} ${process.arch}: it needs glibc 2.30 or later, or macOS`, { cause });
  }
}

function unknownNode(what: string): never {
  throw new Refusal('PLAN_FAILED', { reasons: [`unknown_${what}`] });
}

/** `path`: where a surrounding Flatten has led. */
function convert(node: NativeNode, path: readonly PathStep[]): PlanNode {
  switch (node.kind) {
    case 'Sequence':
      return { kind: 'sequence', nodes: node.nodes.map((child) => convert(child, path)) };
    case 'Parallel':
      return { kind: 'parallel', nodes: node.nodes.map((child) => convert(child, path)) };
    case 'Condition':
      return {
        kind: 'condition',
        variable: node.condition,
        ...(node.ifClause ? { ifTrue: convert(node.ifClause, path) } : {}),
        ...(node.elseClause ? { ifFalse: convert(node.elseClause, path) } : {}),
      };
    case 'Flatten':
      return convert(node.node, [...path, ...node.path.map(pathStep)]);
    case 'Fetch':
      return node.requires === undefined ? rootFetch(node) : entityFetch(node, path);
    case 'BatchFetch':
      return batchFetch(node);
    case 'Subscription':
    case 'Defer':
      return unknownNode(node.kind);
    default:
      return unknownNode('node');
  }
}

function rootFetch(node: NativeFetch): FetchNode {
  return { kind: 'fetch', register: node.serviceName, operation: operationOf(node.operation), variables: node.variableUsages ?? [], outputRewrites: (node.outputRewrites ?? []).map(rewrite) };
}

function entityFetch(node: NativeFetch, path: readonly PathStep[]): EntityFetchNode {
  return {
    kind: 'entities',
    register: node.serviceName,
    operation: operationOf(node.operation),
    variables: node.variableUsages ?? [],
    lists: [
      {
        alias: '_entities',
        variable: 'representations',
        paths: [path],
        requires: (node.requires ?? []).map(required),
        inputRewrites: (node.inputRewrites ?? []).map(rewrite),
        outputRewrites: (node.outputRewrites ?? []).map(rewrite),
      },
    ],
  };
}

function batchFetch(node: BatchFetchNode): EntityFetchNode {
  return {
    kind: 'entities',
    register: node.serviceName,
    operation: operationOf(node.operation),
    variables: node.variableUsages ?? [],
    lists: node.entityBatch.aliases.map(({ alias, representationsVariableName, paths, requires, inputRewrites, outputRewrites }) => ({
      alias,
      variable: representationsVariableName,
      paths: paths.map((path) => path.map(pathStep)),
      requires: requires.map(required),
      inputRewrites: (inputRewrites ?? []).map(rewrite),
      outputRewrites: (outputRewrites ?? []).map(rewrite),
    })),
  };
}

/** The operation that is sent, parsed; the planner hangs the fragments that it made behind it. */
function operationOf(text: string): OperationDefinitionNode {
  const document = parse(text, { noLocation: true });
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return operation === undefined ? unknownNode('operation') : inlineFragments(document, operation);
}

function pathStep(step: FlattenNodePathSegment): PathStep {
  if (step === '@') return { kind: 'list' };
  if ('Field' in step) return { kind: 'field', key: step.Field };
  return 'TypeCondition' in step ? { kind: 'type', names: step.TypeCondition } : unknownNode('path');
}

function required(selection: RequiresSelection): RequiredSelection {
  if (selection.kind === 'Field') {
    return { kind: 'field', from: selection.name, to: selection.alias ?? selection.name, selections: (selection.selections ?? []).map(required) };
  }
  if (selection.kind !== 'InlineFragment' || selection.skipIf !== undefined || selection.includeIf !== undefined) return unknownNode('requires');
  return { kind: 'type', name: selection.typeCondition, selections: selection.selections.map(required) };
}

/** The planner writes rewrites in two forms, with the kind as a key and inline. */
function rewrite(native: FetchRewrite): Rewrite {
  const setter = 'ValueSetter' in native ? native.ValueSetter : 'setValueTo' in native ? native : undefined;
  if (setter !== undefined) return { kind: 'set', path: setter.path.map(rewriteStep), value: setter.setValueTo };
  if ('KeyRenamer' in native) return { kind: 'rename', path: native.KeyRenamer.path.map(rewriteStep), to: native.KeyRenamer.renameKeyTo };
  return unknownNode('rewrite');
}

function rewriteStep(step: { TypenameEquals: string[] } | { Key: string }): Rewrite['path'][number] {
  return 'Key' in step ? { kind: 'key', name: step.Key } : { kind: 'type', names: step.TypenameEquals };
}
