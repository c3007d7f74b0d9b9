import type { Contract, ContractObject, ContractProperty, Dimension, Severity } from './contract.js';
import { isForTereze, readCustomRule, type CustomRule } from './custom-rule.js';
import type { DecimalRules } from './decimal-check.js';
import { BOUNDS, boundOf, isLeaf, isNumber, whyNotOption, whyNotType } from './element.js';
import { holdsFor, readLibraryRule, type LibraryRule } from './library-rule.js';
import type { Rule, RuleArguments } from './rules/rule.js';
import { SEES_NULLS } from './rules/rules.js';

/** How a broken rule is reported. */
export interface RuleLabel {
  /** `<contract>.<type>.<field>#<rule>`: independent of the order of properties and of any error's text. */
  readonly id: string;
  readonly field: string;
  readonly dimension: Dimension;
  readonly severity: Severity;
  /** A broken rule of error severity about a critical data element makes the record unusable. */
  readonly rejects: boolean;
}

/** What a contract says of one field. */
export interface FieldRules {
  readonly field: string;
  /** Empty if the field is a number. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Undefined unless the field is a number, or a text with bounds. */
  readonly decimal: DecimalRules | undefined;
  readonly required: boolean;
  /** Label of each keyword of the schema and of the rules for numbers, `required` included. */
  readonly labels: ReadonlyMap<string, RuleLabel>;
}

/** A rule over one or several fields. */
export interface RecordRule {
  readonly label: RuleLabel;
  readonly rule: Rule;
  readonly use: RuleArguments;
  readonly inputs: readonly string[];
  readonly seesNulls: boolean;
}

/** The rules of one type, normalised. */
export interface ObjectRules {
  readonly fields: ReadonlyMap<string, FieldRules>;
  readonly records: readonly RecordRule[];
  /** Critical data elements. */
  readonly critical: ReadonlySet<string>;
}

/**
 * Normalises what Tereze evaluates of one object of a contract. The rest is in `contractRules`, which asks the same
 * functions. Throws for a rule for Tereze that is unknown or has wrong arguments.
 */
export function objectRules(contract: Pick<Contract, 'id'>, object: ContractObject): ObjectRules {
  const prefix = `${contract.id}.${object.name}`;
  const leaves = firstOfEachName(object.properties ?? []).filter(isLeaf);
  const critical = new Set(leaves.filter(({ criticalDataElement }) => criticalDataElement).map(({ name }) => name));
  const rules = leaves.map((property) => ({ property, ...fieldRules(prefix, property) }));
  const customs = [
    ...leaves.flatMap(({ name, quality = [] }) => quality.filter(isForTereze).map((one) => readCustomRule(one, name))),
    ...(object.quality ?? []).filter(isForTereze).map((one) => readCustomRule(one, undefined)),
  ];
  return {
    fields: new Map(rules.flatMap(({ field }) => (isEmpty(field) ? [] : [[field.field, field] as const]))),
    records: distinct([
      ...customs.map((custom) => recordRule(prefix, custom, critical)),
      ...rules.flatMap(({ more }) => more),
    ]),
    critical,
  };
}

function firstOfEachName(properties: readonly ContractProperty[]): readonly ContractProperty[] {
  return properties.filter(({ name }, index) => properties.findIndex((other) => other.name === name) === index);
}

/** Whether nothing is evaluated of a field. A record of such fields is not evaluated, rather than fine. */
function isEmpty({ schema, decimal, required }: FieldRules): boolean {
  return Object.keys(schema).length === 0 && decimal === undefined && !required;
}

/** Gives each rule an id of its own: of two with the same id only one would be reported, perhaps the milder. */
function distinct(rules: readonly RecordRule[]): readonly RecordRule[] {
  const used = new Map<string, number>();
  return rules.map((rule) => {
    const { id } = rule.label;
    const times = (used.get(id) ?? 0) + 1;
    used.set(id, times);
    return times === 1 ? rule : { ...rule, label: { ...rule.label, id: `${id}-${times}` } };
  });
}

