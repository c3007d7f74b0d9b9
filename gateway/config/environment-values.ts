import type { EnvironmentVariables } from './expand.js';
import { isObject } from '../../schemas/objects.js';

/** A key that is taken from the environment where the file is silent. */
export interface EnvironmentValue {
  readonly path: readonly [string, string];
  readonly variable: string;
  readonly read: (text: string) => unknown;
}

const asText = (text: string): string => text;
const asNumber = (text: string): number | string => (/^[0-9]+$/.test(text) ? Number(text) : text);

export const PORT_VALUE: EnvironmentValue = { path: ['server', 'port'], variable: 'PORT', read: asNumber };

export const DATABASE_VALUES: readonly EnvironmentValue[] = [
  { path: ['database', 'url'], variable: 'DATABASE_URL', read: asText },
  { path: ['database', 'admin_url'], variable: 'DATABASE_ADMIN_URL', read: asText },
];

/** Values of a configuration with what the environment adds, and which keys came from there. */
export interface CompletedValues {
  readonly values: unknown;
  /** Dotted key to the name of the variable. */
  readonly fromEnvironment: ReadonlyMap<string, string>;
}

/** Adds what the environment says about keys that the file does not name. */
export function addEnvironmentValues(
  values: unknown,
  known: readonly EnvironmentValue[],
  variables: EnvironmentVariables,
): CompletedValues {
  const fromEnvironment = new Map<string, string>();
  let completed = values;
  for (const { path, variable, read } of known) {
    const text = variables[variable];
    if (!text || !isSilent(completed, path)) continue;
    completed = withValue(completed, path, read(text));
    fromEnvironment.set(path.join('.'), variable);
  }
  return { values: completed, fromEnvironment };
}

function isSilent(values: unknown, [part, key]: readonly [string, string]): boolean {
  if (!isObject(values)) return false;
  const found = values[part];
  return found === undefined || (isObject(found) && found[key] === undefined);
}

function withValue(values: unknown, [part, key]: readonly [string, string], value: unknown): unknown {
  if (!isObject(values)) return values;
  const found = values[part];
  return { ...values, [part]: { ...(isObject(found) ? found : {}), [key]: value } };
}
