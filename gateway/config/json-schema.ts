import { z } from 'zod';
import { configSchema } from './schema.js';

/** The parts of JSON Schema in which the configuration is described. */
export interface ConfigJsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, ConfigJsonSchema>>;
  readonly additionalProperties?: ConfigJsonSchema | boolean;
  readonly items?: ConfigJsonSchema;
  /** Forms that one key tells apart, each with that key as `const`. */
  readonly oneOf?: readonly ConfigJsonSchema[];
  readonly const?: unknown;
}

const HEADER = {
  $id: 'config.schema.json',
  title: 'Configuration of Tereze',
} as const;

/** The configuration as JSON Schema, as it may be written: what has a default is not required. */
export function configJsonSchema(): ConfigJsonSchema {
  return { ...HEADER, ...jsonSchemaOf(configSchema) };
}

/** Any form as JSON Schema, as it may be written. */
export function jsonSchemaOf(schema: z.ZodType): ConfigJsonSchema {
  // Keywords of the output that the interface does not name are kept.
  return z.toJSONSchema(schema, { io: 'input' }) as ConfigJsonSchema;
}

/** The exact text of the committed `gateway/config/config.schema.json`. */
export function configJsonSchemaText(): string {
  return `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`;
}

/**
 * The description at a path of keys, list positions and record names; undefined where nothing is
 * described. `values` is what was written: it decides between forms that one key tells apart.
 */
export function describedAt(
  schema: ConfigJsonSchema,
  path: readonly PropertyKey[],
  values: unknown,
): ConfigJsonSchema | undefined {
  let here = formOf(schema, values);
  let value = values;
  for (const step of path) {
    value = member(value, step);
    here = here && formOf(below(here, step), value);
  }
  return here;
}

function formOf(schema: ConfigJsonSchema | undefined, value: unknown): ConfigJsonSchema | undefined {
  if (schema?.oneOf === undefined) return schema;
  return schema.oneOf.find(({ properties = {} }) =>
    Object.entries(properties).some(
      ([key, described]) => 'const' in described && described.const === member(value, key),
    ),
  );
}

function member(value: unknown, step: PropertyKey): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? Reflect.get(value, step)
    : undefined;
}

function below(schema: ConfigJsonSchema, step: PropertyKey): ConfigJsonSchema | undefined {
  if (typeof step === 'number') return schema.items;
  const named = Object.hasOwn(schema.properties ?? {}, step) ? schema.properties?.[String(step)] : undefined;
  if (named !== undefined) return named;
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}
