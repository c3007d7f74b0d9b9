import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { RegExpEngine } from 'ajv/dist/types/index.js';
import type { Finding, RecordCheck, RecordVerdict } from '../ports/quality.js';
import type { Verdict } from '../vocabulary.js';
import { brokenByDecimal, type DecimalRules } from './decimal-check.js';
import { linearPattern } from './linear-pattern.js';
import type { FieldRules, ObjectRules, RecordRule, RuleLabel } from './object-rules.js';
import type { RuleContext } from './rules/rule.js';
import { isCivilDate } from '../time/civil-date.js';
import { isInstant } from '../time/instant.js';

/** The most findings about one record. */
const MAX_FINDINGS = 50;

/** Rules hold no other patterns than those that compile. `code` is for checks in files of their own, which Tereze does not use. */
const LINEAR_ENGINE: RegExpEngine = Object.assign(
  (pattern: string) => {
    const read = linearPattern(pattern);
    if ('notEvaluated' in read) throw new Error('RE2 cannot run a pattern of the contract');
    return { test: (text: string) => read.compiled.test(text), toString: () => pattern };
  },
  { code: '' },
);

/** ajv as contracts need it: every finding, no coercion, nothing of the data in errors, no data-driven patterns. */
export function createContractAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    ownProperties: true,
    messages: false,
    verbose: false,
    $data: false,
    multipleOfPrecision: 6,
    code: { regExp: LINEAR_ENGINE },
  });
  ajv.addFormat('civil-date', { type: 'string', validate: isCivilDate });
  ajv.addFormat('instant', { type: 'string', validate: isInstant });
  return ajv;
}

/** Compiles the check of one type for one set of fields. It ignores all other fields. */
export function compileCheck(
  ajv: Ajv2020,
  rules: ObjectRules,
  fields: readonly string[],
  context: () => RuleContext,
): RecordCheck {
  const { critical } = rules;
  const known = fields.flatMap((field) => rules.fields.get(field) ?? []);
  const runnable = rules.records.filter(({ inputs }) => inputs.every((input) => fields.includes(input)));
  if (known.length === 0 && runnable.length === 0) return { check: () => NOT_EVALUATED, critical };
  const schema = schemaOf(known);
  const validate = ajv.compile(schema);
  // Without this, ajv would keep the check for ever, also after its last use.
  ajv.removeSchema(schema);
  const byField = new Map(known.map((field) => [field.field, field]));
  const numbers = known.flatMap(({ decimal, ...field }) => (decimal ? [{ ...field, decimal }] : []));
  return { check: (record) => judge(record, { validate, byField, numbers, runnable, context: context() }), critical };
}

const NOT_EVALUATED: RecordVerdict = { verdict: 'not_evaluated', findings: [] };
const PASSED: RecordVerdict = { verdict: 'pass', findings: [] };

interface Compiled {
  readonly validate: ValidateFunction;
  readonly byField: ReadonlyMap<string, FieldRules>;
  /** Fields whose exact value is judged. */
  readonly numbers: readonly (FieldRules & { readonly decimal: DecimalRules })[];
  readonly runnable: readonly RecordRule[];
  readonly context: RuleContext;
}

function schemaOf(fields: readonly FieldRules[]): Record<string, unknown> {
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(({ field, schema }) => [field, schema])),
    required: fields.filter(({ required }) => required).map(({ field }) => field),
  };
}

function judge(
  record: Readonly<Record<string, unknown>>,
  { validate, byField, numbers, runnable, context }: Compiled,
): RecordVerdict {
  let broken: Map<string, RuleLabel> | undefined;
  const breaks = (label: RuleLabel): void => void (broken ??= new Map()).set(label.id, label);
  if (!validate(record)) {
    for (const error of validate.errors ?? []) {
      const label = labelOf(error, record, byField);
      if (label) breaks(label);
    }
  }
  for (const { field, decimal, required, labels } of numbers) {
    const value = record[field];
    if (value === undefined || (value === null && !required)) continue;
    for (const keyword of value === null ? ['required'] : brokenByDecimal(value, decimal)) {
      const label = labels.get(keyword);
      if (label) breaks(label);
    }
  }
  for (const rule of runnable) {
    if (isJudgeable(rule, record) && !rule.rule.holds(record, rule.use, context)) breaks(rule.label);
  }
  if (broken === undefined) return PASSED;
  const labels = [...broken.values()];
  return { verdict: verdictOf(labels), findings: labels.slice(0, MAX_FINDINGS).map(findingOf) };
}

/** A null in a required field is the same fault as a missing field, no matter which keyword reports it. */
function labelOf(
  error: ErrorObject,
  record: Readonly<Record<string, unknown>>,
  byField: ReadonlyMap<string, FieldRules>,
): RuleLabel | undefined {
  const name =
    error.keyword === 'required'
      ? (error.params as { missingProperty: string }).missingProperty
      : (error.instancePath.split('/')[1] ?? '');
  const field = byField.get(name);
  const isMissing = error.keyword === 'required' || (field?.required === true && record[name] === null);
  return field?.labels.get(isMissing ? 'required' : error.keyword);
}

function isJudgeable({ inputs, seesNulls }: RecordRule, record: Readonly<Record<string, unknown>>): boolean {
  const decisive = seesNulls ? inputs.slice(1) : inputs;
  return decisive.every((input) => (record[input] ?? null) !== null);
}

function verdictOf(broken: readonly RuleLabel[]): Verdict {
  if (broken.some(({ rejects }) => rejects)) return 'rejected';
  return broken.some(({ severity }) => severity !== 'info') ? 'flagged' : 'pass';
}

function findingOf({ id, dimension, severity, field }: RuleLabel): Finding {
  return { rule: id, dimension, severity, field };
}
