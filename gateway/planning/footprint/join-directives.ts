import { Kind, parse, type DirectiveNode, type DocumentNode, type SelectionSetNode } from 'graphql';
import { argument, textArgument } from '../../../schemas/catalogue/directive-arguments.js';
import { joined } from '../plan-walk.js';

/** Returns the fields of the same object that a register needs for a field (`@requires`), as dotted paths: `address.kato`. */
export type RequiredFields = (register: string, type: string, field: string) => readonly string[];

/** Reads `@requires` of every register from the supergraph (`@join__field(graph:, requires:)`, join specification v0.5). */
export function requiredFields(supergraph: DocumentNode): RequiredFields {
  const registers = registerNames(supergraph);
  const required = new Map<string, readonly string[]>();
  for (const type of supergraph.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of type.fields ?? []) {
      for (const directive of field.directives ?? []) {
        const requires = directive.name.value === 'join__field' ? textArgument(directive, 'requires') : undefined;
        if (requires !== undefined)
          required.set(`${graphOf(directive, registers)} ${type.name.value}.${field.name.value}`, fieldPaths(requires));
      }
    }
  }
  return (register, type, field) => required.get(`${register} ${type}.${field}`) ?? [];
}

/** Returns the top-level fields of the keys by which a register can be asked for a type. */
export type KeyFields = (register: string, type: string) => ReadonlySet<string>;

/** Reads `@key` of every register from the supergraph (`@join__type(graph:, key:)`). */
export function keyFields(supergraph: DocumentNode): KeyFields {
  const registers = registerNames(supergraph);
  const keys = new Map<string, Set<string>>();
  for (const type of supergraph.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const directive of type.directives ?? []) {
      const key = directive.name.value === 'join__type' ? textArgument(directive, 'key') : undefined;
      if (key === undefined) continue;
      const name = `${graphOf(directive, registers)} ${type.name.value}`;
      keys.set(name, new Set([...(keys.get(name) ?? []), ...fieldPaths(key)]));
    }
  }
  return (register, type) => keys.get(`${register} ${type}`) ?? new Set();
}

/** `join__Graph` value -> name of the register. */
function registerNames(supergraph: DocumentNode): ReadonlyMap<string, string> {
  const graphs = supergraph.definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  );
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  return new Map(values.map(({ name, directives }) => [name.value, nameIn(directives ?? []) ?? name.value]));
}

function nameIn(directives: readonly DirectiveNode[]): string | undefined {
  const graph = directives.find(({ name }) => name.value === 'join__graph');
  return graph && textArgument(graph, 'name');
}

function graphOf(directive: DirectiveNode, registers: ReadonlyMap<string, string>): string {
  const graph = argument(directive, 'graph');
  return graph?.kind === Kind.ENUM ? (registers.get(graph.value) ?? graph.value) : '';
}

function fieldPaths(fieldSet: string): readonly string[] {
  const [definition] = parse(`{${fieldSet}}`, { noLocation: true }).definitions;
  return definition?.kind === Kind.OPERATION_DEFINITION ? paths(definition.selectionSet, '') : [];
}

function paths({ selections }: SelectionSetNode, prefix: string): readonly string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return paths(selection.selectionSet, prefix);
    if (selection.kind !== Kind.FIELD) return [];
    const path = joined(prefix, selection.name.value);
    return [path, ...(selection.selectionSet ? paths(selection.selectionSet, path) : [])];
  });
}
