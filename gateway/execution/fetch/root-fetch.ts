import { Kind, type ArgumentNode } from 'graphql';
import type { Adapter } from '../../../adapters/port.js';
import type { SubjectArgument } from '../../../schemas/catalogue/governance.js';
import type { FetchNode } from '../../planning/plan.js';
import type { GrantedField } from '../gate/granted-fields.js';
import { compileCompleteLeaves, type CompleteLeaves } from '../accept/complete-leaves.js';
import { compileTrimLists, type TrimLists } from '../accept/list-size.js';
import { adapterOf, PreparedCalls, type FetchContext } from './prepared-calls.js';
import { argumentValues, pruneSelection, type AskedField } from '../reads/subgraph-operation.js';
import { categoriesOf, linksOf, type Categories, type ReadLink } from '../reads/categories.js';
import { withheldFor, type Denied, type ReadSelection } from '../reads/read-field.js';
import { readSelection } from '../reads/read-selection.js';
import { pendingRenames } from '../reads/rewrites.js';
import { isIdentifier } from '../gate/subjects.js';

/** A root fetch, compiled: its root fields, each with what names its subject. */
export interface RootFetch {
  readonly register: string;
  readonly adapter: Adapter;
  readonly selection: ReadSelection;
  readonly fields: readonly RootField[];
  readonly trimLists: TrimLists | undefined;
  readonly completeLeaves: CompleteLeaves;
  readonly preparedCalls: PreparedCalls;
}

export interface RootField extends GrantedField {
  /** Categories that the field and everything below it reads of its subject. */
  readonly categories: Categories;
  /** Links that start at its subject. */
  readonly links: readonly ReadLink[];
  /** Returns the number of the person that the field asks about, or undefined if the field names no person. */
  readonly subjectIn: (variables: Readonly<Record<string, unknown>>) => string | undefined;
  /** The argument that names the person. */
  readonly subjectArgument: string | undefined;
}

/**
 * Returns the client's variable that names the person of a root field. Undefined if there is none: a number that is
 * written in a document names no one.
 */
export function subjectVariable({ field, subjectArgument }: RootField): string | undefined {
  const value = field.arguments.find(({ name }) => name.value === subjectArgument)?.value;
  return value?.kind === Kind.VARIABLE ? value.name.value : undefined;
}

export function compileRootFetch({ register, operation, outputRewrites }: FetchNode, context: FetchContext): RootFetch {
  const adapter = adapterOf(register, context);
  const type = context.types.rootType(operation.operation);
  const selectionContext = {
    register,
    types: context.types,
    governance: context.governance(register),
    activeConditions: context.activeConditions,
  };
  const selection = readSelection(
    [operation.selectionSet],
    type,
    { kind: 'same' },
    pendingRenames(outputRewrites),
    selectionContext,
  );
  const fields = context.grantedFields.fieldsOf(selection, type).filter(({ field }) => field.origin === 'plan');
  return {
    register,
    adapter,
    selection,
    fields: fields.map((granted) => rootField(register, granted, context)),
    trimLists: compileTrimLists(selection, context.types),
    completeLeaves: compileCompleteLeaves(selection, context),
    preparedCalls: new PreparedCalls(adapter, {
      kind: 'root',
      operation: operation.operation,
      variableDefinitions: operation.variableDefinitions ?? [],
    }),
  };
}

function rootField(register: string, granted: GrantedField, { index }: FetchContext): RootField {
  const { field } = granted;
  const argument = index.subjectArgument(register, field.name);
  const named = argument && field.arguments.filter(({ name }) => name.value === argument.name);
  return {
    ...granted,
    subjectArgument: argument?.name,
    categories: categoriesOf([field]),
    links: linksOf([field]),
    subjectIn: (variables) => {
      if (!argument || !named || isUnresolved(argument, named)) return undefined;
      const value = argumentValues(named, variables)[argument.name];
      return isIdentifier(value) ? value : undefined;
    },
  };
}

/** Handles are replaced by identifiers in variables only. A handle written into the document names no person. */
function isUnresolved({ form }: SubjectArgument, named: readonly ArgumentNode[]): boolean {
  return form === 'handle' && named.some(({ value }) => value.kind !== Kind.VARIABLE);
}

/** Returns what may be asked of a root field if these categories are denied, or undefined if nothing may be asked. */
export function pruneRootField({ field }: RootField, denied: Denied): AskedField | undefined {
  if (withheldFor(field, denied) !== undefined) return undefined;
  return { field, below: field.below ? pruneSelection(field.below, denied) : [] };
}
