import { z } from 'zod';
import type { Language } from '../../../schemas/language.js';

/** What is said of a field of entries, beside its form. */
export interface FieldFacts {
  readonly texts: Readonly<Record<Language, string>>;
  /** The first version of entries that has the field in this form. */
  readonly since: number;
}

/** Returns the schema with what is said of the field. */
export function field<Schema extends z.ZodType>(
  schema: Schema,
  texts: FieldFacts['texts'],
  since: FieldFacts['since'] = 1,
): Schema {
  const facts: FieldFacts = { texts, since };
  return schema.meta({ ...facts, description: texts.en });
}

/** Returns what was said of a field by {@link field}, or undefined. */
export function factsOf(schema: z.ZodType): FieldFacts | undefined {
  const { texts, since } = (schema.meta() ?? {}) as Partial<FieldFacts>;
  return texts === undefined || since === undefined ? undefined : { texts, since };
}

/** A salted commitment, or another SHA-256, in hex. */
export const hash = z.string().regex(/^[0-9a-f]{64}$/);
/** Real time, UTC. */
export const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
export const count = z.int().min(0);
