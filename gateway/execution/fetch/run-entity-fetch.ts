import type { CallGroup, GroupAnswer } from '../../../adapters/port.js';
import { failuresByRecord, placeFailures, type FieldFailure } from '../accept/place-failures.js';
import type { TrimmedRecords } from '../accept/list-size.js';
import { noteCodeFindings } from '../accept/note-code-findings.js';
import { SentValues } from '../accept/sent-values.js';
import { acceptRecord, type AcceptContext, type AcceptedRecord, type NotAccepted } from '../accept/accept-record.js';
import type { GrantedFieldsCompiler } from '../gate/granted-fields.js';
import type { ReadPeople } from '../../access/access-record.js';
import { grantedByAll, type Decision } from '../gate/decision.js';
import { callRegister } from './call-register.js';
import type { CompiledList, EntityFetch } from './entity-fetch.js';
import { setOutputFaults, collectKeys } from './entity-keys.js';
import type { Annotations } from '../data/annotations.js';
import type { DataObject } from '../data/data-object.js';
import type { Fault } from '../data/fault.js';
import { pick } from './prepared-calls.js';
import { gateEntities, type OpenKey } from './gate-entities.js';
import { gateLinks, recordProtected, type DecidedRecord, type LinkDecisions } from '../gate/gate-links.js';
import { copyOf, mergeInto, type MergePlain } from '../data/merge.js';
import { pruneSelection } from '../reads/subgraph-operation.js';
import type { Run, Step } from '../run.js';
import { isObject } from '../../../schemas/objects.js';

/** Keys with equal grants: one group of the call. */
interface KeyGroup {
  readonly list: CompiledList;
  readonly deniedKey: string;
  /** Keys by the text of the representation. The register is asked once for all keys with the same text. */
  readonly slots: Map<string, OpenKey[]>;
}

/** A register's answer to one key. The record of a decoy is dropped. */
interface KeyAnswer {
  readonly key: OpenKey;
  readonly record: unknown;
  readonly failures: readonly FieldFailure[];
  /** The answer that the record is of, and its position there. */
  readonly group: GroupAnswer;
  readonly position: number;
}

/** A register's answer to the keys of one fetch. */
interface EntityAnswers {
  readonly answers: readonly KeyAnswer[];
  /** Records whose lists were trimmed. */
  readonly trimmed: TrimmedRecords;
  /** What the register sent where the records hold something else. */
  readonly sent: SentValues;
}

/**
 * Runs one entity fetch. The gate decides on every person that the fetch is about; the keys that stay open go
 * to the register in one call, decoys for absent people among them; the gate decides on every person that the records lead to; what is granted of
 * the records is accepted, and merged into the objects that the fetch completes.
 */
export function entityFetchStep(fetch: EntityFetch, grantedFields: GrantedFieldsCompiler): Step {
  return async (run) => {
    if (run.ended) return;
    const open = await gateEntities(fetch.register, collectKeys(fetch, grantedFields, run), grantedFields, run);
    if (open.length === 0) return;
    const answered = await callForEntities(fetch, open, grantedFields, run);
    if (!answered) return;
    const teller = open.find(({ list }) => list.selection.tellsDwellings)?.decision.subject;
    const linkGate = run.linkGate(fetch.register, grantedFields);
    const links = await gateLinks(decidedRecords(answered, grantedFields), linkGate, teller);
    const { trimmed, sent } = answered;
    const context = run.acceptContext({ register: fetch.register, grantedFields, links, trimmed, sent });
    const shown = teller === undefined ? answered : withoutHidden(answered, links);
    mergeAnswers(shown, acceptAnswers(shown, context), context, run);
  };
}

const NO_ANSWER: GroupAnswer = { records: [], errors: [] };

