import type { CallGroup, GroupAnswer } from '../../../adapters/port.js';
import { Absences, failuresByRecord, placeFailures, type FieldFailure } from '../accept/place-failures.js';
import type { CutRecords } from '../accept/list-size.js';
import { admitObject, type AdmissionContext } from '../accept/accept-record.js';
import type { Admissions } from '../gate/granted-fields.js';
import { callRegister } from './call-register.js';
import type { CompiledList, EntityFetch } from './entity-fetch.js';
import { blameOutputs, collectKeys } from './entity-keys.js';
import type { Fault } from '../data/fault.js';
import { pick } from './prepared-calls.js';
import { gateEntities, type OpenKey } from './gate-entities.js';
import { gateLinks, type DecidedRecord } from '../gate/gate-links.js';
import { copyOf, mergeInto } from '../data/merge.js';
import { pruneSelection } from '../reads/subgraph-operation.js';
import type { Run, Step } from '../run.js';
import { isObject } from '../../../schemas/objects.js';

/** Keys with equal grants: one group of the call. */
interface KeyGroup {
  readonly list: CompiledList;
  /** By text of the representation: a key is asked once for all who want it with these grants. */
  readonly slots: Map<string, OpenKey[]>;
}

/** What a register said to one key. */
interface KeyAnswer {
  readonly key: OpenKey;
  readonly record: unknown;
  readonly failures: readonly FieldFailure[];
}

/** Everybody concerned is decided on, keys are grouped by what was granted, asked for in one call, and merged where they belong. */
export function entityFetchStep(fetch: EntityFetch, admissions: Admissions): Step {
  return async (run) => {
    if (run.ended) return;
    const { open, absent } = await gateEntities(collectKeys(fetch, admissions, run), admissions, run);
    for (const { decision } of absent) run.usage.met(decision);
    if (run.ended) return;
    if (open.length === 0) {
      if (absent.length > 0) run.spare(fetch.register);
      return;
    }
    const groups = groupByGrants(open);
    for (const { decision } of open) run.usage.asked(decision);
    const outcome = await callRegister(
      fetch.adapter,
      groups.map((group) => callGroup(group, run)),
      run,
    );
    if ('fault' in outcome) {
      for (const key of open) blameKey(key, () => outcome.fault, admissions, run);
      return;
    }
    for (const { decision } of open) run.usage.read(decision);
    const answers = groups.flatMap((group, position) => answersOf(group, outcome.groups[position], fetch.register));
    await admitAnswers(answers, fetch.register, admissions, run);
  };
}

const NO_RECORDS: readonly DecidedRecord[] = [];
const NO_ANSWER: GroupAnswer = { records: [], errors: [] };

function groupByGrants(open: readonly OpenKey[]): readonly KeyGroup[] {
  const groups = new Map<string, KeyGroup>();
  for (const key of open) {
    const name = `${key.list.position} ${key.decision.deniedKey}`;
    let group = groups.get(name);
    if (!group) groups.set(name, (group = { list: key.list, slots: new Map() }));
    const { text } = key.representation;
    const slot = group.slots.get(text);
    if (slot) slot.push(key);
    else group.slots.set(text, [key]);
  }
  return [...groups.values()];
}

function callGroup({ list, slots }: KeyGroup, run: Run): CallGroup {
  const keys = [...slots.values()].flatMap(([key]) => key ?? []);
  const [first] = keys;
  if (!first) throw new Error('a group without keys is not asked for');
  const { denied, deniedKey } = first.decision;
  const { prepared, variables } = list.asks.for(deniedKey, () => pruneSelection(list.selection, denied));
  return {
    prepared,
    variables: pick(variables, run.work.variables),
    keys: keys.map(({ representation }) => representation.key),
  };
}

function answersOf({ slots }: KeyGroup, answer: GroupAnswer | undefined, register: string): readonly KeyAnswer[] {
  const failuresAt = failuresByRecord(answer ?? NO_ANSWER, register);
  const answers: KeyAnswer[] = [];
  let position = 0;
  for (const keys of slots.values()) {
    const record = answer?.records[position] ?? null;
    const failures = failuresAt(position);
    for (const key of keys) answers.push({ key, record, failures });
    position += 1;
  }
  return answers;
}

async function admitAnswers(
  answers: readonly KeyAnswer[],
  register: string,
  admissions: Admissions,
  run: Run,
): Promise<void> {
  const { marks, subjects, usage, derivation, work, services } = run;
  const cut: CutRecords = new Map();
  for (const { key, record } of answers)
    if (isObject(record)) key.list.cutLists?.(record, key.representation.type, work.variables, cut);
  const links = await gateLinks(
    answers.flatMap((answer) => decidedRecord(answer, admissions)),
    { gate: work.gate, subjects, admissions, register },
  );
  for (const decision of links.all) run.usage.met(decision);
  const context: AdmissionContext = {
    register,
    admissions,
    marks,
    usage,
    links,
    absences: new Absences(),
    cut,
    derivation,
    observer: services.observer,
  };
  for (const answer of answers) admitAnswer(answer, context, run);
}

/** Of a record about nobody no link is followed. */
function decidedRecord({ key, record }: KeyAnswer, admissions: Admissions): readonly DecidedRecord[] {
  if (key.decision.subject === undefined || !isObject(record)) return NO_RECORDS;
  const { kept } = admissions.of(key.list.selection, key.representation.type, key.decision);
  return [{ record, kept: kept.map(({ field }) => field), decision: key.decision }];
}

function admitAnswer({ key, record, failures }: KeyAnswer, context: AdmissionContext, run: Run): void {
  const { list, representation, decision, targets } = key;
  if (record === null) {
    for (const { fault } of failures.slice(0, 1)) blameKey(key, () => fault, context.admissions, run);
    return;
  }
  const admitted = admitObject(record, list.selection, representation.type, decision, context);
  if ('fault' in admitted) {
    const type = admitted.type ?? representation.type;
    for (const object of targets) {
      // An interface object becomes what it is even so: nobody but its own register can say.
      if (type !== representation.type) object['__typename'] = type;
      blameOutputs(list, object, type, () => admitted.fault, context.admissions, run);
      if (admitted.note) context.marks.note(object, admitted.note);
    }
    return;
  }
  if (failures.length > 0) placeFailures(admitted.object, list.selection, representation.type, failures, context);
  const merge = failures.length === 0 ? admitted.plain : undefined;
  const last = targets.length - 1;
  targets.forEach((object, position) => {
    if (merge) merge(object, admitted.object, position === last, context.marks);
    else mergeInto(object, position === last ? admitted.object : copyOf(admitted.object, context.marks), context.marks);
  });
}

function blameKey(
  { list, representation, targets }: OpenKey,
  reason: (key: string) => Fault,
  admissions: Admissions,
  run: Run,
): void {
  for (const object of targets) blameOutputs(list, object, representation.type, reason, admissions, run);
}
