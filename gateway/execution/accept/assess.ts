import { bareObject } from '../../../schemas/objects.js';
import type { Admission } from '../gate/granted-fields.js';
import { recordNote, type RecordNote } from '../data/record-note.js';
import type { DataObject } from '../fetch/entity-paths.js';

/**
 * Judges a record by what was granted and fetched of it; undefined when no contract describes its
 * type, or when it holds nothing of its own: what stands below it is judged there.
 */
export function assess(
  record: DataObject,
  register: string,
  type: string,
  { check, judged }: Admission,
): RecordNote | undefined {
  if (!check || judged.length === 0) return undefined;
  const view = bareObject();
  for (const { name, responseKey } of judged) view[name] = record[responseKey] ?? null;
  return recordNote(register, type, check.check(view));
}