/** Groups the keys by what was granted and makes one call. Returns undefined, with the fault set on every target, when the call fails. */
async function callForEntities(
  { adapter, register }: EntityFetch,
  open: readonly OpenKey[],
  grantedFields: GrantedFieldsCompiler,
  run: Run,
): Promise<EntityAnswers | undefined> {
  const groups = groupByGrants(open);
  const call = {
    groups: groups.map((group) => callGroup(group, run)),
    people: peopleOf(open),
    grantedIn: (position: number) => grantedByAll(decisionsOf(groups[position])),
  };
  const outcome = await callRegister(adapter, call, run);
  if ('fault' in outcome) {
    for (const key of open) setKeyFault(key, outcome.fault, grantedFields, run);
    return undefined;
  }
  for (const { decision } of open) if (!decision.absent) run.accessRecord.recordRead(decision);
  const answers: KeyAnswer[] = [];
  groups.forEach((group, position) => addAnswers(answers, group, outcome.groups[position] ?? NO_ANSWER, register));
  return { answers, trimmed: trimLongLists(answers, run), sent: completeAnswers(answers, register, run) };
}

const NO_PEOPLE: ReadPeople = { all: [] };

/** Returns the people of these keys, and which of them a value of a key is about. */
function peopleOf(open: readonly OpenKey[]): ReadPeople {
  // No person and nothing granted: nothing to record.
  if (open.every(({ decision: { subject, granted } }) => subject === undefined && granted.size === 0)) return NO_PEOPLE;
  let byKey: Map<unknown, Decision[]> | undefined;
  const index = (): Map<unknown, Decision[]> => {
    const found = new Map<unknown, Decision[]>();
    for (const { representation, decision } of open) {
      for (const value of Object.values(representation.key)) {
        const known = found.get(value);
        if (known === undefined) found.set(value, [decision]);
        else known.push(decision);
      }
    }
    return found;
  };
  return { all: open.map(({ decision }) => decision), byKey: (key) => (byKey ??= index()).get(key) ?? [] };
}

function decisionsOf(group: KeyGroup | undefined): readonly Decision[] {
  return [...(group?.slots.values() ?? [])].flatMap((keys) => keys.map(({ decision }) => decision));
}

function groupByGrants(open: readonly OpenKey[]): readonly KeyGroup[] {
  const groups = new Map<string, KeyGroup>();
  let group: KeyGroup | undefined;
  for (const key of open) {
    // Keys with equal grants mostly stand beside each other.
    if (group?.list !== key.list || group.deniedKey !== key.decision.deniedKey) group = groupOf(key, groups);
    const { text } = key.representation;
    const slot = group.slots.get(text);
    if (slot) slot.push(key);
    else group.slots.set(text, [key]);
  }
  return [...groups.values()];
}

function groupOf({ list, decision: { deniedKey } }: OpenKey, groups: Map<string, KeyGroup>): KeyGroup {
  const name = `${list.position} ${deniedKey}`;
  let group = groups.get(name);
  if (!group) groups.set(name, (group = { list, deniedKey, slots: new Map() }));
  return group;
}

function callGroup({ list, slots }: KeyGroup, run: Run): CallGroup {
  const keys = [...slots.values()].flatMap(([key]) => key ?? []);
  const [first] = keys;
  if (!first) throw new Error('a group without keys is not asked for');
  const { denied, deniedKey } = first.decision;
  const { prepared, variables } = list.preparedCalls.for(deniedKey, () => pruneSelection(list.selection, denied));
  return {
    prepared,
    variables: pick(variables, run.work.variables),
    keys: keys.map(({ representation }) => representation.key),
  };
}

function addAnswers(answers: KeyAnswer[], { slots }: KeyGroup, group: GroupAnswer, register: string): void {
  const failuresAt = failuresByRecord(group, register);
  let position = 0;
  for (const keys of slots.values()) {
    const record = group.records[position] ?? null;
    const failures = failuresAt(position);
    for (const key of keys)
      answers.push({ key, record: key.decision.absent ? null : record, failures, group, position });
    position += 1;
  }
}

/** Cuts lists that are longer than their register promises, before anything is decided about who is in them. */
function trimLongLists(answers: readonly KeyAnswer[], run: Run): TrimmedRecords {
  const trimmed: TrimmedRecords = new Map();
  for (const { key, record } of answers)
    if (isObject(record)) key.list.trimLists?.(record, key.representation.type, run.work.variables, trimmed);
  return trimmed;
}

