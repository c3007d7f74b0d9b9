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

type ValueOf = (argument: string, type: string) => unknown;

/**
 * Asks a root field for every field below it, in as many questions as it takes: none of them selects much more than `most`
 * characters. `value` gives each argument its value.
 */
export function wholeQuestions(
  sdl: string,
  root: FieldDefinitionNode,
  value: ValueOf,
  most: number,
): readonly WholeQuestion[] {
  const given = (root.arguments ?? []).map(({ name, type }) => ({
    name: name.value,
    type: typeText(type),
    value: value(name.value, namedOf(type)),
  }));
  const asked = given.filter(({ value: one }) => one !== undefined);
  const declared = asked.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const passed = asked.map(({ name }) => `${name}: $${name}`).join(', ');
  const call = `${root.name.value}${passed === '' ? '' : `(${passed})`}`;
  const variables = Object.fromEntries(
    asked.map(({ name, type, value: one }) => [name, type.startsWith('[') ? [one] : one]),
  );
  return selections(parse(sdl), namedOf(root.type), most).map((selection) => ({
    text: `query${declared === '' ? '' : ` (${declared})`} { ${call} ${selection} }`,
    variables,
  }));
}

function selections(document: DocumentNode, type: string, most: number): readonly string[] {
  const union = document.definitions.find(
    (node) => node.kind === Kind.UNION_TYPE_DEFINITION && node.name.value === type,
  );
  if (union?.kind !== Kind.UNION_TYPE_DEFINITION) return selectionsOf(document, { type, alias: '', most });
  const members = (union.types ?? []).flatMap(({ name }, index) =>
    selectionsOf(document, { type: name.value, alias: `v${index}_`, most }).map((one) => `... on ${name.value} ${one}`),
  );
  return packed(members, most).map((one) => `{ __typename ${one} }`);
}

interface Selecting {
  readonly type: string;
  /** Variants of a union may give one name to fields of several types: each has aliases of its own. */
  readonly alias: string;
  readonly most: number;
}

function selectionsOf(document: DocumentNode, { type, alias, most }: Selecting): readonly string[] {
  const fields = fieldsOf(document, type);
  if (fields.length === 0) return [''];
  const written = fields.flatMap(({ name, type: one }) =>
    selections(document, namedOf(one), most).map(
      (inner) => `${alias === '' ? '' : `${alias}${name.value}: `}${name.value} ${inner}`,
    ),
  );
  return packed(written, most).map((one) => `{ ${one} }`);
}

/** Joins texts to as few as have at most this length. */
function packed(texts: readonly string[], most: number): readonly string[] {
  const packs: string[] = [];
  for (const text of texts) {
    const last = packs.at(-1);
    if (last === undefined || last.length + text.length > most) packs.push(text);
    else packs[packs.length - 1] = `${last} ${text}`;
  }
  return packs;
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
