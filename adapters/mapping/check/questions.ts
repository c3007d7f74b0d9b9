import type { DocumentPath } from '../../../schemas/bounded-yaml.js';
import { keyFieldsOf, type MappedRoot, type MappedType } from '../mapped-field.js';

/** What requests ask for, and which types, fields and roots are read by them. */
export interface Questions {
  readonly operations: ReadonlyMap<string, Question>;
  readonly uses: readonly OperationUse[];
  /** Placeholders that every request has a value for, the constants of the mapping among them. */
  readonly sources: readonly string[];
}

/** What the request of one operation asks for. */
export interface Question {
  readonly at: DocumentPath;
  /** Whether one request asks for many keys. */
  readonly isBatch: boolean;
  readonly placeholders: readonly AskedPlaceholder[];
}

export interface AskedPlaceholder {
  readonly name: string;
  readonly isList: boolean;
  /** Where the text with it is. */
  readonly at: DocumentPath;
  /** Whether there is no request without a value for it. Others are left out. */
  readonly isNeeded: boolean;
}

/** Who is read by an operation, and what can be asked for. `at`: where the operation is named. */
export type OperationUse = { readonly operation: string; readonly at: DocumentPath } & (
  | { readonly kind: 'record'; readonly type: string; readonly key: readonly string[] }
  | ({ readonly kind: 'apart'; readonly type: string; readonly key: readonly string[] } & FieldUse)
  | ({ readonly kind: 'root' } & FieldUse)
);

interface FieldUse {
  readonly field: string;
  /** The argument for each placeholder that is not named like one. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly argumentsAt: DocumentPath;
}

type TypesWithOperations = Readonly<
  Record<string, MappedType & { readonly read?: string | undefined; readonly batch?: string | undefined }>
>;

/** Returns who is read by which operation. */
export function usesOf(
  types: TypesWithOperations,
  roots: Readonly<Record<string, MappedRoot>>,
): readonly OperationUse[] {
  return [
    ...Object.entries(types).flatMap(([type, mapped]) => usesOfType(type, mapped)),
    ...Object.entries(roots).flatMap(([field, root]) =>
      typeof root === 'string' || !('operation' in root)
        ? []
        : [{ kind: 'root' as const, ...fieldUse(field, root, ['roots', field]) }],
    ),
  ];
}

function usesOfType(type: string, mapped: TypesWithOperations[string]): readonly OperationUse[] {
  const key = keyFieldsOf(mapped);
  const records = (['read', 'batch'] as const).flatMap((name) => {
    const operation = mapped[name];
    return operation === undefined || key.length === 0
      ? []
      : [{ kind: 'record' as const, type, key, operation, at: ['types', type, name] }];
  });
  const apart = Object.entries(mapped.fields).flatMap(([field, given]) => {
    if (typeof given === 'string' || !('operation' in given) || given.operation === undefined) return [];
    const { operation, arguments: written } = given;
    const at = ['types', type, 'fields', field];
    return [{ kind: 'apart' as const, type, key, ...fieldUse(field, { operation, arguments: written }, at) }];
  });
  return [...records, ...apart];
}

function fieldUse(
  field: string,
  {
    operation,
    arguments: written = {},
  }: { readonly operation: string; readonly arguments?: Readonly<Record<string, string>> | undefined },
  around: DocumentPath,
): FieldUse & { readonly operation: string; readonly at: DocumentPath } {
  return { field, operation, at: [...around, 'operation'], arguments: written, argumentsAt: [...around, 'arguments'] };
}

/** Returns the texts of a template, in order, each with its place. */
export function placedTexts(
  template: unknown,
  at: DocumentPath,
): readonly { readonly text: string; readonly at: DocumentPath }[] {
  if (typeof template === 'string') return [{ text: template, at }];
  if (typeof template !== 'object' || template === null) return [];
  if (Array.isArray(template)) return template.flatMap((one, place) => placedTexts(one, [...at, place]));
  return Object.entries(template).flatMap(([name, one]) => placedTexts(one, [...at, name]));
}
