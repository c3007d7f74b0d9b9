import { Kind, type DirectiveNode, type ValueNode } from 'graphql';

/** A directive's argument. */
export function argument(directive: DirectiveNode, name: string): ValueNode | undefined {
  return directive.arguments?.find((candidate) => candidate.name.value === name)?.value;
}

/** A directive's argument that is a text or an enum value. */
export function textArgument(directive: DirectiveNode, name: string): string | undefined {
  const value = argument(directive, name);
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

/** A directive's argument that is a list of texts. */
export function textListArgument(directive: DirectiveNode, name: string): readonly string[] {
  const value = argument(directive, name);
  if (value?.kind === Kind.STRING) return [value.value];
  return value?.kind === Kind.LIST
    ? value.values.flatMap((item) => (item.kind === Kind.STRING ? [item.value] : []))
    : [];
}

/** The applications of a directive, whichever of its names they use. */
export function applied(
  names: ReadonlySet<string>,
  directives: readonly DirectiveNode[] | undefined,
): readonly DirectiveNode[] {
  return (directives ?? []).filter(({ name }) => names.has(name.value));
}