function fieldRules(
  prefix: string,
  property: ContractProperty,
): { readonly field: FieldRules; readonly more: readonly RecordRule[] } {
  const { name, required = false, criticalDataElement: critical = false } = property;
  const label = (
    rule: string,
    dimension: Dimension,
    severity: Severity = critical ? 'error' : 'warning',
  ): RuleLabel => ({
    id: `${prefix}.${name}#${rule}`,
    field: name,
    dimension,
    severity,
    rejects: critical && severity === 'error',
  });
  const library = (property.quality ?? []).flatMap((quality) => {
    const { id, type = 'library', dimension = 'conformity' } = quality;
    const rule = type === 'library' ? readLibraryRule(property, quality) : undefined;
    if (rule === undefined || 'notEvaluated' in rule) return [];
    const named = typeof id === 'string' ? id : 'invalidValues';
    return [{ rule, label: label(named, dimension, severityOf(quality.severity)) }];
  });
  // One list of values is an `enum` beside the other keywords of the field, which is faster than a rule.
  const values = hasType(property) ? library.find(({ rule }) => rule.values && !rule.pattern) : undefined;
  const decimal = decimalRules(property, values?.rule.values);
  const schema = isNumber(property) ? {} : textSchema(property, values?.rule.values);
  const keywords = [...Object.keys(schema), ...Object.keys(decimal ?? {})];
  const labels = new Map(keywords.map((keyword) => [keyword, label(keyword, 'conformity')]));
  labels.set('required', label('required', 'completeness', 'error'));
  if (values) labels.set('enum', values.label);
  const more = library
    .filter((one) => one !== values)
    .map(({ rule, label: ofRule }) => ({ label: ofRule, ...valueRule(property, rule) }));
  return { field: { field: name, schema, decimal, required, labels }, more };
}

function severityOf(text: string | undefined): Severity | undefined {
  return (['info', 'warning', 'error'] as const).find((severity) => severity === text?.toLowerCase());
}

function hasType(property: ContractProperty): boolean {
  return property.logicalType !== undefined && whyNotType(property) === undefined;
}

function valueRule(property: ContractProperty, rule: LibraryRule): Omit<RecordRule, 'label'> {
  const { name } = property;
  return {
    rule: { inputs: () => [name], holds: (record) => holdsFor(record[name], rule, property) },
    use: {},
    inputs: [name],
    seesNulls: false,
  };
}

type ValidValues = readonly string[] | undefined;

/** Returns the rules for the exact value of a field; undefined if the contract has none. */
function decimalRules(property: ContractProperty, values: ValidValues): DecimalRules | undefined {
  const isOfNumber = isNumber(property);
  const bounds = Object.fromEntries(
    BOUNDS.flatMap((bound) => {
      const isEvaluated =
        (isOfNumber || property.logicalType === 'string') && whyNotOption(property, bound) === undefined;
      return isEvaluated ? [[bound, boundOf(property, bound)]] : [];
    }),
  );
  if (!isOfNumber && Object.keys(bounds).length === 0) return undefined;
  return {
    type: property.logicalType === 'integer' ? 'integer' : 'number',
    ...bounds,
    ...(values === undefined || !isOfNumber ? {} : { enum: values }),
  };
}

function textSchema(property: ContractProperty, values: ValidValues): Record<string, unknown> {
  const options = Object.entries(property.logicalTypeOptions ?? {}).filter(
    ([name]) => TEXT_OPTIONS.has(name) && whyNotOption(property, name) === undefined,
  );
  const schema = { ...typeSchema(property), ...Object.fromEntries(options) };
  return values === undefined ? schema : { ...schema, enum: property.required ? values : [...values, null] };
}

const TEXT_OPTIONS = new Set(['pattern', 'minLength', 'maxLength']);

function typeSchema(property: ContractProperty): Record<string, unknown> {
  const { logicalType, required = false } = property;
  // Null counts as absent. A type says so, and where there is none, this does.
  if (!hasType(property)) return required ? { not: { type: 'null' } } : {};
  const nullable = (type: string): Record<string, unknown> => ({ type: required ? type : [type, 'null'] });
  switch (logicalType) {
    case 'date':
      return { ...nullable('string'), format: 'civil-date' };
    case 'timestamp':
      return { ...nullable('string'), format: 'instant' };
    case 'boolean':
      return nullable('boolean');
    default:
      return nullable('string');
  }
}

function recordRule(
  prefix: string,
  { id, name, dimension, severity, rule, use, inputs }: CustomRule,
  critical: ReadonlySet<string>,
): RecordRule {
  const [field = ''] = inputs;
  const label = { id: `${prefix}.${field}#${id}`, field, dimension, severity };
  return {
    label: { ...label, rejects: severity === 'error' && critical.has(field) },
    rule,
    use,
    inputs,
    seesNulls: SEES_NULLS.has(name),
  };
}
