import { Kind, type FieldNode, type SelectionNode } from 'graphql';
import type { GovernanceIndex } from '../../schemas/catalogue/governance.js';
import { Refusal } from '../../schemas/refusal.js';
import type { PlanNode, RootSubject } from './plan.js';
import { fetchesOf } from './plan-fetches.js';

/** Root fields of a plan with what names their subject, for everything that a register declares as governed. */
export function rootSubjectsOf(plan: PlanNode | undefined, governance: GovernanceIndex): readonly RootSubject[] {
  if (plan === undefined) return [];
  return fetchesOf(plan).flatMap((fetch) =>
    fetch.kind === 'fetch' ? fieldsOf(fetch.operation.selectionSet.selections).map((field) => rootSubject(fetch.register, field, governance)) : [],
  );
}

function fieldsOf(selections: readonly SelectionNode[]): readonly FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet.selections);
    return selection.kind === Kind.FIELD && !selection.name.value.startsWith('__') ? [selection] : [];
  });
}

function rootSubject(register: string, field: FieldNode, governance: GovernanceIndex): RootSubject {
  const named = governance.subjectArgument(register, field.name.value);
  const value = named && field.arguments?.find(({ name }) => name.value === named.name)?.value;
  if (named === undefined || value === undefined) return { register, field: field.name.value };
  if (value.kind === Kind.VARIABLE) return { register, field: field.name.value, form: named.form, source: { variable: value.name.value } };
  // A handle is looked up before any call; one written into a document would not be.
  if (value.kind !== Kind.STRING || named.form === 'handle') throw new Refusal('GRAPHQL_VALIDATION_FAILED', { reasons: ['subject_argument'] });
  return { register, field: field.name.value, form: named.form, source: { literal: value.value } };
}