/** Completes the leaves of every record to their types, before anything is decided about the people in it. */
function completeAnswers(answers: readonly KeyAnswer[], register: string, { annotations }: Run): SentValues {
  const sent = new SentValues();
  const completing = { annotations, sent };
  const noting = { register, sent };
  let before: unknown;
  for (const { key, record, group, position } of answers) {
    // Keys with the same text stand beside each other and have the same record.
    if (record !== before && isObject(record)) {
      key.list.completeLeaves(record, key.representation.type, completing);
      noteCodeFindings(record, position, group, noting);
    }
    before = record;
  }
  return sent;
}

function decidedRecords({ answers }: EntityAnswers, grantedFields: GrantedFieldsCompiler): readonly DecidedRecord[] {
  const decided: DecidedRecord[] = [];
  for (const answer of answers) {
    // No link is followed of a record without a known person.
    if (answer.key.decision.subject !== undefined && isObject(answer.record))
      decided.push(decidedRecord(answer.key, answer.record, grantedFields));
  }
  return decided;
}

function decidedRecord(
  { list: { selection }, representation: { type }, decision }: OpenKey,
  record: DataObject,
  grantedFields: GrantedFieldsCompiler,
): DecidedRecord {
  const { kept } = grantedFields.of(selection, type, decision);
  return { record, kept: kept.map(({ field }) => field), decision, entity: { selection, type } };
}

/** Returns the answers as if the register did not have the records that tell a hidden dwelling. */
function withoutHidden(answered: EntityAnswers, links: LinkDecisions): EntityAnswers {
  const answers = answered.answers.map((answer) => {
    const { list, representation, decision } = answer.key;
    const outcome = links.dwellingOf(answer.record, list.selection, decision, representation.type);
    return outcome === 'hidden' ? { ...answer, record: null, failures: [] } : answer;
  });
  return { ...answered, answers };
}

/** What was accepted of each answer, by position; undefined where the register has no record. */
type AcceptedAnswers = readonly (AcceptedRecord | undefined)[];

function acceptAnswers({ answers }: EntityAnswers, context: AcceptContext): AcceptedAnswers {
  recordProtected(context);
  return answers.map(({ key: { list, representation, decision }, record, failures }) => {
    if (record === null) return undefined;
    const accepted = acceptRecord(record, list.selection, representation.type, decision, context);
    if ('object' in accepted && failures.length > 0)
      placeFailures(accepted.object, list.selection, representation.type, failures, context);
    return accepted;
  });
}

function mergeAnswers(
  { answers }: EntityAnswers,
  accepted: AcceptedAnswers,
  { grantedFields, annotations }: AcceptContext,
  run: Run,
): void {
  answers.forEach(({ key, failures }, position) => {
    const one = accepted[position];
    if (!one) {
      const [failure] = failures;
      if (failure) setKeyFault(key, failure.fault, grantedFields, run);
    } else if ('fault' in one) setRecordFault(key, one, grantedFields, run);
    else mergeRecord(key, one.object, failures.length === 0 ? one.plain : undefined, annotations);
  });
}

/** `plain`: how to merge a record of which nothing is marked. */
function mergeRecord(
  { targets }: OpenKey,
  object: DataObject,
  plain: MergePlain | undefined,
  annotations: Annotations,
): void {
  const last = targets.length - 1;
  targets.forEach((target, position) => {
    if (plain) plain(target, object, position === last, annotations);
    else mergeInto(target, position === last ? object : copyOf(object, annotations), annotations);
  });
}

function setKeyFault(
  { list, representation, targets }: OpenKey,
  fault: Fault,
  grantedFields: GrantedFieldsCompiler,
  run: Run,
): void {
  for (const target of targets) setOutputFaults(list, target, representation.type, () => fault, grantedFields, run);
}

function setRecordFault(
  { list, representation, targets }: OpenKey,
  { fault, note, type = representation.type }: NotAccepted,
  grantedFields: GrantedFieldsCompiler,
  run: Run,
): void {
  for (const target of targets) {
    // Only its own register knows the type of an interface object, so the type is kept even here.
    if (type !== representation.type) target['__typename'] = type;
    setOutputFaults(list, target, type, () => fault, grantedFields, run);
    if (note) run.annotations.note(target, note);
  }
}
