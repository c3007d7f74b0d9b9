import { z } from 'zod';

const documentLimits = z.strictObject({
  tokens: z.int().min(10).max(20_000).default(1_000).describe('Tokens of a document at most.'),
  depth: z.int().min(1).max(100).default(15).describe('Levels of fields at most, fragments expanded.'),
  aliases: z.int().min(0).max(1_000).default(30).describe('Aliases at most, fragments expanded.'),
  root_fields: z.int().min(1).max(100).default(10).describe('Root fields at most, fragments expanded.'),
  fields: z.int().min(1).max(20_000).default(500).describe('Fields at most, fragments expanded.'),
  fragments: z.int().min(0).max(1_000).default(50).describe('Fragment definitions at most.'),
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
  remembered_plans: z.int().min(1).max(100_000).default(1_000).describe('Planned documents kept in memory.'),
});

export type LimitsConfig = z.output<typeof limitsConfig>;
