import { bareObject, isObject } from '../../../schemas/objects.js';
import type { Gate, SubjectRef } from '../../../schemas/ports/gate.js';
import { acceptField, carryWrong, type AcceptContext } from '../accept/accept-record.js';
import type { TrimmedRecords } from '../accept/list-size.js';
import { wrongFinding } from '../../../schemas/quality/wrong-finding.js';
import { noteCodeFindings } from '../accept/note-code-findings.js';
import { SentValues } from '../accept/sent-values.js';
import { failuresByRecord, placeFailures, type FieldFailure } from '../accept/place-failures.js';
import type { Annotations } from '../data/annotations.js';
import type { DataObject } from '../data/data-object.js';
import { mergeInto } from '../data/merge.js';
import {
  grantedByAll,
  decide,
  decideWithoutPerson,
  deniedDecision,
  UNGOVERNED_DECISION,
  DecisionBatch,
  withheldFault,
  type Decision,
} from '../gate/decision.js';
import { gateLinks, recordProtected, type DecidedRecord } from '../gate/gate-links.js';
import type { GrantedFieldsCompiler } from '../gate/granted-fields.js';
import { inLists, markWithheld } from '../gate/mark-withheld.js';
import { withheldFor, type ReadSelection } from '../reads/read-field.js';
import type { Run, Step } from '../run.js';
import { callRegister } from './call-register.js';
import { pick } from './prepared-calls.js';
import { pruneRootField, subjectVariable, type RootField, type RootFetch } from './root-fetch.js';

/** A root field with the gate's decision on the person that it names. */
interface OpenField {
  readonly root: RootField;
  readonly decision: Decision;
}

/** A register's answer to a root fetch: one record with a value for each root field that was asked. */
interface RootAnswer {
  readonly record: DataObject;
  readonly failures: readonly FieldFailure[];
  /** Records whose lists were trimmed. */
  readonly trimmed: TrimmedRecords;
  /** What the register sent where the record holds something else. */
  readonly sent: SentValues;
}

/**
 * Runs one root fetch. The gate decides on the person that each root field names; the fields that stay open go
 * to the register in one call; the gate decides on every person that the answer leads to; what is granted of
 * the answer is accepted, and merged at the top of the data.
 */
export function rootFetchStep(fetch: RootFetch, grantedFields: GrantedFieldsCompiler): Step {
  return async (run) => {
    if (run.ended) return;
    const open = await gateRootFields(fetch, grantedFields, run);
    if (open.length === 0) return;
    const answer = await callForFields(fetch, open, run);
    if (!answer) return;
    const teller = open.find(({ root }) => root.field.below?.tellsDwellings === true)?.decision.subject;
    const links = await gateLinks(decidedRecords(answer, open), run.linkGate(fetch.register, grantedFields), teller);
    const context = run.acceptContext({
      register: fetch.register,
      grantedFields,
      links,
      trimmed: answer.trimmed,
      sent: answer.sent,
    });
    const accepted = acceptFields(answer, open, fetch.selection, context);
    mergeInto(run.data, accepted, run.annotations);
  };
}

/**
 * The gate before the call. Returns the root fields that the register may be asked; none when the execution has
 * ended. A field about an absent person is asked about a number that no one has, and its value is null.
 */
async function gateRootFields(
  fetch: RootFetch,
  grantedFields: GrantedFieldsCompiler,
  run: Run,
): Promise<readonly OpenField[]> {
  const named = fetch.fields.map((root) => namedField(root, run));
  const decisions = await decide(run.work.gate, wantsOf(named));
  const passed = named
    .map((one) => decidedField(one, decisions, run.work.gate))
    .filter((one) => isOpen(one, grantedFields, run));
  const open = passed.filter((one) => !one.decision.absent || hasDecoy(one));
  for (const { decision } of passed) if (decision.absent) run.accessRecord.recordAbsent(decision);
  if (open.length < passed.length) leaveEmpty(passed, run);
  if (run.ended) return [];
  if (open.length === 0 && passed.length > 0) run.skipCall(fetch.register);
  return open;
}

interface NamedField {
  readonly root: RootField;
  /** The person that the field names, if any. */
  readonly subject: SubjectRef | undefined;
}

function namedField(root: RootField, run: Run): NamedField {
  const id = root.subjectIn(run.work.variables);
  return { root, subject: id === undefined ? undefined : run.subjects.named(id) };
}

function wantsOf(fields: readonly NamedField[]): DecisionBatch {
  const batch = new DecisionBatch();
  for (const { root, subject } of fields) if (subject) batch.add(subject, root.categories, root.links);
  return batch;
}

function decidedField(
  { root, subject }: NamedField,
  decisions: ReadonlyMap<SubjectRef, Decision>,
  gate: Gate,
): OpenField {
  return { root, decision: (subject && decisions.get(subject)) ?? unnamedDecision(root, gate) };
}

/** The decision on a root field that names no person. It is denied if it should name one, or if its value is about one. */
function unnamedDecision({ categories, links, subjectArgument, field }: RootField, gate: Gate): Decision {
  if (categories.size === 0) return UNGOVERNED_DECISION;
  const isAboutPerson = subjectArgument !== undefined || (field.below?.identity.size ?? 0) > 0;
  return isAboutPerson ? deniedDecision(categories.keys()) : decideWithoutPerson(gate, categories, links);
}

