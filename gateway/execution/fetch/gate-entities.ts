import type { Admissions } from '../gate/granted-fields.js';
import { decide, deniedDecision, UNGOVERNED_DECISION, Wants, withheldFault, type Decision } from '../gate/decision.js';
import { blameOutputs, type EntityKey } from './entity-keys.js';
import { outlineWithheld } from '../gate/mark-withheld.js';
import type { Run } from '../run.js';

/** An entity that may be asked for. */
export interface OpenKey extends EntityKey {
  readonly decision: Decision;
}

/** What the gate left of the entities of a fetch. */
export interface GatedKeys {
  readonly open: readonly OpenKey[];
  readonly absent: readonly OpenKey[];
}

/**
 * The gate before the call: everybody concerned is decided on, in one batch. Fields that are
 * withheld are blamed now, not after the answer: nothing about them may depend on what a register
 * holds. An entity of whom nothing may be read, or whose key may not be told, is not asked for, nor
 * one who is absent: its fields stay empty, as of one whom the register does not have.
 */
export async function gateEntities(keys: readonly EntityKey[], admissions: Admissions, run: Run): Promise<GatedKeys> {
  const wants = new Wants();
  for (const { subject, list, representation } of keys)
    if (subject) wants.add(subject, list.categories(representation.type));
  const decisions = await decide(run.work.gate, wants);
  const open: OpenKey[] = [];
  const absent: OpenKey[] = [];
  for (const key of keys) {
    const { list, representation, subject, targets } = key;
    const decided = {
      list,
      representation,
      subject,
      targets,
      decision: (subject && decisions.get(subject)) ?? undecided(key),
    };
    if (isOpen(decided, admissions, run)) (decided.decision.absent ? absent : open).push(decided);
  }
  return { open, absent };
}

/** What is about nobody known is open only where nothing is governed. */
function undecided({ list, representation }: EntityKey): Decision {
  const categories = list.categories(representation.type);
  return categories.size === 0 ? UNGOVERNED_DECISION : deniedDecision(categories.keys());
}

function isOpen(key: OpenKey, admissions: Admissions, run: Run): boolean {
  const { list, representation, decision } = key;
  if (decision.denied.size === 0) return true;
  const { withheld, wholeWithheld } = admissions.of(list.selection, representation.type, decision);
  const deniedKey = [...list.keyCategories(representation.type)].find((category) => decision.denied.has(category));
  const missing = new Map(withheld.map((one) => [one.key, one.category]));
  for (const object of key.targets) {
    blameOutputs(
      list,
      object,
      representation.type,
      (output) => faultOf(missing.get(output) ?? deniedKey ?? wholeWithheld, decision),
      admissions,
      run,
    );
    if (run.work.atomic)
      outlineWithheld(object, list.selection, representation.type, decision, { admissions, marks: run.marks });
  }
  return deniedKey === undefined && wholeWithheld === undefined;
}

function faultOf(category: string | undefined, decision: Decision): ReturnType<typeof withheldFault> | undefined {
  return category === undefined ? undefined : withheldFault(category, decision);
}
