import type { Derive } from '../../../policies/disclosure/port.js';
import { bareObject, isObject } from '../../../schemas/objects.js';
import type { SubjectRef } from '../../../schemas/ports/gate.js';
import type { Observer } from '../../../schemas/ports/observer.js';
import type { RecordVerdict } from '../../../schemas/ports/quality.js';
import { wrongFinding } from '../../../schemas/quality/wrong-finding.js';
import type { HiddenPositions } from './place-failures.js';
import type { GrantedFields, GrantedFieldsCompiler, GrantedField } from '../gate/granted-fields.js';
import { copyLeaf, type DataObject } from '../data/data-object.js';
import type { TrimmedRecords } from './list-size.js';
import type { SentValues, WrongField } from './sent-values.js';
import { withheldFault, type Decision } from '../gate/decision.js';
import { registerFault, type Fault } from '../data/fault.js';
import type { LinkDecisions } from '../gate/gate-links.js';
import { recordNote, together, type Annotations, type RecordNote } from '../data/annotations.js';
import { copyValue, type MergePlain } from '../data/merge.js';
import { concreteType, type FieldDerivation, type ReadField, type ReadSelection } from '../reads/read-field.js';
import type { AccessRecord } from '../../access/access-record.js';

export type DerivationContext = Parameters<Derive>[1];

/** Returns what derivations of one execution receive. The fact date is read once, and only if something is derived, because most questions derive nothing. */
export function derivationContext(
  factDate: () => string,
  { receiver, caseNumber }: Omit<DerivationContext, 'factDate'>,
): DerivationContext {
  let known: string | undefined;
  return {
    receiver,
    caseNumber,
    get factDate() {
      return (known ??= factDate());
    },
  };
}

/** What the records of one answer are accepted with. */
export interface AcceptContext {
  readonly register: string;
  readonly grantedFields: GrantedFieldsCompiler;
  readonly annotations: Annotations;
  readonly accessRecord: AccessRecord;
  /** Counts a person that the answer names to the caller. Throws a `Refusal` if there are too many. */
  readonly countTold: (subject: SubjectRef) => void;
  readonly links: LinkDecisions;
  readonly hiddenPositions: HiddenPositions;
  /** Records whose lists were trimmed. */
  readonly trimmed: TrimmedRecords;
  /** What the register sent where the records hold something else. */
  readonly sent: SentValues;
  readonly derivation: DerivationContext;
  readonly observer: Observer;
}

/** What was accepted of a record. `plain`: how the object is merged if nothing of it is marked. */
export type AcceptedRecord = { readonly object: DataObject; readonly plain?: MergePlain } | NotAccepted;

/** A record of which nothing is released. `type`: what the record is, if all that it holds is withheld. */
export interface NotAccepted {
  readonly fault: Fault;
  readonly note?: RecordNote;
  readonly type?: string | undefined;
}

/**
 * Accepts a record into the answer. Returns a new object with the fields that were granted and asked for, and
 * nothing else of what the register sent. Returns the record itself if nothing of it is governed. `type` is the
 * type that the caller knows, for a record that does not state its own.
 */
export function acceptRecord(
  record: unknown,
  selection: ReadSelection,
  type: string | undefined,
  decision: Decision,
  context: AcceptContext,
): AcceptedRecord {
  if (!isObject(record)) return malformed(context);
  const concrete = concreteType(record, selection) ?? type;
  if (concrete === undefined && (decision.subject || decision.granted.size > 0)) return malformed(context);
  if (context.links.dwellingOf(record, selection, decision, type) !== 'shown') return malformed(context);
  const granted = context.grantedFields.of(selection, concrete, decision);
  if (!isAbout(record, granted, decision)) {
    context.observer.log('error', 'execution.answer_about_somebody_else', { register: context.register });
    return malformed(context);
  }
  if (granted.plain && !context.sent.hasWrong) return { object: record, plain: granted.plain };
  if (granted.wholeWithheld !== undefined)
    return { fault: withheldFault(granted.wholeWithheld, decision), type: concrete };
  const note = assess(record, concrete ?? selection.type, granted, context);
  if (note?.verdict === 'rejected')
    return { fault: { code: 'DATA_QUALITY_FAILED', serviceName: context.register }, note };
  const object = acceptFields(record, granted, decision, context);
  if (note) context.annotations.note(object, note);
  const trimmed = context.trimmed.get(record);
  if (trimmed) context.annotations.note(object, trimmed);
  return { object };
}