function isOpen({ root, decision }: OpenField, grantedFields: GrantedFieldsCompiler, run: Run): boolean {
  const category = withheldFor(root.field, decision.denied);
  if (category !== undefined) {
    run.annotations.setFault(run.data, root.key, withheldFault(category, decision));
    return false;
  }
  const { below, lists } = root.field;
  if (run.work.atomic && below && !below.abstract && decision.denied.size > 0) {
    const outline = bareObject();
    const found = markWithheld(outline, below, below.type, decision, {
      grantedFields,
      annotations: run.annotations,
    });
    if (found) run.data[root.key] = inLists(outline, lists);
  }
  return true;
}

function hasDecoy({ root, decision }: OpenField): boolean {
  return decision.decoy !== undefined && subjectVariable(root) !== undefined;
}

/** Sets the fields about absent people of which no register is asked. */
function leaveEmpty(passed: readonly OpenField[], run: Run): void {
  for (const one of passed)
    if (one.decision.absent && !hasDecoy(one)) mergeInto(run.data, { [one.root.key]: null }, run.annotations);
}

/** Returns the client's variables with decoys in the place of the people that they stand in for. */
function withDecoys(
  open: readonly OpenField[],
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (open.every(({ decision }) => decision.decoy === undefined)) return variables;
  const replaced = open.flatMap(({ root, decision }) => {
    const variable = subjectVariable(root);
    return decision.decoy === undefined || variable === undefined ? [] : [[variable, decision.decoy] as const];
  });
  return Object.assign(bareObject(), variables, Object.fromEntries(replaced));
}

/** Makes one call for all open fields. Returns undefined, with the fault set on every field, when the call fails. */
async function callForFields(fetch: RootFetch, open: readonly OpenField[], run: Run): Promise<RootAnswer | undefined> {
  const askKey = open.map(({ root, decision }) => `${root.field.responseKey}: ${decision.deniedKey}`).join('; ');
  const { prepared, variables } = fetch.preparedCalls.for(askKey, () =>
    open.flatMap(({ root, decision }) => pruneRootField(root, decision.denied) ?? []),
  );
  const group = { prepared, variables: pick(variables, withDecoys(open, run.work.variables)) };
  const decisions = open.map(({ decision }) => decision);
  const people = {
    all: decisions,
    byKey: (key: string) => decisions.filter(({ subject, decoy }) => (decoy ?? subject?.id) === key),
  };
  const outcome = await callRegister(
    fetch.adapter,
    { groups: [group], people, grantedIn: () => grantedByAll(decisions) },
    run,
  );
  if ('fault' in outcome) for (const { root } of open) run.annotations.setFault(run.data, root.key, outcome.fault);
  const answer = 'groups' in outcome ? outcome.groups[0] : undefined;
  if (!answer) return undefined;
  for (const { decision } of open) if (!decision.absent) run.accessRecord.recordRead(decision);
  const record = answer.records[0] ?? {};
  const trimmed: TrimmedRecords = new Map();
  fetch.trimLists?.(record, fetch.selection.type, run.work.variables, trimmed);
  const sent = new SentValues();
  fetch.completeLeaves(record, fetch.selection.type, { annotations: run.annotations, sent });
  noteCodeFindings(record, 0, answer, { register: fetch.register, sent });
  return { record, failures: failuresByRecord(answer, fetch.register)(0), trimmed, sent };
}

function decidedRecords({ record }: RootAnswer, open: readonly OpenField[]): readonly DecidedRecord[] {
  return open.flatMap(({ root, decision }) => (decision.absent ? [] : [{ record, kept: [root.field], decision }]));
}

function acceptFields(
  answer: RootAnswer,
  open: readonly OpenField[],
  selection: ReadSelection,
  context: AcceptContext,
): DataObject {
  recordProtected(context);
  const { record, failures } = answer;
  const accepted = bareObject();
  for (const { root, decision } of open) {
    if (decision.absent) {
      accepted[root.key] = null;
      continue;
    }
    acceptField(record, root, decision, accepted, context);
    setSubjects(accepted[root.key], decision, context.annotations);
  }
  const told = open.flatMap(({ root, decision }) => (decision.absent ? [] : [root]));
  carryWrong(record, told, accepted, context);
  noteRoots(answer, told, accepted, selection, context);
  placeFailures(accepted, selection, selection.type, failures, context);
  return accepted;
}

/** Notes what was trimmed of the values of root fields, and which of them are not of their types. */
function noteRoots(
  { record, trimmed, sent }: RootAnswer,
  roots: readonly RootField[],
  accepted: DataObject,
  { register, type }: ReadSelection,
  { annotations }: AcceptContext,
): void {
  const note = trimmed.get(record);
  if (note) annotations.note(accepted, note);
  const keys = new Set(roots.map(({ field }) => field.responseKey));
  const wrong = sent.wrongOf(record).filter(({ responseKey }) => keys.has(responseKey));
  if (wrong.length > 0)
    annotations.note(accepted, {
      register,
      type,
      verdict: 'flagged',
      findings: wrong.map((field) => wrongFinding(field, NO_FIELDS)),
    });
}

const NO_FIELDS: ReadonlySet<string> = new Set();

/** Sets the person that a root field names as the subject of every object of its value. */
function setSubjects(value: unknown, decision: Decision, annotations: Annotations): void {
  if (Array.isArray(value)) for (const item of value) setSubjects(item, decision, annotations);
  else if (isObject(value) && decision.subject) annotations.setSubject(value, decision.subject);
}
