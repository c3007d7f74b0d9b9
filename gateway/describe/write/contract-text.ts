import { Document } from 'yaml';
import type { LeafShape, YamlObject, YamlValue } from '../description.js';
import type { PlannedField, PlannedType, RegisterPlan } from './plan.js';

const LOGICAL_TYPES: Readonly<Record<LeafShape['type'], string>> = {
  text: 'string',
  integer: 'integer',
  long: 'integer',
  decimal: 'decimal',
  boolean: 'boolean',
  date: 'date',
  instant: 'timestamp',
  binary: 'string',
};

/**
 * Returns `contract.yaml` (ODCS 3.1): types, required, enumerations, patterns, lengths and bounds that the document
 * states, of the values after their transforms.
 */
export function contractText({ register, title, types }: RegisterPlan): string {
  const document = new Document({
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: register,
    ...(title === undefined ? {} : { name: title.slice(0, 200) }),
    version: '0.1.0',
    status: 'draft',
    schema: types.map(objectOf).filter(({ properties }) => properties.length > 0),
  });
  document.commentBefore = ` What the published document states of ${register}. Add what else a correct record must hold.`;
  return document.toString({ lineWidth: 0 });
}

function objectOf(type: PlannedType): { readonly properties: readonly YamlObject[] } {
  return {
    ...{ name: type.name, logicalType: 'object' },
    properties: type.fields.filter(({ leaf }) => leaf !== undefined).map((field) => propertyOf(field, type)),
  };
}

function propertyOf(field: PlannedField, type: PlannedType): YamlObject {
  const { name, at, leaf, isRequired } = field;
  const physicalName = at.map(String).join('.');
  return {
    name,
    ...(physicalName === name ? {} : { physicalName }),
    ...inLists(leafOf(leaf), field.type.split('[').length - 1),
    ...(type.key.join() === name ? { primaryKey: true } : {}),
    ...(isRequired ? { required: true } : {}),
  };
}

function inLists(leaf: YamlObject, depth: number): YamlObject {
  return depth === 0 ? leaf : { logicalType: 'array', items: { name: 'item', ...inLists(leaf, depth - 1) } };
}

function leafOf(leaf: LeafShape | undefined): YamlObject {
  if (leaf === undefined) return {};
  const options = optionsOf(leaf);
  return {
    logicalType: LOGICAL_TYPES[leaf.type],
    ...(Object.keys(options).length > 0 ? { logicalTypeOptions: options } : {}),
    ...(leaf.enum ? { quality: [knownCode(leaf.enum)] } : {}),
  };
}

function optionsOf(leaf: LeafShape): YamlObject {
  if (leaf.type === 'text') {
    const { minLength, maxLength, pattern } = leaf;
    return given({ minLength, maxLength, pattern });
  }
  if (!['integer', 'long', 'decimal'].includes(leaf.type)) return {};
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = leaf;
  return given({
    minimum: numberOf(minimum),
    maximum: numberOf(maximum),
    exclusiveMinimum: numberOf(exclusiveMinimum),
    exclusiveMaximum: numberOf(exclusiveMaximum),
  });
}

/** A bound as a number if a double holds it, else as the text of its digits: a contract takes both. */
function numberOf(bound: string | undefined): YamlValue | undefined {
  if (bound === undefined) return undefined;
  return String(Number(bound)) === bound ? Number(bound) : bound;
}

function knownCode(values: readonly string[]): YamlObject {
  return {
    id: 'known-code',
    type: 'library',
    metric: 'invalidValues',
    arguments: { validValues: [...values] },
    mustBe: 0,
    dimension: 'conformity',
    severity: 'error',
  };
}

function given(options: YamlObject): YamlObject {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
