import { Kind, parse, type DocumentNode, type FieldDefinitionNode, type TypeNode } from 'graphql';

/** A question for every field that a root field of a schema leads to. */
export interface WholeQuestion {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Returns the root fields of a schema. */
export function rootFields(sdl: string): readonly FieldDefinitionNode[] {
  return fieldsOf(parse(sdl), 'Query');
}

/** Asks a root field for every field below it. `value` gives each argument its value. */
export function wholeQuestion(
  sdl: string,
  root: FieldDefinitionNode,
  value: (argument: string, type: string) => unknown,
): WholeQuestion {
  const document = parse(sdl);
  const given = (root.arguments ?? []).map(({ name, type }) => ({
    name: name.value,
    type: typeText(type),
    value: value(name.value, namedOf(type)),
  }));
  const asked = given.filter(({ value: one }) => one !== undefined);
  const declared = asked.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const passed = asked.map(({ name }) => `${name}: $${name}`).join(', ');
  const call = `${root.name.value}${passed === '' ? '' : `(${passed})`}`;
  return {
    text: `query${declared === '' ? '' : ` (${declared})`} { ${call} ${selection(document, namedOf(root.type))} }`,
    variables: Object.fromEntries(
      asked.map(({ name, type, value: one }) => [name, type.startsWith('[') ? [one] : one]),
    ),
  };
}

function selection(document: DocumentNode, type: string): string {
  const union = document.definitions.find(
    (node) => node.kind === Kind.UNION_TYPE_DEFINITION && node.name.value === type,
  );
  if (union?.kind === Kind.UNION_TYPE_DEFINITION)
    return `{ __typename ${(union.types ?? [])
      .map(({ name }, index) => `... on ${name.value} ${selectionOf(document, name.value, `v${index}_`)}`)
      .join(' ')} }`;
  return selectionOf(document, type, '');
}

/** Variants of a union may give one name to fields of several types: each has aliases of its own. */
function selectionOf(document: DocumentNode, type: string, alias: string): string {
  const fields = fieldsOf(document, type);
  if (fields.length === 0) return '';
  const written = fields.map(({ name, type: one }) => {
    const inner = selection(document, namedOf(one));
    return `${alias === '' ? '' : `${alias}${name.value}: `}${name.value} ${inner}`;
  });
  return `{ ${written.join(' ')} }`;
}

function fieldsOf(document: DocumentNode, type: string): readonly FieldDefinitionNode[] {
  return document.definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === type ? (node.fields ?? []) : [],
  );
}

function namedOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedOf(type.type);
}

function typeText(type: TypeNode): string {
  if (type.kind === Kind.NAMED_TYPE) return type.name.value;
  return type.kind === Kind.LIST_TYPE ? `[${typeText(type.type)}]` : `${typeText(type.type)}!`;
}

/** Returns the paths of a value at which there is null, and an empty list if there is none. */
export function nullsIn(value: unknown, path = ''): readonly string[] {
  if (value === null) return [path];
  if (typeof value !== 'object') return [];
  return Object.entries(value as object).flatMap(([name, member]) => nullsIn(member, `${path}/${name}`));
}
