import { RE2JS } from 're2js';
import type { Contract, ContractObject, ContractProperty, CustomRule, Dimension, Severity } from './contract-file.js';
import type { DecimalRules } from './decimal-check.js';
import type { Rule, RuleArguments } from './rules/rule.js';
import { RULES, SEES_NULLS } from './rules/rules.js';

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

/** Normalises one schema object of a contract. Throws for an unknown rule, wrong arguments, and a pattern that is not linear. */
export function objectRules(contract: Contract, object: ContractObject): ObjectRules {
  const prefix = `${contract.id}.${object.name}`;
  const leaves = object.properties.filter(({ logicalType }) => logicalType !== 'object' && logicalType !== 'array');
  const critical = new Set(leaves.filter(({ criticalDataElement }) => criticalDataElement).map(({ name }) => name));
  const ofFields = leaves.flatMap((property) =>
    (property.quality ?? []).flatMap((quality) =>
      quality.type === 'custom' ? [withField(quality, property.name)] : [],
    ),
  );
  return {
    fields: new Map(leaves.map((property) => [property.name, fieldRules(prefix, property)])),
    records: [...ofFields, ...(object.quality ?? [])].map((quality) => recordRule(prefix, quality, critical)),
    critical,
  };
}

function withField(quality: CustomRule, field: string): CustomRule {
  return { ...quality, implementation: { field, ...quality.implementation } };
}

function fieldRules(prefix: string, property: ContractProperty): FieldRules {
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
  const values = property.quality?.find((quality) => quality.type === 'library');
  const options = property.logicalTypeOptions ?? {};
  if (options.pattern !== undefined) assertLinear(options.pattern);
  const decimal = decimalRules(property, values?.arguments.validValues);
  const schema = isNumber(property) ? {} : textSchema(property, values?.arguments.validValues);
  const keywords = [...Object.keys(schema), ...Object.keys(decimal ?? {})];
  const labels = new Map(keywords.map((keyword) => [keyword, label(keyword, 'conformity')]));
  labels.set('required', label('required', 'completeness', 'error'));
  if (values) labels.set('enum', label(values.id, values.dimension ?? 'conformity', values.severity));
  return { field: name, schema, decimal, required, labels };
}

function isNumber({ logicalType }: ContractProperty): boolean {
  return logicalType === 'number' || logicalType === 'decimal' || logicalType === 'integer';
}

type ValidValues = readonly (string | number)[] | undefined;

/** Returns the rules for the exact value of a field; undefined if the contract has none. Throws for options of texts on a number. */
function decimalRules(property: ContractProperty, values: ValidValues): DecimalRules | undefined {
  const { logicalTypeOptions: { minimum, maximum, ...ofTexts } = {} } = property;
  const isOfNumber = isNumber(property);
  const misplaced = Object.keys(ofTexts)[0];
  if (isOfNumber && misplaced !== undefined)
    throw new Error(`${property.name} is a ${property.logicalType}, which has no ${misplaced}`);
  if (!isOfNumber && minimum === undefined && maximum === undefined) return undefined;
  if (!isOfNumber && property.logicalType !== 'string')
    throw new Error(`${property.name} is a ${property.logicalType}, which has no bounds`);
  return {
    type: property.logicalType === 'integer' ? 'integer' : 'number',
    ...(minimum === undefined ? {} : { minimum: String(minimum) }),
    ...(maximum === undefined ? {} : { maximum: String(maximum) }),
    ...(values === undefined || !isOfNumber ? {} : { enum: values.map(String) }),
  };
}

function textSchema(property: ContractProperty, values: ValidValues): Record<string, unknown> {
  const { pattern, minLength, maxLength } = property.logicalTypeOptions ?? {};
  const schema = { ...typeSchema(property), ...defined({ pattern, minLength, maxLength }) };
  if (values === undefined) return schema;
  if (values.some((value) => typeof value === 'number'))
    throw new Error(`${property.name} is a ${property.logicalType}: write its valid values in quotes`);
  return { ...schema, enum: property.required ? values : [...values, null] };
}

function defined(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function typeSchema({ logicalType, required = false }: ContractProperty): Record<string, unknown> {
  const nullable = (type: string): Record<string, unknown> => ({ type: required ? type : [type, 'null'] });
  switch (logicalType) {
    case 'date':
      return { ...nullable('string'), format: 'civil-date' };
    case 'timestamp':
      return { ...nullable('string'), format: 'instant' };
    default:
      return nullable(logicalType);
  }
}

/** Patterns run on data from other parties. They are anchored and cannot backtrack (re2 refuses look-around and back-references). */
function assertLinear(pattern: string): void {
  if (!pattern.startsWith('^') || !pattern.endsWith('$'))
    throw new Error(`the pattern ${pattern} is not anchored with ^ and $`);
  RE2JS.compile(pattern);
}

function recordRule(prefix: string, quality: CustomRule, critical: ReadonlySet<string>): RecordRule {
  const { rule: name, ...use } = quality.implementation;
  const rule = RULES.get(name);
  if (rule === undefined) throw new Error(`there is no rule "${name}"`);
  const inputs = rule.inputs(use);
  const [field = ''] = inputs;
  const label = {
    id: `${prefix}.${field}#${quality.id}`,
    field,
    dimension: quality.dimension,
    severity: quality.severity,
  };
  return {
    label: { ...label, rejects: quality.severity === 'error' && critical.has(field) },
    rule,
    use,
    inputs,
    seesNulls: SEES_NULLS.has(name),
  };
}
