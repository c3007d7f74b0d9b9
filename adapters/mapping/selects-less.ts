import { ownMember } from '../../schemas/objects.js';
import type { SelectedField } from '../port.js';
import { readingOf, type AnyField, type MappedTypes } from './mapped-field.js';

/**
 * Whether records of this type, whole or `pruned` to the selected members, hold mapped fields that were not selected.
 */
export function selectsLess(
  types: MappedTypes,
  type: string,
  fields: readonly SelectedField[],
  pruned = false,
): boolean {
  const mapped = ownMember(types, type);
  if (mapped?.discriminator !== undefined)
    return Object.values(mapped.discriminator.types).some((one) => selectsLess(types, one, fields, pruned));
  const known: Readonly<Record<string, AnyField>> = mapped?.fields ?? {};
  const selected = new Set(fields.map(({ name }) => name));
  const isLeftOut = (name: string, field: AnyField): boolean => {
    const { kind } = readingOf(name, field);
    return kind !== 'apart' && kind !== 'not_provided' && !selected.has(name);
  };
  const holdsMoreIn = (field: SelectedField): boolean => {
    const inner = ownMember(known, field.name);
    const reading = inner === undefined ? undefined : readingOf(field.name, inner);
    if (reading?.kind === 'object') return selectsLess(types, reading.type, field.fields);
    if (reading?.kind !== 'abstract') return false;
    return Object.values(reading.discriminator.types).some((one) => selectsLess(types, one, field.fields));
  };
  return (!pruned && Object.entries(known).some(([name, field]) => isLeftOut(name, field))) || fields.some(holdsMoreIn);
}
