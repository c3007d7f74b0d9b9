import { Kind, parse, type SelectionNode, type SelectionSetNode } from 'graphql';
import type { Model } from './model.js';
import { categoryOf } from './sdl.js';
import type { Call } from './services.js';
import { isGranted, isProtected } from './world.js';

/** What a call asks of a person that is withheld of them, as `person Type.field`: there must be none. */
export function withheldReads(model: Model, { asked: { query, variables = {} } }: Call): readonly string[] {
  const [operation] = parse(query).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('a service was asked no operation');
  return operation.selectionSet.selections.flatMap((root) => {
    if (root.kind !== Kind.FIELD || root.selectionSet === undefined) return [];
    const given = root.arguments?.[0]?.value;
    const value = given?.kind === Kind.VARIABLE ? variables[given.name.value] : undefined;
    return peopleIn(value, root.name.value).flatMap(({ id, __typename: type }) =>
      fieldsOf(root.selectionSet)
        .map((field) => ({ field, of: typeOf(model, field) }))
        .filter(
          ({ field, of }) =>
            (of === type || of === 'Node') &&
            (isProtected(model, id) || !isGranted(model, id, categoryOf(model, of, field))),
        )
        .map(({ field }) => `${id} ${field}`),
    );
  });
}

interface Person {
  readonly __typename: string;
  readonly id: string;
}

/** Root fields are called like the types that they give. */
function peopleIn(value: unknown, root: string): readonly Person[] {
  return typeof value === 'string'
    ? [{ __typename: root, id: value }]
    : Array.isArray(value)
      ? (value as Person[])
      : [];
}

/** Fields of the person, those of the person's fields not: they go with them. Every name belongs to one type; keys are withheld of no one. */
function fieldsOf(set: SelectionSetNode | undefined): readonly string[] {
  return (set?.selections ?? []).flatMap((selection: SelectionNode): readonly string[] => {
    if (selection.kind === Kind.FIELD)
      return ['__typename', 'id', 'code'].includes(selection.name.value) ? [] : [selection.name.value];
    return selection.kind === Kind.INLINE_FRAGMENT ? fieldsOf(selection.selectionSet) : [];
  });
}

function typeOf({ entities }: Model, field: string): string {
  return entities.find(({ fields }) => fields.some(({ name }) => name === field))?.name ?? 'Node';
}