function malformed({ register }: AcceptContext): NotAccepted {
  return { fault: registerFault(register, 'malformed') };
}

function isAbout(record: DataObject, { identity }: GrantedFields, { subject }: Decision): boolean {
  return identity === undefined || subject === undefined || record[identity] === subject.id;
}

/**
 * Returns the verdict on the fields of a record that were granted and fetched: that of the contract, with a finding
 * for each value that is not of its type. Returns undefined if every value is of its type, and no contract describes
 * the type or the record has no such field of its own. Objects below the record are judged on their own.
 */
function assess(
  record: DataObject,
  type: string,
  granted: GrantedFields,
  { register, sent }: AcceptContext,
): RecordNote | undefined {
  const verdict = judge(record, granted, sent);
  const wrong = wrongFields(record, granted, sent);
  if (wrong.length === 0) return verdict && recordNote(register, type, verdict);
  const critical = granted.check?.critical ?? NO_FIELDS;
  const note = recordNote(register, type, {
    verdict: wrong.some(({ name }) => critical.has(name)) ? 'rejected' : 'flagged',
    findings: wrong.map((field) => wrongFinding(field, critical)),
  });
  return verdict ? together(recordNote(register, type, verdict), note) : note;
}

const NO_FIELDS: ReadonlySet<string> = new Set();

/** Returns the verdict of the contract on the values as the register sent them. */
function judge(record: DataObject, { check, judged }: GrantedFields, sent: SentValues): RecordVerdict | undefined {
  if (!check || judged.length === 0) return undefined;
  const view = bareObject();
  for (const { name, responseKey } of judged) view[name] = sent.at(record, responseKey) ?? null;
  return check.check(view);
}

function wrongFields(record: DataObject, { kept, judged }: GrantedFields, sent: SentValues): readonly WrongField[] {
  const wrong = sent.wrongOf(record);
  if (wrong.length === 0) return wrong;
  const granted = new Set([...kept.map(({ field }) => field), ...judged].map(({ responseKey }) => responseKey));
  return wrong.filter(({ responseKey }) => granted.has(responseKey));
}

function acceptFields(
  record: DataObject,
  granted: GrantedFields,
  decision: Decision,
  context: AcceptContext,
): DataObject {
  const object = bareObject();
  for (const field of granted.kept) acceptField(record, field, decision, object, context);
  for (const derived of granted.derived) acceptDerived(record, derived, object, context);
  for (const { key, category } of granted.withheld) {
    object[key] = null;
    context.annotations.setFault(object, key, withheldFault(category, decision));
  }
  carryWrong(record, granted.kept, object, context);
  return object;
}

/** Sets the faults of wrong values, which are null in the record, on the object that was accepted of it. */
export function carryWrong(
  record: DataObject,
  fields: readonly GrantedField[],
  object: DataObject,
  context: AcceptContext,
): void {
  if (context.sent.wrongOf(record).length === 0) return;
  for (const { field, key } of fields)
    carryFault({ holder: record, key: field.responseKey }, { holder: object, key }, context);
}

/** Sets the fault of a wrong value on the position at which it was accepted. */
function carryFault(from: Position, to: Position, { annotations, sent }: AcceptContext): void {
  const fault = sent.hasWrong ? annotations.faultAt(from.holder, from.key) : undefined;
  if (fault) annotations.setFault(to.holder, to.key, fault);
}

function acceptDerived(
  record: DataObject,
  { field, key }: GrantedField,
  object: DataObject,
  context: AcceptContext,
): void {
  if (!field.derivation) return;
  if (hasWrongSource(field.derivation, record, context.sent)) {
    object[key] = null;
    context.annotations.setFault(object, key, registerFault(context.register, 'malformed'));
    return;
  }
  try {
    object[key] = deriveValue(field.derivation, record, context.derivation);
  } catch {
    context.observer.log('error', 'execution.derivation_failed', { register: context.register, field: field.name });
    object[key] = null;
    context.annotations.setFault(object, key, { code: 'INTERNAL_SERVER_ERROR' });
  }
}

