import { parse, Kind, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type {
  BatchFetchNode,
  FetchNode as NativeFetch,
  FetchRewrite,
  FlattenNodePathSegment,
  PlanNode as NativeNode,
  RequiresSelection,
} from '@graphql-hive/router-query-planner';
import { Refusal } from '../../../schemas/refusal.js';
import { inlineFragments } from '../document/fragments.js';
import type { EntityFetchNode, FetchNode, PathStep, PlanNode, RequiredSelection, Rewrite } from '../plan.js';

/**
 * Converts the planner's plan to Tereze's own, and checks it node by node. Refuses a node that it does
 * not know with `PLAN_FAILED`, because skipping the node would leave data without a decision.
 */
export function convertPlan(node: NativeNode): PlanNode {
  return convert(node, []);
}

function unknownNode(what: 'node' | 'operation' | 'path' | 'requires' | 'rewrite'): never {
  throw new Refusal('PLAN_FAILED', { reasons: [`unknown_${what}`] });
}

/** `path`: the path of the Flatten nodes around this one. */
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
      if (node.requires !== undefined) return entityFetch(node, node.requires, path);
      return path.length === 0 ? rootFetch(node) : unknownNode('path');
    case 'BatchFetch':
      return path.length === 0 ? batchFetch(node) : unknownNode('path');
    default:
      return unknownNode('node');
  }
}

function rootFetch(node: NativeFetch): FetchNode {
  return {
    kind: 'fetch',
    register: node.serviceName,
    operation: operationOf(node, ['query', 'mutation']),
    variables: node.variableUsages ?? [],
    outputRewrites: renames(node.outputRewrites),
  };
}

function entityFetch(
  node: NativeFetch,
  requires: readonly RequiresSelection[],
  path: readonly PathStep[],
): EntityFetchNode {
  return {
    kind: 'entities',
    register: node.serviceName,
    operation: operationOf(node, ['query']),
    variables: node.variableUsages ?? [],
    lists: [
      {
        alias: '_entities',
        variable: 'representations',
        paths: [path],
        requires: requires.map(requiredType),
        inputRewrites: (node.inputRewrites ?? []).map(rewrite),
        outputRewrites: renames(node.outputRewrites),
      },
    ],
  };
}

function batchFetch(node: BatchFetchNode): EntityFetchNode {
  return {
    kind: 'entities',
    register: node.serviceName,
    operation: operationOf(node, ['query']),
    variables: node.variableUsages ?? [],
    lists: node.entityBatch.aliases.map(
      ({ alias, representationsVariableName, paths, requires, inputRewrites, outputRewrites }) => ({
        alias,
        variable: representationsVariableName,
        paths: paths.map((path) => path.map(pathStep)),
        requires: requires.map(requiredType),
        inputRewrites: (inputRewrites ?? []).map(rewrite),
        outputRewrites: renames(outputRewrites),
      }),
    ),
  };
}

/** Returns the operation that is sent, parsed. The planner appends fragments of its own to the text; they are inlined. */
function operationOf(
  { operation: text, operationKind = 'query' }: NativeFetch | BatchFetchNode,
  kinds: readonly string[],
): OperationDefinitionNode {
  const document = parsed(text);
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation?.operation !== operationKind || !kinds.includes(operationKind)) return unknownNode('operation');
  return inlineFragments(document, operation);
}

function parsed(text: string): DocumentNode {
  try {
    return parse(text, { noLocation: true });
  } catch {
    return unknownNode('operation');
  }
}

function pathStep(step: FlattenNodePathSegment): PathStep {
  if (step === '@') return { kind: 'list' };
  if ('Field' in step) return { kind: 'field', key: step.Field };
  return 'TypeCondition' in step ? { kind: 'type', names: step.TypeCondition } : unknownNode('path');
}

/** A representation has a type, so at the top there must be a type condition. */
function requiredType(selection: RequiresSelection): RequiredSelection {
  return selection.kind === 'InlineFragment' ? required(selection) : unknownNode('requires');
}

function required(selection: RequiresSelection): RequiredSelection {
  if (selection.kind === 'Field') {
    return {
      kind: 'field',
      from: selection.name,
      to: selection.alias ?? selection.name,
      selections: (selection.selections ?? []).map(required),
    };
  }
  if (selection.kind !== 'InlineFragment' || selection.skipIf !== undefined || selection.includeIf !== undefined)
    return unknownNode('requires');
  return { kind: 'type', name: selection.typeCondition, selections: selection.selections.map(required) };
}

/** Only keys of an answer may be rewritten. Setting a value would add data that no register gave. */
function renames(natives: readonly FetchRewrite[] | undefined): readonly Rewrite[] {
  return (natives ?? [])
    .map(rewrite)
    .map((converted) => (converted.kind === 'rename' ? converted : unknownNode('rewrite')));
}

/** The planner writes rewrites in two forms: with the kind as a key, and inline. */
function rewrite(native: FetchRewrite): Rewrite {
  const setter = 'ValueSetter' in native ? native.ValueSetter : 'setValueTo' in native ? native : undefined;
  if (setter !== undefined) return { kind: 'set', path: setter.path.map(rewriteStep), value: setter.setValueTo };
  if ('KeyRenamer' in native)
    return { kind: 'rename', path: native.KeyRenamer.path.map(rewriteStep), to: native.KeyRenamer.renameKeyTo };
  return unknownNode('rewrite');
}

function rewriteStep(step: { TypenameEquals: string[] } | { Key: string }): Rewrite['path'][number] {
  if ('Key' in step) return { kind: 'key', name: step.Key };
  return 'TypenameEquals' in step ? { kind: 'type', names: step.TypenameEquals } : unknownNode('rewrite');
}
