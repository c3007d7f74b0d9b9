import { ownMember } from '../../schemas/objects.js';
import { keyFieldsOf, readingOf, type MappedType, type MappedTypes } from '../mapping/mapped-field.js';
import type { SelectedField } from '../port.js';

/** Returns a selection with the key of the object in the place of each field that is read apart by that key. */
export function withKeys(types: MappedTypes, type: string, fields: readonly SelectedField[]): readonly SelectedField[] {
  if (fields.every((field) => isPlain(types, type, field))) return fields;
  return fields.flatMap((field) => {
    const mapped = mappedOf(types, type, field);
    const given = ownMember(mapped?.fields ?? {}, field.name);
    const reading = given === undefined ? undefined : readingOf(field.name, given);
    if (reading?.kind === 'apart') return keyFieldsOf(mapped ?? {}).map((name) => keyLeaf(field.parentType, name));
    if (reading?.kind === 'object') return [{ ...field, fields: withKeys(types, reading.type, field.fields) }];
    // Each field of a union or interface says of which type it is.
    return reading?.kind === 'abstract' ? [{ ...field, fields: withKeys(types, '', field.fields) }] : [field];
  });
}

function isPlain(types: MappedTypes, type: string, field: SelectedField): boolean {
  if (field.name === '__typename') return true;
  const given = ownMember(mappedOf(types, type, field)?.fields ?? {}, field.name);
  return given !== undefined && readingOf(field.name, given).kind === 'leaf';
}

function mappedOf(types: MappedTypes, type: string, { parentType }: SelectedField): MappedType | undefined {
  const own = ownMember(types, type);
  return own !== undefined && own.discriminator === undefined ? own : ownMember(types, parentType);
}

function keyLeaf(parentType: string, name: string): SelectedField {
  return { parentType, name, responseKey: name, type: '', list: false, fields: [] };
}
