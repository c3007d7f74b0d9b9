import { z } from 'zod';

const documentLimits = z.strictObject({
  tokens: z.int().min(10).max(20_000).default(1_000).describe('Maximum of tokens in a document.'),
  depth: z.int().min(1).max(100).default(15).describe('Maximum of nested levels of fields, with fragments expanded.'),
  aliases: z.int().min(0).max(1_000).default(30).describe('Maximum of aliases, with fragments expanded.'),
  root_fields: z.int().min(1).max(100).default(10).describe('Maximum of root fields, with fragments expanded.'),
  fields: z.int().min(1).max(20_000).default(500).describe('Maximum of fields, with fragments expanded.'),
  fragments: z.int().min(0).max(1_000).default(50).describe('Maximum of fragment definitions.'),
});

/** Part `limits`: how much one question may ask, and how long its answer may take. */
export const limitsConfig = z.strictObject({
  answer_ms: z
    .int()
    .min(100)
    .max(120_000)
    .default(10_000)
    .describe('Time in which an answer must be ready, registers included, in milliseconds.'),
  document: documentLimits
    .default(() => documentLimits.parse({}))
    .describe('Limits on a GraphQL document, checked before it is validated.'),
  remembered_plans: z
    .int()
    .min(1)
    .max(100_000)
    .default(1_000)
    .describe('Maximum of planned texts kept in memory, and of planned trusted documents.'),
});

export type LimitsConfig = z.output<typeof limitsConfig>;
