import fc from 'fast-check';
import { z } from 'zod';
import type { EntryBody } from '../../../monitoring/audit/entries.js';
import { entrySchema } from '../../../monitoring/audit/schema/bodies.js';

const FIRST = Date.UTC(2026, 0, 1);

/** Entries of every kind, made from the schema: each of them passes it. */
export const arbitraryEntry: fc.Arbitrary<EntryBody> = arbitraryOf(entrySchema) as fc.Arbitrary<EntryBody>;

function arbitraryOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const { def } = schema._zod;
  switch (def.type) {
    case 'object':
      return objectOf((def as z.core.$ZodObjectDef).shape);
    case 'array':
      return fc.array(arbitraryOf((def as z.core.$ZodArrayDef).element), { maxLength: 3 });
    case 'nullable':
      return fc.option(arbitraryOf((def as z.core.$ZodNullableDef).innerType));
    case 'union':
      return fc.oneof(...(def as z.core.$ZodUnionDef).options.map(arbitraryOf));
    case 'enum':
      return fc.constantFrom(...Object.values((def as z.core.$ZodEnumDef).entries));
    case 'literal':
      return fc.constantFrom(...(def as z.core.$ZodLiteralDef<z.core.util.Literal>).values);
    case 'boolean':
      return fc.boolean();
    case 'number':
      return fc.nat().map((value) => value + 1);
    case 'string':
      return textOf(schema);
    default:
      throw new Error(`no arbitrary for ${def.type}`);
  }
}

/** Half of them have what may be left out. */
function objectOf(shape: z.core.$ZodShape): fc.Arbitrary<unknown> {
  const names = Object.keys(shape);
  const isOptional = (name: string): boolean => shape[name]?._zod.def.type === 'optional';
  const arbitraries = Object.entries(shape).map(([name, member]) => [
    name,
    arbitraryOf(isOptional(name) ? (member._zod.def as z.core.$ZodOptionalDef).innerType : member),
  ]);
  const requiredKeys = names.filter((name) => !isOptional(name));
  return fc.record(Object.fromEntries(arbitraries) as Record<string, fc.Arbitrary<unknown>>, { requiredKeys });
}

function textOf(schema: z.core.$ZodType): fc.Arbitrary<string> {
  const texts = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 9 }));
  if (accepts(schema, 'f'.repeat(64)) && !accepts(schema, 'x')) return fc.stringMatching(/^[0-9a-f]{64}$/);
  if (accepts(schema, new Date(FIRST).toISOString()) && !accepts(schema, 'x'))
    return fc.nat().map((ms) => new Date(FIRST + ms).toISOString());
  return texts;
}

function accepts(schema: z.core.$ZodType, value: unknown): boolean {
  return z.safeParse(schema, value).success;
}
