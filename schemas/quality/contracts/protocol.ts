import { z } from 'zod';
import type { ContractReading } from '../contract-file.js';

/** What the process that reads contracts is sent. */
export interface ContractsRequest {
  /** Their bytes. */
  readonly contracts: readonly Uint8Array[];
}

const text = z.string();
const place = { line: z.int().positive(), column: z.int().positive() };

const qualityRule = z.object({
  id: z.unknown().exactOptional(),
  type: z.enum(['text', 'library', 'sql', 'custom']).exactOptional(),
  metric: z.unknown().exactOptional(),
  rule: z.unknown().exactOptional(),
  arguments: z.unknown().exactOptional(),
  mustBe: z.unknown().exactOptional(),
  engine: text.exactOptional(),
  implementation: z.unknown().exactOptional(),
  dimension: z
    .enum(['accuracy', 'completeness', 'conformity', 'consistency', 'coverage', 'timeliness', 'uniqueness'])
    .exactOptional(),
  severity: text.exactOptional(),
});

const element = z.object({
  logicalType: z
    .enum(['string', 'date', 'timestamp', 'time', 'integer', 'number', 'decimal', 'boolean', 'object', 'array'])
    .exactOptional(),
  logicalTypeOptions: z.record(text, z.unknown()).exactOptional(),
  required: z.boolean().exactOptional(),
  unique: z.boolean().exactOptional(),
  primaryKey: z.boolean().exactOptional(),
  criticalDataElement: z.boolean().exactOptional(),
  examples: z.array(z.unknown()).exactOptional(),
  quality: z.array(qualityRule).exactOptional(),
  relationships: z.array(z.unknown()).exactOptional(),
  get properties() {
    return z.array(property).exactOptional();
  },
  get items() {
    return element.exactOptional();
  },
});
const property = element.extend({ name: text });

const contract = z.object({
  apiVersion: text,
  kind: text,
  id: text,
  name: text.exactOptional(),
  version: text,
  status: text,
  schema: z
    .array(
      z.object({
        name: text,
        logicalType: text.exactOptional(),
        properties: z.array(property).exactOptional(),
        quality: z.array(qualityRule).exactOptional(),
        relationships: z.array(z.unknown()).exactOptional(),
      }),
    )
    .exactOptional(),
  slaProperties: z.array(z.object({ property: text })).exactOptional(),
});

/**
 * What the process replies for one contract. Members that Tereze does not read are left out. The process has read a
 * document of another party, so that its replies are checked.
 */
export const contractReply: z.ZodType<ContractReading> = z.union([
  z.strictObject({
    contract,
    rules: z.array(z.strictObject({ about: text, rule: text, notEvaluated: text.optional(), ...place })),
  }),
  z.strictObject({ faults: z.array(z.strictObject({ message: text, ...place })).min(1) }),
]);