/** Whether a source has a value that is not of its type: nothing can be derived from it. */
function hasWrongSource({ sources }: FieldDerivation, record: DataObject, sent: SentValues): boolean {
  return sent.wrongOf(record).some((wrong) => sources.some(({ responseKey }) => responseKey === wrong.responseKey));
}

/** Returns the value of a derived field, computed from the record as the register sent it. */
function deriveValue({ derive, sources }: FieldDerivation, record: DataObject, context: DerivationContext): unknown {
  const values = bareObject();
  for (const { name, responseKey } of sources) values[name] = record[responseKey] ?? undefined;
  return derive(values, context) ?? null;
}

/** Accepts one field. A field that the register left out stays absent. */
export function acceptField(
  record: DataObject,
  { field, key }: GrantedField,
  decision: Decision,
  object: DataObject,
  context: AcceptContext,
): void {
  const value = record[field.responseKey];
  if (value === undefined) return;
  if (field.link) object[key] = acceptLink(value, { field, key }, decision, object, context);
  else if (field.below && isHidden(value, field.below, decision, context)) {
    context.hiddenPositions.hide(object, key);
    object[key] = null;
  } else if (field.below) object[key] = acceptBelow(value, field.below, decision, { holder: object, key }, context);
  else object[key] = context.sent.hasWrong ? copyValue(value, context.annotations) : copyLeaf(value);
}

/** A position in an object or list. */
interface Position {
  readonly holder: object;
  readonly key: string | number;
}

/** Whether a value tells a hidden dwelling. It becomes null, or is left out of a list, like one that the register does not have. */
function isHidden(value: unknown, below: ReadSelection, decision: Decision, { links }: AcceptContext): boolean {
  return links.dwellingOf(value, below, decision) === 'hidden';
}

function acceptBelow(
  value: unknown,
  below: ReadSelection,
  decision: Decision,
  target: Position,
  context: AcceptContext,
): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    value.forEach((item, position) => {
      if (isHidden(item, below, decision, context)) context.hiddenPositions.leaveOut(list, position);
      else {
        const target = { holder: list, key: list.length };
        carryFault({ holder: value, key: position }, target, context);
        list.push(acceptBelow(item, below, decision, target, context));
      }
    });
    return list;
  }
  return placed(acceptRecord(value, below, undefined, decision, context), target, context.annotations);
}

function placed(accepted: AcceptedRecord, { holder, key }: Position, annotations: Annotations): DataObject | null {
  if ('object' in accepted) return accepted.object;
  annotations.setFault(holder, key, accepted.fault);
  if (accepted.note) annotations.noteRejected(holder, key, accepted.note);
  return null;
}

/**
 * Returns what a link leads to if the gate grants it for every person there. Otherwise returns null for the whole
 * link, so that the answer does not show how many people there are. A person who is absent becomes null, or is
 * left out of a list.
 */
function acceptLink(
  value: unknown,
  { field, key }: GrantedField,
  from: Decision,
  object: DataObject,
  context: AcceptContext,
): unknown {
  if (value === null) return null;
  const refused = context.links.refusal(value, field, from);
  if (refused) {
    context.annotations.setFault(object, key, refused);
    return null;
  }
  if (context.links.isAbsent(value, field, from)) {
    context.hiddenPositions.hide(object, key);
    return null;
  }
  return acceptPeople(value, field, from, { holder: object, key }, context);
}

function acceptPeople(
  value: unknown,
  link: ReadField,
  from: Decision,
  target: Position,
  context: AcceptContext,
): unknown {
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    value.forEach((item, position) => {
      if (context.links.isAbsent(item, link, from)) context.hiddenPositions.leaveOut(list, position);
      else list.push(acceptPeople(item, link, from, { holder: list, key: list.length }, context));
    });
    return list;
  }
  const decision = context.links.decisionOn(value, link, from);
  if (!decision?.subject) return null;
  context.countTold(decision.subject);
  context.accessRecord.recordRead(decision);
  if (!link.below) return copyLeaf(value);
  const person = placed(acceptRecord(value, link.below, undefined, decision, context), target, context.annotations);
  if (person) context.annotations.setSubject(person, decision.subject);
  return person;
}
