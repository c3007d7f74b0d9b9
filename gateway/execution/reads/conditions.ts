import { visit, type DirectiveNode, type DocumentNode } from 'graphql';
import type { PlanNode } from '../../planning/plan.js';

/**
 * The variables of `@skip` and `@include` that are true in one request. A document is compiled once for each
 * combination that occurs, so that nothing after compilation reads a condition.
 */
export type ActiveConditions = ReadonlySet<string>;

/** Returns every variable that decides a condition of an operation or its plan, sorted. */
export function conditionVariables(document: DocumentNode, plan: PlanNode | undefined): readonly string[] {
  const found = new Set<string>();
  visit(document, {
    Directive: (node) => {
      const variable = conditionOf(node)?.variable;
      if (variable !== undefined) found.add(variable);
    },
  });
  if (plan) collectFromPlan(plan, found);
  return [...found].sort();
}

function collectFromPlan(node: PlanNode, found: Set<string>): void {
  if (node.kind === 'sequence' || node.kind === 'parallel') {
    for (const child of node.nodes) collectFromPlan(child, found);
  } else if (node.kind === 'condition') {
    found.add(node.variable);
    for (const child of [node.ifTrue, node.ifFalse]) if (child) collectFromPlan(child, found);
  }
}

export function activeConditionsOf(
  names: readonly string[],
  variables: Readonly<Record<string, unknown>>,
): ActiveConditions {
  return new Set(names.filter((name) => Object.hasOwn(variables, name) && variables[name] === true));
}

/** Whether a selection with these directives is included (GraphQL spec, sections 3.13.1 and 3.13.2). */
export function isIncluded(
  directives: readonly DirectiveNode[] | undefined,
  activeConditions: ActiveConditions,
): boolean {
  return (directives ?? []).every((directive) => {
    const condition = conditionOf(directive);
    if (!condition) return true;
    const holds = condition.variable === undefined ? condition.literal : activeConditions.has(condition.variable);
    return holds === (directive.name.value === 'include');
  });
}

interface Condition {
  readonly variable?: string;
  readonly literal: boolean;
}

function conditionOf(directive: DirectiveNode): Condition | undefined {
  if (directive.name.value !== 'skip' && directive.name.value !== 'include') return undefined;
  const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value;
  if (value?.kind === 'Variable') return { variable: value.name.value, literal: false };
  return { literal: value?.kind === 'BooleanValue' && value.value };
}
