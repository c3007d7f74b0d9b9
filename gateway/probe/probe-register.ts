import { pointer } from '../../adapters/json-pointer.js';
import { RegisterFailure, type Adapter, type GroupAnswer, type SelectedField } from '../../adapters/port.js';
import { AccessRecord } from '../access/access-record.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Finding, Quality } from '../../schemas/ports/quality.js';
import { wrongFinding } from '../../schemas/quality/wrong-finding.js';
import { leafTypeOf, WRONG, type EnumTypes } from '../../schemas/scalars/leaf-type.js';
import { worstVerdict } from '../../schemas/quality/worst-verdict.js';
import type { Verdict } from '../../schemas/vocabulary.js';
import type { ProbeSelection } from './probe-selection.js';
import {
  AUTHENTICATED,
  authenticationAfter,
  failedStep,
  okStep,
  REACHED,
  stepsOfFailure,
  unknownStep,
  type ProbeStep,
} from './steps-of-failure.js';

export interface ProbeResult {
  readonly register: string;
  readonly steps: readonly ProbeStep[];
  /** Duration of the read, in milliseconds; absent if the register did not answer. */
  readonly latencyMs?: number;
  readonly findings: readonly Finding[];
}

export interface ProbeDependencies {
  readonly adapter: Adapter;
  readonly quality: Quality;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly timeoutMs: number;
}

/** Where the id of a request would stand. */
const PROBE = 'probe';

/**
 * Asks a register for the record of one test person, with every field of its SDL, through its adapter
 * like a request. Reports whether the register can be reached, accepts the gateway's credentials, finds
 * the record, and fulfils the contract. Never rejects because of a failure of the register.
 */
export async function probeRegister(
  probe: ProbeSelection,
  person: string,
  { adapter, quality, clock, timeoutMs }: ProbeDependencies,
): Promise<ProbeResult> {
  const prepared = adapter.prepare(probe.selection);
  const startedAt = clock.monotonic();
  const call = {
    requestId: PROBE,
    calls: new AccessRecord(PROBE).beginRead(adapter.register, startedAt, { all: [] }),
    deadline: startedAt + timeoutMs,
    groups: [{ prepared, variables: {}, keys: [{ __typename: probe.type, [probe.key]: person }] }],
  };
  try {
    const { groups } = await adapter.read(call);
    return answered(adapter.register, probe, groups[0], { quality, latencyMs: clock.monotonic() - startedAt });
  } catch (error) {
    if (!(error instanceof RegisterFailure)) throw error;
    return { register: adapter.register, steps: stepsOfFailure(error), findings: [] };
  }
}

function answered(
  register: string,
  { selection, type, types }: ProbeSelection,
  group: GroupAnswer | undefined,
  { quality, latencyMs }: { readonly quality: Quality; readonly latencyMs: number },
): ProbeResult {
  const record = group?.records[0] ?? null;
  const errors = group?.errors ?? [];
  if (record === null || errors.length > 0) {
    const read = errors.length > 0 ? fieldSteps(errors) : [failedStep('read', NO_ONE)];
    const authenticated = record === null ? authenticationAfter(errors.map(({ reason }) => reason)) : AUTHENTICATED;
    return { register, latencyMs, steps: [REACHED, authenticated, ...read, unknownStep('contract')], findings: [] };
  }
  const judged = judge(record, type, selection.fields, { register, quality, types });
  const verdict = worstVerdict(judged.map((one) => one.verdict));
  const read = okStep('read', `${judged.length} ${judged.length === 1 ? 'object' : 'objects'}`);
  const found = `${verdict}, version ${quality.contractVersion(register)}`;
  const contract = verdict === 'rejected' ? failedStep('contract', found) : okStep('contract', found);
  return {
    register,
    latencyMs,
    steps: [REACHED, AUTHENTICATED, read, contract],
    findings: judged.flatMap(({ findings }) => findings),
  };
}

const NO_ONE = 'it knows no one with the number of the test person';

/** Fields that failed on their own, by their names in the schema. What fails in many items of a list is told once. */
function fieldSteps(errors: GroupAnswer['errors']): readonly ProbeStep[] {
  const steps = errors.map(({ path, reason }) => {
    const names = path.filter((step) => typeof step === 'string');
    return failedStep('read', reason, reason, names.length === 0 ? undefined : pointer(names));
  });
  return [...new Map(steps.map((step) => [`${step.reason} ${step.at}`, step])).values()];
}

interface Judged {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

interface JudgedBy {
  readonly register: string;
  readonly quality: Quality;
  readonly types: EnumTypes;
}

/**
 * Checks the record and every object in it against the types of its fields and the contract of its type, as an answer
 * is checked: the contract judges right values in the form of their types, and wrong ones as they were sent.
 */
function judge(
  record: Readonly<Record<string, unknown>>,
  type: string,
  fields: readonly SelectedField[],
  by: JudgedBy,
): readonly Judged[] {
  const check = by.quality.prepare(
    by.register,
    type,
    fields.map(({ name }) => name),
  );
  const { view, wrong } = completed(record, type, fields, by);
  const own: Judged = check?.check(view) ?? { verdict: 'not_evaluated', findings: [] };
  const ofTypes = judgeWrong(wrong, check?.critical ?? NO_FIELDS);
  const inner = fields
    .filter(({ fields: below }) => below.length > 0)
    .flatMap((field) =>
      objectsOf(record[field.responseKey]).flatMap((object) => judge(object, field.type, field.fields, by)),
    );
  const together: Judged = {
    verdict: worstVerdict([own.verdict, ofTypes.verdict]),
    findings: [...own.findings, ...ofTypes.findings],
  };
  return [together, ...inner];
}

const NO_FIELDS: ReadonlySet<string> = new Set();

interface WrongLeaf {
  readonly name: string;
  /** `<register>.<type>.<field>#<rule>`. */
  readonly rule: string;
}

function judgeWrong(wrong: readonly WrongLeaf[], critical: ReadonlySet<string>): Judged {
  if (wrong.length === 0) return { verdict: 'not_evaluated', findings: [] };
  return {
    verdict: wrong.some(({ name }) => critical.has(name)) ? 'rejected' : 'flagged',
    findings: wrong.map((one) => wrongFinding(one, critical)),
  };
}

/** Returns the record with its right leaves in the form of their types, and the rule that each wrong one breaks. */
function completed(
  record: Readonly<Record<string, unknown>>,
  type: string,
  fields: readonly SelectedField[],
  { register, types }: JudgedBy,
): {
  readonly view: Readonly<Record<string, unknown>>;
  readonly wrong: readonly WrongLeaf[];
} {
  const view: Record<string, unknown> = { ...record };
  const wrong: WrongLeaf[] = [];
  for (const { name, responseKey, type: named, fields: below } of fields) {
    const value = record[responseKey];
    if (below.length > 0 || value === null || value === undefined) continue;
    const { rule, complete } = leafTypeOf(named, types);
    const values = [value].flat(Infinity).filter((one) => one !== null && one !== undefined);
    if (values.some((one) => complete(one) === WRONG))
      wrong.push({ name, rule: `${register}.${type}.${name}#${rule}` });
    else if (!Array.isArray(value)) view[responseKey] = complete(value);
  }
  return { view, wrong };
}

function objectsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.flatMap(objectsOf);
  return typeof value === 'object' && value !== null ? [value as Record<string, unknown>] : [];
}
