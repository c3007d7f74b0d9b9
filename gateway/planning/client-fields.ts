import { Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/** Every path that the client selected, in hardened response keys, dotted; `__typename` apart. Fragments must be inlined. */
export function clientFields({ selectionSet }: OperationDefinitionNode): ReadonlySet<string> {
  const paths = new Set<string>();
  collect(selectionSet, '', paths);
  return paths;
}

function collect({ selections }: SelectionSetNode, prefix: string, paths: Set<string>): void {
  for (const selection of selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, prefix, paths);
    if (selection.kind !== Kind.FIELD || selection.name.value.startsWith('__')) continue;
    const path = joined(prefix, selection.alias?.value ?? selection.name.value);
    paths.add(path);
    if (selection.selectionSet) collect(selection.selectionSet, path, paths);
  }
}

/** `prefix.key`, or the key alone at the top. */
export function joined(prefix: string, key: string): string {
  return prefix === '' ? key : `${prefix}.${key}`;
}
