import {
  Kind,
  parse,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type TypeNode,
} from 'graphql';
import type { GovernanceIndex } from '../../../schemas/catalogue/governance.js';
import { buildPublicSchema } from '../../../schemas/catalogue/public-schema.js';

type FieldCategories = Pick<GovernanceIndex, 'categoriesOf' | 'leadsToOthers'>;

/** Whether a category is in the view of a caller. */
export type IsVisible = (category: string) => boolean;

/**
 * Returns the public schema without what a caller cannot see: fields of other categories, and every type that only they
 * lead to. A document that is valid here asks for nothing outside the view, and a field outside it is a field that does
 * not exist.
 *
 * Hidden are leaves and links to other people, by their category; if one of several is hidden, so is the field. Other
 * fields tell nothing themselves: they are hidden if everything below them is. A field of an interface is hidden if it is
 * hidden there or on one of its types.
 */
export function callerSchema(publicSdl: string, governance: FieldCategories, isVisible: IsVisible): GraphQLSchema {
  const document = parse(publicSdl, { noLocation: true });
  const isHidden = hiddenFields(document, governance, isVisible);
  return buildPublicSchema(print(reachable(withoutEmptyTypes(withoutFields(document, isHidden)))), {
    assumeValid: true,
  });
}

/**
 * Returns the hidden categories of the fields that a document names, for the log: who refuses says to officers what was
 * tried, and to the caller only that there is no such field.
 */
export function hiddenCategoriesIn(
  document: DocumentNode,
  publicSchema: GraphQLSchema,
  governance: FieldCategories,
  isVisible: IsVisible,
): readonly string[] {
  const found = new Set<string>();
  const types = new TypeInfo(publicSchema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: ({ name }) => {
        const parent = types.getParentType();
        if (!parent) return;
        for (const category of governance.categoriesOf(parent.name, name.value))
          if (!isVisible(category)) found.add(category);
      },
    }),
  );
  return [...found];
}

type IsHidden = (type: string, field: string) => boolean;

function hiddenFields(document: DocumentNode, governance: FieldCategories, isVisible: IsVisible): IsHidden {
  const implementers = new Map<string, string[]>();
  for (const definition of document.definitions)
    if (isComposite(definition))
      for (const { name } of definition.interfaces ?? [])
        implementers.set(name.value, [...(implementers.get(name.value) ?? []), definition.name.value]);
  const composites = new Set(document.definitions.flatMap((one) => (isParent(one) ? [one.name.value] : [])));
  const shown = new Set<string>();
  for (const definition of document.definitions)
    if (isComposite(definition))
      for (const { name, type } of definition.fields ?? [])
        if (!composites.has(nameOf(type)) || governance.leadsToOthers(definition.name.value, name.value))
          shown.add(`${definition.name.value}.${name.value}`);
  const isOwnHidden: IsHidden = (type, field) =>
    shown.has(`${type}.${field}`) && [...governance.categoriesOf(type, field)].some((category) => !isVisible(category));
  return (type, field) =>
    isOwnHidden(type, field) || (implementers.get(type) ?? []).some((one) => isOwnHidden(one, field));
}

function withoutFields(document: DocumentNode, isHidden: IsHidden): DocumentNode {
  return {
    ...document,
    definitions: document.definitions.map((definition) =>
      isComposite(definition)
        ? {
            ...definition,
            fields: definition.fields?.filter(({ name }) => !isHidden(definition.name.value, name.value)),
          }
        : definition,
    ) as DefinitionNode[],
  };
}

/** The root type stays without a field: its schema answers every document like one about fields that do not exist. */
const ROOT = 'Query';

/** Removes types without a field, and what needs them, until every type but the root has one. */
function withoutEmptyTypes(document: DocumentNode): DocumentNode {
  const empty = new Set(
    document.definitions.flatMap((definition) =>
      (isComposite(definition) && definition.name.value !== ROOT && (definition.fields ?? []).length === 0) ||
      (definition.kind === Kind.UNION_TYPE_DEFINITION && (definition.types ?? []).length === 0)
        ? [definition.name.value]
        : [],
    ),
  );
  if (empty.size === 0) return document;
  const isGone = ({ type }: FieldDefinitionNode): boolean => empty.has(nameOf(type));
  return withoutEmptyTypes({
    ...document,
    definitions: document.definitions
      .filter((definition) => !('name' in definition && definition.name && empty.has(definition.name.value)))
      .map((definition) => {
        if (definition.kind === Kind.UNION_TYPE_DEFINITION)
          return { ...definition, types: definition.types?.filter(({ name }) => !empty.has(name.value)) };
        if (definition.kind === Kind.SCHEMA_DEFINITION)
          return {
            ...definition,
            operationTypes: definition.operationTypes.filter(({ type }) => !empty.has(type.name.value)),
          };
        if (!isComposite(definition)) return definition;
        return {
          ...definition,
          interfaces: definition.interfaces?.filter(({ name }) => !empty.has(name.value)),
          fields: definition.fields?.filter((field) => !isGone(field)),
        };
      }) as DefinitionNode[],
  });
}

/** Keeps what a document can reach: from the root types, the arguments of directives, and the types of kept interfaces. */
function reachable(document: DocumentNode): DocumentNode {
  const byName = new Map(
    document.definitions.flatMap((definition) =>
      'name' in definition && definition.name && definition.kind !== Kind.DIRECTIVE_DEFINITION
        ? [[definition.name.value, definition] as const]
        : [],
    ),
  );
  const kept = new Set<string>();
  const keep = (name: string): void => {
    const definition = byName.get(name);
    if (definition === undefined || kept.has(name)) return;
    kept.add(name);
    for (const used of namesIn(definition)) keep(used);
    if (definition.kind === Kind.INTERFACE_TYPE_DEFINITION)
      for (const [other, one] of byName)
        if (isComposite(one) && one.interfaces?.some((implemented) => implemented.name.value === name)) keep(other);
  };
  for (const root of [ROOT, 'Mutation', 'Subscription']) keep(root);
  for (const definition of document.definitions)
    if (definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.DIRECTIVE_DEFINITION)
      for (const used of namesIn(definition)) keep(used);
  return {
    ...document,
    definitions: document.definitions.filter(
      (definition) =>
        !('name' in definition && definition.name) ||
        definition.kind === Kind.DIRECTIVE_DEFINITION ||
        kept.has(definition.name.value),
    ),
  };
}

function namesIn(definition: DefinitionNode): readonly string[] {
  const names: string[] = [];
  visit(definition, { NamedType: ({ name }) => void names.push(name.value) });
  return names;
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}

function isComposite(
  definition: DefinitionNode,
): definition is Extract<DefinitionNode, { kind: Kind.OBJECT_TYPE_DEFINITION | Kind.INTERFACE_TYPE_DEFINITION }> {
  return definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

/** Whether fields are selected of values of a type. */
function isParent(
  definition: DefinitionNode,
): definition is Extract<
  DefinitionNode,
  { kind: Kind.OBJECT_TYPE_DEFINITION | Kind.INTERFACE_TYPE_DEFINITION | Kind.UNION_TYPE_DEFINITION }
> {
  return isComposite(definition) || definition.kind === Kind.UNION_TYPE_DEFINITION;
}
