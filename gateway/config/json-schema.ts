import { z } from 'zod';
import { configSchema } from './schema.js';

/** The parts of JSON Schema in which the configuration is described. */
export interface ConfigJsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, ConfigJsonSchema>>;
  readonly additionalProperties?: ConfigJsonSchema | boolean;
  readonly items?: ConfigJsonSchema;
}

const HEADER = {
  $id: 'config.schema.json',
  title: 'Configuration of Tereze',
} as const;

/** The configuration as JSON Schema, as it may be written: what has a default is not required. */
export function configJsonSchema(): ConfigJsonSchema {
  // Keywords of the output that the interface does not name are kept.
  return { ...HEADER, ...z.toJSONSchema(configSchema, { io: 'input' }) } as ConfigJsonSchema;
}

/** The exact text of the committed `gateway/config/config.schema.json`. */
export function configJsonSchemaText(): string {
  return `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`;
}

/** The description at a path of keys, list positions and record names; undefined where nothing is described. */
export function describedAt(schema: ConfigJsonSchema, path: readonly PropertyKey[]): ConfigJsonSchema | undefined {
  let here: ConfigJsonSchema | undefined = schema;
  for (const step of path) here = here && below(here, step);
  return here;
}

function below(schema: ConfigJsonSchema, step: PropertyKey): ConfigJsonSchema | undefined {
  if (typeof step === 'number') return schema.items;
  const named = Object.hasOwn(schema.properties ?? {}, step) ? schema.properties?.[String(step)] : undefined;
  if (named !== undefined) return named;
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}
