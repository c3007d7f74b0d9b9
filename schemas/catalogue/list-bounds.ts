import { Kind, type FieldDefinitionNode, type InputValueDefinitionNode } from 'graphql';
import { isListType } from './declared-types.js';
import { applied, argument } from './directive-arguments.js';
import type { ListBound } from './governance.js';

/** The argument with the wanted length of a list. */
const FIRST = 'first';

/** Returns how long a list field can be: by its own `@listSize(assumedSize:)`, by `first`, or by the cap of the list argument that it answers. Undefined if none of these bounds it. */
export function listBound(
  { directives, arguments: given = [] }: FieldDefinitionNode,
  listSize: ReadonlySet<string>,
): ListBound | undefined {
  const size = assumedSize(directives, listSize);
  if (size !== undefined) return { kind: 'size', size };
  const first = given.find(({ name }) => name.value === FIRST);
  if (first !== undefined && isBounding(first))
    return {
      kind: 'argument',
      argument: FIRST,
      ...(first.defaultValue?.kind === Kind.INT ? { byDefault: Number(first.defaultValue.value) } : {}),
    };
  const caps = given
    .filter(({ type }) => isListType(type))
    .flatMap((one) => assumedSize(one.directives, listSize) ?? []);
  return caps.length === 0 ? undefined : { kind: 'size', size: Math.max(...caps) };
}

function assumedSize(directives: FieldDefinitionNode['directives'], listSize: ReadonlySet<string>): number | undefined {
  const [found] = applied(listSize, directives);
  const value = found && argument(found, 'assumedSize');
  return value?.kind === Kind.INT ? Number(value.value) : undefined;
}

/** An optional argument bounds nothing. */
function isBounding({ type, defaultValue }: InputValueDefinitionNode): boolean {
  return type.kind === Kind.NON_NULL_TYPE || defaultValue?.kind === Kind.INT;
}
