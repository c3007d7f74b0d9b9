import type { Gate, SubjectRef } from '../../../schemas/ports/gate.js';
import type { GrantedFieldsCompiler } from '../gate/granted-fields.js';
import {
  decide,
  decideWithoutPerson,
  deniedDecision,
  UNGOVERNED_DECISION,
  DecisionBatch,
  withheldFault,
  type Decision,
} from '../gate/decision.js';
import { setOutputFaults, type EntityKey } from './entity-keys.js';
import { markWithheld } from '../gate/mark-withheld.js';
import type { Run } from '../run.js';

/** A key with the gate's decision on its person. */
export interface OpenKey extends EntityKey {
  readonly decision: Decision;
}

/**
 * The gate before the call. Asks the gate once about every person of these keys, and returns the keys that
 * the register may be asked for. Returns none when the execution has ended.
 *
 * Fields that are withheld are marked now, not after the answer: nothing about them may depend on what a
 * register holds. A key is not asked for when nothing of its entity may be read, or when the key itself may not
 * be sent. In the place of an absent person the register is asked about a number that no one has; if the key holds more
 * than the number, it is not asked. The fields of an absent person stay empty, as those of a person that the register
 * does not have.
 */
export async function gateEntities(
  register: string,
  keys: readonly EntityKey[],
  grantedFields: GrantedFieldsCompiler,
  run: Run,
): Promise<readonly OpenKey[]> {
  const decisions = await decide(run.work.gate, wantsOf(keys));
  const passed: OpenKey[] = [];
  const open: OpenKey[] = [];
  for (const key of keys) {
    const one = decidedKey(key, decisions, run.work.gate);
    if (!isOpen(one, grantedFields, run)) continue;
    passed.push(one);
    const asked = one.decision.absent ? withDecoy(one) : one;
    if (asked !== undefined) open.push(asked);
  }
  for (const { decision } of passed) if (decision.absent) run.accessRecord.recordAbsent(decision);
  if (run.ended) return [];
  if (open.length === 0 && passed.length > 0) run.skipCall(register);
  return open;
}

/** Returns a key about the decoy, or undefined if the key does not consist of a person's number only. */
function withDecoy(key: OpenKey): OpenKey | undefined {
  const { list, representation, decision } = key;
  const { type } = representation;
  const subjectField = list.subjectField(type);
  const names = Object.keys(representation.key).filter((name) => name !== '__typename');
  if (decision.decoy === undefined || subjectField === undefined || names.join() !== subjectField) return undefined;
  const decoyKey = { ...representation.key, [subjectField]: decision.decoy };
  return { ...key, representation: { key: decoyKey, text: JSON.stringify(decoyKey), type } };
}

function wantsOf(keys: readonly EntityKey[]): DecisionBatch {
  const batch = new DecisionBatch();
  for (const { subject, list, representation } of keys)
    if (subject) batch.add(subject, list.categories(representation.type), list.links(representation.type));
  return batch;
}

function decidedKey(key: EntityKey, decisions: ReadonlyMap<SubjectRef, Decision>, gate: Gate): OpenKey {
  const { list, representation, subject, targets } = key;
  const decision = (subject && decisions.get(subject)) ?? unnamedDecision(key, gate);
  return { list, representation, subject, targets, decision };
}

/** The decision on an entity that is read for no person. It is denied if entities of its type are about people. */
function unnamedDecision({ list, representation: { type } }: EntityKey, gate: Gate): Decision {
  const categories = list.categories(type);
  if (categories.size === 0) return UNGOVERNED_DECISION;
  return list.subjectField(type) === undefined
    ? decideWithoutPerson(gate, categories, list.links(type))
    : deniedDecision(categories.keys());
}

function isOpen(key: OpenKey, grantedFields: GrantedFieldsCompiler, run: Run): boolean {
  const { list, representation, decision } = key;
  if (decision.denied.size === 0) return true;
  const { withheld, wholeWithheld } = grantedFields.of(list.selection, representation.type, decision);
  const deniedKey = [...list.keyCategories(representation.type)].find((category) => decision.denied.has(category));
  const missing = new Map(withheld.map((one) => [one.key, one.category]));
  for (const object of key.targets) {
    setOutputFaults(
      list,
      object,
      representation.type,
      (output) => faultOf(missing.get(output) ?? deniedKey ?? wholeWithheld, decision),
      grantedFields,
      run,
    );
    if (run.work.atomic)
      markWithheld(object, list.selection, representation.type, decision, {
        grantedFields,
        annotations: run.annotations,
      });
  }
  return deniedKey === undefined && wholeWithheld === undefined;
}

function faultOf(category: string | undefined, decision: Decision): ReturnType<typeof withheldFault> | undefined {
  return category === undefined ? undefined : withheldFault(category, decision);
}
