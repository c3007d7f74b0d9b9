import { isObject, ownMember } from '../../schemas/objects.js';
import type { MappedTypes } from '../mapping/mapped-field.js';
import { answerTrees } from './answer-trees.js';
import { compareRecord, type RecordDifference } from './compare-record.js';

export type { RecordDifference };

/** The record that a register was asked for. */
export interface AskedRecord {
  readonly type: string;
  readonly key: string;
  /** Value of the key. */
  readonly person: string;
}

/**
 * Compares the record in a register's answers with its mapping. Returns undefined if the protocol maps no types, or if no
 * answer holds the record in a form that is read here.
 */
export function compareAnswers(
  source: unknown,
  { type, key, person }: AskedRecord,
  bodies: readonly Buffer[],
): RecordDifference | undefined {
  const types = isObject(source) ? ownMember(source, 'types') : undefined;
  if (!isObject(types)) return undefined;
  return compareRecord(types as MappedTypes, { type, key }, person, answerTrees(bodies));
}
