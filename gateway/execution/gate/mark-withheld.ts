import { bareObject, isObject } from '../../../schemas/objects.js';
import type { GrantedFieldsCompiler } from './granted-fields.js';
import { withheldFault, type Decision } from './decision.js';
import type { Annotations } from '../data/annotations.js';
import { isContent, type ReadSelection } from '../reads/read-field.js';
import type { DataObject } from '../data/data-object.js';

/**
 * Sets a fault on every field of an object that a decision withholds, before the register is called. An atomic
 * operation, which ends at the first missing basis, can then list all that are missing. Returns whether any field
 * is withheld.
 */
export function markWithheld(
  object: DataObject,
  selection: ReadSelection,
  type: string | undefined,
  decision: Decision,
  { grantedFields, annotations }: { readonly grantedFields: GrantedFieldsCompiler; readonly annotations: Annotations },
): boolean {
  const { kept, withheld } = grantedFields.of(selection, type, decision);
  for (const { key, category } of withheld) annotations.setFault(object, key, withheldFault(category, decision));
  let found = withheld.length > 0;
  for (const { field, key } of kept) {
    if (!field.below || field.link || !isContent(field)) continue;
    const known = object[key];
    const below = isObject(known) ? known : bareObject();
    if (
      !markWithheld(below, field.below, field.below.abstract ? undefined : field.below.type, decision, {
        grantedFields,
        annotations,
      })
    )
      continue;
    object[key] = inLists(below, field.lists);
    found = true;
  }
  return found;
}

/** Returns the value inside this many nested lists. */
export function inLists(value: DataObject, lists: number): unknown {
  let within: unknown = value;
  for (let depth = 0; depth < lists; depth += 1) within = [within];
  return within;
}
