import { readFileSync } from 'node:fs';
import { isScalar, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { compareDecimals } from '../numeral.js';

/**
 * The part of the Open Data Contract Standard (ODCS v3.1) that Tereze's contracts use. Stricter
 * than the standard: a contract may contain only what Tereze evaluates, so that no rule is there without effect.
 */

const dimension = z.enum([
  'accuracy',
  'completeness',
  'conformity',
  'consistency',
  'coverage',
  'timeliness',
  'uniqueness',
]);
const severity = z.enum(['info', 'warning', 'error']);

/** A number, or a decimal in quotes, which YAML does not round. */
const decimal = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/, 'is no decimal')]);

const customRule = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  type: z.literal('custom'),
  engine: z.literal('tereze'),
  implementation: z.looseObject({ rule: z.string() }),
  description: z.string().optional(),
  dimension,
  severity,
});

const validValues = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  type: z.literal('library').optional(),
  metric: z.literal('invalidValues'),
  arguments: z.strictObject({ validValues: z.array(z.union([z.string(), z.number()])).min(1) }),
  mustBe: z.literal(0),
  description: z.string().optional(),
  dimension: dimension.optional(),
  severity: severity.optional(),
});

const property = z.strictObject({
  name: z.string(),
  physicalName: z.string().optional(),
  /** `decimal` is ours: a `number` that is not thought of as binary. */
  logicalType: z.enum(['string', 'date', 'timestamp', 'integer', 'number', 'decimal', 'boolean', 'object', 'array']),
  logicalTypeOptions: z
    .strictObject({
      pattern: z.string().optional(),
      minLength: z.int().optional(),
      maxLength: z.int().optional(),
      minimum: decimal.optional(),
      maximum: decimal.optional(),
    })
    .optional(),
  description: z.string().optional(),
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  primaryKey: z.boolean().optional(),
  criticalDataElement: z.boolean().optional(),
  classification: z.string().optional(),
  examples: z.array(z.unknown()).optional(),
  quality: z
    .array(z.discriminatedUnion('type', [validValues.extend({ type: z.literal('library') }), customRule]))
    .optional(),
});

const schemaObject = z.strictObject({
  name: z.string(),
  physicalName: z.string().optional(),
  logicalType: z.literal('object').optional(),
  description: z.string().optional(),
  properties: z.array(property).min(1),
  quality: z.array(customRule).optional(),
});

const contract = z.strictObject({
  apiVersion: z.literal('v3.1.0'),
  kind: z.literal('DataContract'),
  id: z.string(),
  name: z.string(),
  version: z.string(),
  status: z.string(),
  domain: z.string().optional(),
  description: z
    .strictObject({ purpose: z.string().optional(), usage: z.string().optional(), limitations: z.string().optional() })
    .optional(),
  schema: z.array(schemaObject).min(1),
  team: z
    .strictObject({
      name: z.string().optional(),
      members: z.array(z.strictObject({ username: z.string(), role: z.string().optional() })),
    })
    .optional(),
  slaProperties: z
    .array(
      z.strictObject({
        property: z.string(),
        value: z.union([z.string(), z.number()]),
        unit: z.string().optional(),
        description: z.string().optional(),
      }),
    )
    .optional(),
});

export type Contract = z.output<typeof contract>;
export type ContractObject = Contract['schema'][number];
export type ContractProperty = ContractObject['properties'][number];
export type CustomRule = z.output<typeof customRule>;
export type Severity = z.output<typeof severity>;
export type Dimension = z.output<typeof dimension>;

/** A contract that cannot be used. The message names the file and the fault. */
export class ContractInvalid extends Error {
  constructor(file: string, problem: string, options?: { cause?: unknown }) {
    super(`${file}: ${problem}`, options);
    this.name = 'ContractInvalid';
  }
}

/** Reads a register's `contract.yaml`. Throws {@link ContractInvalid}. */
export function readContract(file: string): Contract {
  const read = contract.safeParse(readYaml(file));
  if (!read.success) throw new ContractInvalid(file, z.prettifyError(read.error));
  return read.data;
}

function readYaml(file: string): unknown {
  try {
    const document = parseDocument(readFileSync(file, 'utf8'), { uniqueKeys: true });
    for (const fault of document.errors) throw fault;
    refuseRounded(document);
    return document.toJS();
  } catch (cause) {
    throw new ContractInvalid(
      file,
      cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : 'cannot be read',
      { cause },
    );
  }
}

/** Throws for a number that is another one once it is read. */
function refuseRounded(document: ReturnType<typeof parseDocument>): void {
  visit(document, (_, node) => {
    if (!isScalar(node) || typeof node.value !== 'number' || node.source === undefined) return;
    if ((compareDecimals(node.source, String(node.value)) ?? 0) !== 0)
      throw new Error(`${node.source} would be rounded: write it in quotes`);
  });
}
