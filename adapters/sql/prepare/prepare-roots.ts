import type { SelectedField } from '../../port.js';
import { ownMember } from '../../../schemas/objects.js';
import { isComplete, keyText, type Key } from '../key.js';
import { operationTable, tableOf } from './prepare-type.js';
import type { TablePart } from './prepared-type.js';
import { tablePart } from './table-part.js';
import { keyColumnsOf, type SqlRoot, type SqlSource, type SqlTable } from '../source.js';

/** The keys of a root field, by the variables of its operation. */
export interface AskedKeys {
  readonly keys: readonly Key[];
  /** Whether the argument is a list of keys, so that the answer is a list of their records, in order. */
  readonly isMany: boolean;
}

export interface PreparedRoot {
  readonly responseKey: string;
  readonly part: TablePart;
  /** Returns the keys. Undefined if an argument is neither a text nor a whole number, or a list of them. */
  readonly askedFrom: (variables: Readonly<Record<string, unknown>>) => AskedKeys | undefined;
}

/** Compiles the selected root fields. Throws for one that is not mapped. */
export function prepareRoots(
  register: string,
  source: SqlSource,
  selected: readonly SelectedField[],
): readonly PreparedRoot[] {
  return selected.map((field) => {
    const root = 'lists' in source ? undefined : ownMember(source.roots ?? {}, field.name);
    if ('lists' in source || root === undefined)
      throw new Error(`source.yaml of ${register} has no root field ${field.name}`);
    const isOperation = typeof root === 'object' && !Array.isArray(root);
    const table = isOperation ? operationTable(source, root.operation) : tableOf(source, field.type);
    const names = isOperation ? argumentsOf(table, root) : [root].flat();
    return {
      responseKey: field.responseKey,
      part: tablePart(source, table, field.type, field.fields, field.list),
      askedFrom: (variables) => askedBy(names, field.argumentsFrom?.(variables) ?? {}, !isOperation),
    };
  });
}

/** Returns the arguments that hold the values of the key columns. */
function argumentsOf(
  { key_column: keyColumn }: SqlTable,
  { operation, arguments: byColumn }: Extract<SqlRoot, { operation: string }>,
): readonly string[] {
  return keyColumnsOf(keyColumn).map(({ column, name = column }) => {
    const argument = ownMember(byColumn, name);
    if (argument === undefined) throw new Error(`source.yaml names no argument for ${name} of ${operation}`);
    return argument;
  });
}

function askedBy(
  names: readonly string[],
  given: Readonly<Record<string, unknown>>,
  takesMany: boolean,
): AskedKeys | undefined {
  const values = names.map((name) => ownMember(given, name));
  const [only] = values;
  // A composite key has one value in each argument.
  const isMany = takesMany && values.length === 1 && Array.isArray(only);
  const asked = isMany ? (only as readonly unknown[]).map((value) => [value]) : [values];
  const keys = asked
    .map((key): readonly (string | undefined)[] => key.map((value) => keyText(value, true)))
    .filter(isComplete);
  return keys.length === asked.length ? { keys, isMany } : undefined;
}
