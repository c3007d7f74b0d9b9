import { stringify } from 'yaml';
import type { Config } from './schema.js';

const MASK = '***';

/** Returns the complete configuration as YAML, defaults included, secrets masked. Safe to show to everyone who runs the gateway. */
export function printConfig(config: Config): string {
  return stringify(maskedConfig(config), { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The same as a plain object, for `--json`. */
export function maskedConfig(config: Config): unknown {
  return masked(config);
}

/** Files keep the secrets; in the configuration itself only addresses can carry any. */
function masked(value: unknown): unknown {
  if (typeof value === 'string') return maskedText(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner)]));
}

function maskedText(text: string): string {
  if (!text.includes('://') || !URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.password !== '') url.password = MASK;
  for (const name of [...url.searchParams.keys()].filter(isSecretName)) url.searchParams.set(name, MASK);
  return url.href === new URL(text).href ? text : url.href;
}

function isSecretName(name: string): boolean {
  return /pass|secret|token|key/i.test(name);
}
