import type { AddressedValue } from '../mapping/check/addressed.js';
import { keyFieldsOf } from '../mapping/mapped-field.js';
import { placeholdersIn } from './request/placeholders.js';
import type { RestSource } from './source.js';

type Operations = NonNullable<RestSource['operations']>;

/**
 * Returns the keys and arguments that requests put into an address although the operation has no consent of the register's
 * owner to that (`identifier_in_address`).
 */
export function addressedValues({
  operations = {},
  types = {},
  roots = {},
}: Partial<Pick<RestSource, 'operations' | 'types' | 'roots'>>): readonly AddressedValue[] {
  const found: AddressedValue[] = [];
  const add = (operation: string, valueOf: (placeholder: string) => AddressedValue['value'] | undefined): void => {
    for (const placeholder of addressPlaceholders(operations, operation)) {
      const value = valueOf(placeholder);
      if (value !== undefined) found.push({ at: ['operations', operation], operation, placeholder, value });
    }
  };
  for (const [type, mapped] of Object.entries(types)) {
    const keys = keyFieldsOf(mapped);
    const keyOf = (field: string): AddressedValue['value'] | undefined =>
      keys.includes(field) ? { kind: 'key', type, field } : undefined;
    for (const name of ['read', 'batch'] as const) if (mapped[name] !== undefined) add(mapped[name], keyOf);
    for (const [field, given] of Object.entries(mapped.fields)) {
      if (typeof given === 'string' || !('operation' in given) || given.operation === undefined) continue;
      const named = given.arguments ?? {};
      add(
        given.operation,
        (placeholder) =>
          keyOf(placeholder) ?? { kind: 'argument', type, field, argument: argumentFor(placeholder, named) },
      );
    }
  }
  for (const [field, root] of Object.entries(roots)) {
    if (typeof root === 'string') continue;
    const named = root.arguments ?? {};
    add(root.operation, (placeholder) => ({
      kind: 'argument',
      type: undefined,
      field,
      argument: argumentFor(placeholder, named),
    }));
  }
  return found;
}

function argumentFor(placeholder: string, named: Readonly<Record<string, string>>): string {
  return (Object.hasOwn(named, placeholder) ? named[placeholder] : undefined) ?? placeholder;
}

function addressPlaceholders(operations: Operations, name: string): readonly string[] {
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined || operation.identifier_in_address !== undefined) return [];
  const { path, query, headers } = operation.request;
  return [...new Set(textsIn([path, query, headers]).flatMap((text) => placeholdersIn(text)))].map(
    ({ name: one }) => one,
  );
}

function textsIn(template: unknown): readonly string[] {
  if (typeof template === 'string') return [template];
  return typeof template === 'object' && template !== null ? Object.values(template).flatMap(textsIn) : [];
}
