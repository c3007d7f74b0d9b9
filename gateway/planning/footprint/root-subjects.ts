import { Kind, type FieldNode, type OperationDefinitionNode } from 'graphql';
import type { GovernanceIndex } from '../../../schemas/catalogue/governance.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { PlanNode, RootSubject } from '../plan.js';
import { fetchesOf, fieldsAmong, rootFields } from '../plan-walk.js';

/**
 * Returns the root fields of a plan, each with the variable that names its subject if the field has a
 * subject argument.
 *
 * A subject must be named by a variable. It must not be written into the document: the log keeps the
 * document's hash, from which a number in the document could be guessed, and a handle in the document
 * would not be looked up before a call.
 *
 * @param operation the client's operation, whose variables may have defaults.
 * @throws Refusal `GRAPHQL_VALIDATION_FAILED`, reason `subject_argument`.
 */
export function rootSubjectsOf(
  plan: PlanNode | undefined,
  operation: OperationDefinitionNode,
  governance: GovernanceIndex,
): readonly RootSubject[] {
  if (plan === undefined) return [];
  const written = new Set(
    operation.variableDefinitions
      ?.filter(({ defaultValue }) => defaultValue !== undefined)
      .map(({ variable }) => variable.name.value),
  );
  return fetchesOf(plan).flatMap((fetch) =>
    fetch.kind === 'fetch'
      ? rootFields(fetch).map((field) => rootSubject(fetch.register, field, governance, written))
      : [],
  );
}

/**
 * Refuses a subject that is written into the document, even if a condition leaves it out in this request.
 *
 * @param operation the client's operation, fragments inlined.
 * @throws Refusal `GRAPHQL_VALIDATION_FAILED`, reason `subject_argument`.
 */
export function refuseWrittenSubjects(operation: OperationDefinitionNode, governance: GovernanceIndex): void {
  for (const { name: field, arguments: given } of fieldsAmong(operation.selectionSet.selections)) {
    const naming = governance.subjectArgumentNames(field.value);
    if ((given ?? []).some(({ name, value }) => naming.has(name.value) && value.kind !== Kind.VARIABLE))
      throw new Refusal('GRAPHQL_VALIDATION_FAILED', { reasons: ['subject_argument'] });
  }
}

function rootSubject(
  register: string,
  field: FieldNode,
  governance: GovernanceIndex,
  written: ReadonlySet<string>,
): RootSubject {
  const named = governance.subjectArgument(register, field.name.value);
  const value = named && field.arguments?.find(({ name }) => name.value === named.name)?.value;
  if (named === undefined) return { register, field: field.name.value };
  if (value === undefined) return { register, field: field.name.value, form: named.form };
  if (value.kind !== Kind.VARIABLE || written.has(value.name.value))
    throw new Refusal('GRAPHQL_VALIDATION_FAILED', { reasons: ['subject_argument'] });
  return { register, field: field.name.value, form: named.form, source: { variable: value.name.value } };
}

/** Returns the variables whose value is a person handle, each once. The handles are replaced before any register is called. */
export function handleVariablesOf(rootSubjects: readonly RootSubject[]): readonly string[] {
  const variables = rootSubjects.flatMap(({ form, source }) =>
    form === 'handle' && source && 'variable' in source ? [source.variable] : [],
  );
  return [...new Set(variables)];
}
