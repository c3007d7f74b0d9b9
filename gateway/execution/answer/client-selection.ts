import {
  getNullableType,
  isAbstractType,
  isLeafType,
  isSpecifiedScalarType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { clientKey } from '../../planning/document/aliases.js';
import { isIncluded, type Truths } from '../reads/conditions.js';
import { compileCompletion, type Complete } from './complete.js';
import type { FieldsType } from './fields-type.js';
import { compileProjection, type ProjectObject } from './write-object.js';

/** What the client selected of objects, by their type. */
export class ClientSelection {
  readonly #types = new Map<string, TypeSelection>();
  readonly #sets: readonly SelectionSetNode[];
  readonly #document: ClientDocument;

  constructor(sets: readonly SelectionSetNode[], document: ClientDocument) {
    this.#sets = sets;
    this.#document = document;
  }

  on(type: FieldsType): TypeSelection {
    let selected = this.#types.get(type.name);
    if (!selected) this.#types.set(type.name, (selected = this.#compile(type)));
    return selected;
  }

  /** Whether it takes the object's own type to answer: its name is asked, or something that not every type of the interface has. */
  dependsOnType(type: GraphQLInterfaceType): boolean {
    return this.#sets.some((set) => asksForType(set, type, this.#document));
  }

  #compile(type: FieldsType): TypeSelection {
    const fields = collectFields(this.#sets, type, this.#document).map((field) =>
      projectedField(field, type, this.#document),
    );
    return { fields, project: compileProjection(fields, type.name) };
  }
}

export interface ClientDocument {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly truths: Truths;
}

/** What the client selected of objects of one type. */
export interface TypeSelection {
  /** In the order of the client. */
  readonly fields: readonly ProjectedField[];
  readonly project: ProjectObject;
}

export interface ProjectedField {
  readonly name: string;
  /** Key in the data. */
  readonly dataKey: string;
  /** Key in the answer. */
  readonly clientKey: string;
  /** Undefined for `__typename`. */
  readonly complete: Complete | undefined;
  /** A text, number or boolean of GraphQL's own: complete as it is unless it is missing. */
  readonly leaf: boolean;
}

/** Fields of one type under one key, merged (GraphQL spec, section 6.3.2, CollectFields). */
type Collected = readonly [FieldNode, ...FieldNode[]];

function collectFields(
  sets: readonly SelectionSetNode[],
  type: FieldsType,
  document: ClientDocument,
): readonly Collected[] {
  const collected = new Map<string, [FieldNode, ...FieldNode[]]>();
  for (const set of sets) collectInto(collected, set, type, document);
  return [...collected.values()];
}

function collectInto(
  collected: Map<string, [FieldNode, ...FieldNode[]]>,
  set: SelectionSetNode,
  type: FieldsType,
  document: ClientDocument,
): void {
  for (const selection of set.selections) {
    if (!isIncluded(selection.directives, document.truths)) continue;
    if (selection.kind === Kind.FIELD) {
      const known = collected.get(dataKeyOf(selection));
      if (known) known.push(selection);
      else collected.set(dataKeyOf(selection), [selection]);
      continue;
    }
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? document.fragments.get(selection.name.value) : selection;
    if (fragment && appliesTo(fragment.typeCondition?.name.value, type, document.schema))
      collectInto(collected, fragment.selectionSet, type, document);
  }
}

function asksForType({ selections }: SelectionSetNode, type: GraphQLInterfaceType, document: ClientDocument): boolean {
  return selections.some((selection) => {
    if (!isIncluded(selection.directives, document.truths)) return false;
    if (selection.kind === Kind.FIELD) return selection.name.value === '__typename';
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? document.fragments.get(selection.name.value) : selection;
    return (
      fragment !== undefined &&
      (!appliesTo(fragment.typeCondition?.name.value, type, document.schema) ||
        asksForType(fragment.selectionSet, type, document))
    );
  });
}

function appliesTo(condition: string | undefined, type: FieldsType, schema: GraphQLSchema): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditional = schema.getType(condition);
  return isAbstractType(conditional) && schema.isSubType(conditional, type);
}

function projectedField(nodes: Collected, type: FieldsType, document: ClientDocument): ProjectedField {
  const [node] = nodes;
  const name = node.name.value;
  const keys = { name, dataKey: dataKeyOf(node), clientKey: clientKey(dataKeyOf(node)) };
  const field = type.getFields()[name];
  if (!field) return { ...keys, complete: undefined, leaf: false };
  const sets = nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
  return {
    ...keys,
    complete: compileCompletion(field.type, new ClientSelection(sets, document), document.schema),
    leaf: isPlainLeaf(field.type),
  };
}

function isPlainLeaf(type: GraphQLOutputType): boolean {
  const nullable = getNullableType(type);
  return isLeafType(nullable) && isSpecifiedScalarType(nullable);
}

/** Key under which a field of the hardened document stands in the data. */
function dataKeyOf({ alias, name }: FieldNode): string {
  return alias?.value ?? name.value;
}
