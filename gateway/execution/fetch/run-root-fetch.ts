import type { GroupAnswer } from '../../../adapters/port.js';
import { bareObject, isObject } from '../../../schemas/objects.js';
import { Absences, failuresByRecord, placeFailures } from '../accept/place-failures.js';
import type { CutRecords } from '../accept/list-size.js';
import { admitField, type AdmissionContext } from '../accept/accept-record.js';
import type { Admissions } from '../gate/granted-fields.js';
import { callRegister } from './call-register.js';
import { decide, deniedDecision, UNGOVERNED_DECISION, Wants, withheldFault, type Decision } from '../gate/decision.js';
import { pick } from './prepared-calls.js';
import { gateLinks } from '../gate/gate-links.js';
import { mergeInto } from '../data/merge.js';
import { outlineWithheld } from '../gate/mark-withheld.js';
import { withheldFor } from '../reads/read-field.js';
import { pruneRootField, type RootField, type RootFetch } from './root-fetch.js';
import type { Run, Step } from '../run.js';

/** A root field that may be asked, with what was decided on the person it names. */
interface OpenField {
  readonly root: RootField;
  readonly decision: Decision;
}

/** The person named by each root field is decided on, what is not granted is cut, the rest is asked and merged at the top. Who is absent is not asked about: null. */
export function rootFetchStep(fetch: RootFetch, admissions: Admissions): Step {
  return async (run) => {
    if (run.ended) return;
    const passed = await gateRootFields(fetch, admissions, run);
    const open = passed.filter(({ decision }) => !decision.absent);
    if (open.length < passed.length) leaveEmpty(passed, run);
    if (run.ended) return;
    if (open.length === 0) {
      if (passed.length > 0) run.spare(fetch.register);
      return;
    }
    const answer = await ask(fetch, open, run);
    if (!answer) return;
    for (const { decision } of open) run.usage.read(decision);
    await admitAnswer(answer, fetch, open, admissions, run);
  };
}

async function gateRootFields(fetch: RootFetch, admissions: Admissions, run: Run): Promise<readonly OpenField[]> {
  const named = fetch.fields.map((root) => {
    const id = root.subjectIn(run.work.variables);
    return { root, subject: id === undefined ? undefined : run.subjects.named(id) };
  });
  const wants = new Wants();
  for (const { root, subject } of named) if (subject) wants.add(subject, root.categories);
  const decisions = await decide(run.work.gate, wants);
  const decided = named.map(({ root, subject }) => ({
    root,
    decision: (subject && decisions.get(subject)) ?? undecided(root),
  }));
  return decided.filter((one) => isOpen(one, admissions, run));
}

/** What names nobody is open only where nothing is governed. */
function undecided({ categories }: RootField): Decision {
  return categories.size === 0 ? UNGOVERNED_DECISION : deniedDecision(categories.keys());
}

function isOpen({ root, decision }: OpenField, admissions: Admissions, run: Run): boolean {
  const category = withheldFor(root.field, decision.denied);
  if (category !== undefined) {
    run.marks.blame(run.data, root.key, withheldFault(category, decision));
    return false;
  }
  const { below, list } = root.field;
  if (run.work.atomic && below && !below.abstract && decision.denied.size > 0) {
    const outline = bareObject();
    const found = outlineWithheld(outline, below, below.type, decision, { admissions, marks: run.marks });
    if (found) run.data[root.key] = list ? [outline] : outline;
  }
  return true;
}

function leaveEmpty(passed: readonly OpenField[], run: Run): void {
  for (const { root, decision } of passed) {
    if (!decision.absent) continue;
    run.usage.met(decision);
    mergeInto(run.data, { [root.key]: null }, run.marks);
  }
}

async function ask(fetch: RootFetch, open: readonly OpenField[], run: Run): Promise<GroupAnswer | undefined> {
  const askKey = open.map(({ root, decision }) => `${root.field.responseKey}: ${decision.deniedKey}`).join('; ');
  const { prepared, variables } = fetch.asks.for(askKey, () =>
    open.flatMap(({ root, decision }) => pruneRootField(root, decision.denied) ?? []),
  );
  for (const { decision } of open) run.usage.asked(decision);
  const outcome = await callRegister(
    fetch.adapter,
    [{ prepared, variables: pick(variables, run.work.variables) }],
    run,
  );
  if ('groups' in outcome) return outcome.groups[0];
  for (const { root } of open) run.marks.blame(run.data, root.key, outcome.fault);
  return undefined;
}

async function admitAnswer(
  answer: GroupAnswer,
  fetch: RootFetch,
  open: readonly OpenField[],
  admissions: Admissions,
  run: Run,
): Promise<void> {
  const record = answer.records[0] ?? {};
  const { marks, subjects, usage, derivation, work, services } = run;
  const cut: CutRecords = new Map();
  fetch.cutLists?.(record, fetch.selection.type, work.variables, cut);
  const found = open.map(({ root, decision }) => ({ record, kept: [root.field], decision }));
  const links = await gateLinks(found, { gate: work.gate, subjects, admissions, register: fetch.register });
  for (const decision of links.all) run.usage.met(decision);
  const admitted = bareObject();
  const context: AdmissionContext = {
    register: fetch.register,
    admissions,
    marks,
    usage,
    links,
    absences: new Absences(),
    cut,
    derivation,
    observer: services.observer,
  };
  for (const { root, decision } of open) {
    admitField(record, root, decision, admitted, context);
    admitUnder(admitted[root.key], decision, run);
  }
  const note = cut.get(record);
  if (note) marks.note(admitted, note);
  placeFailures(admitted, fetch.selection, fetch.selection.type, failuresByRecord(answer, fetch.register)(0), context);
  mergeInto(run.data, admitted, marks);
}

function admitUnder(value: unknown, decision: Decision, run: Run): void {
  if (Array.isArray(value)) for (const item of value) admitUnder(item, decision, run);
  else if (isObject(value) && decision.subject) run.marks.admitUnder(value, decision.subject);
}
