import { resolve } from 'node:path';
import { fileKeysOf } from '../../adapters/config.js';
import type { Protocol } from '../../adapters/protocol.js';
import { isObject } from '../../schemas/objects.js';

/** Dotted keys that hold paths, with those of the registers of these protocols; `*` matches every name, and every place of a list. */
export function pathKeysOf(protocols: readonly Protocol[]): readonly string[] {
  return [
    'audit.key_file',
    'audit.anchor.*.authorities_file',
    'audit.anchor.*.policy_file',
    'audit.anchor.*.tls_ca_file',
    'audit.sinks.*.file',
    'audit.sinks.*.token_file',
    'audit.sinks.*.tls.ca_file',
    'audit.sinks.*.tls.cert_file',
    'audit.sinks.*.tls.key_file',
    'audit.detection.rules',
    'database.directory',
    'server.log.directory',
    'server.audit.page.client_key_file',
    'state.anchor.*.directory',
    'state.anchor.*.bearer_file',
    'state.anchor.*.tls_ca_file',
    'state.anchor.*.client_certificate_file',
    'state.anchor.*.client_key_file',
    'supergraph.directory',
    'documents.directory',
    'policies.rules',
    'policies.purposes',
    'policies.secret_file',
    'policies.index_secret_files.*',
    'policies.nexus.sources.*.token_file',
    'policies.protection.token_file',
    ...fileKeysOf(protocols).map((key) => `registers.*.${key}`),
  ];
}

/** The folders that relative paths start from. */
export interface PathBases {
  /** Folder of the configuration: for paths that it names. */
  readonly configuration: string;
  /** Folder of the installation: for defaults that ship with it. */
  readonly installation: string;
}

/** Paths that start from the installation's folder if the file does not name them. Other defaults start from the configuration's folder. */
const SHIPPED: ReadonlySet<string> = new Set([
  'supergraph.directory',
  'documents.directory',
  'policies.rules',
  'policies.purposes',
  'audit.detection.rules',
]);

/** Makes every path of a configuration absolute. `written` is what the file says, before defaults. */
export function resolvePaths<Read extends object>(
  config: Read,
  written: unknown,
  pathKeys: readonly string[],
  bases: PathBases,
): Read {
  // The same shape: only texts at known keys are replaced by texts.
  const resolved = structuredClone(config) as unknown as Record<string, unknown>;
  for (const key of pathKeys) {
    for (const path of matches(resolved, key.split('.'))) {
      const isShipped = SHIPPED.has(key) && valueAt(written, path) === undefined;
      replaceAt(resolved, path, (text) => resolve(isShipped ? bases.installation : bases.configuration, text));
    }
  }
  return resolved as unknown as Read;
}

/** Returns the paths that a configuration names, each with its key. */
export function namedPaths(
  config: object,
  pathKeys: readonly string[],
): readonly { readonly key: readonly string[]; readonly file: string }[] {
  return pathKeys
    .flatMap((key) => matches(config, key.split('.')))
    .flatMap((key) => {
      const file = valueAt(config, key);
      return typeof file === 'string' ? [{ key, file }] : [];
    });
}

function matches(value: unknown, [step, ...rest]: readonly string[]): string[][] {
  if (step === undefined) return [[]];
  if (!hasMembers(value)) return [];
  const names = step === '*' ? Object.keys(value) : Object.hasOwn(value, step) ? [step] : [];
  return names.flatMap((name) => matches(value[name], rest).map((tail) => [name, ...tail]));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((here, step) => (hasMembers(here) ? here[step] : undefined), value);
}

/** The members of a list are its places: `0`, `1` and so on. */
function hasMembers(value: unknown): value is Record<string, unknown> {
  return isObject(value) || Array.isArray(value);
}

function replaceAt(root: Record<string, unknown>, path: readonly string[], change: (text: string) => string): void {
  const parent = valueAt(root, path.slice(0, -1));
  const last = path.at(-1);
  if (!hasMembers(parent) || last === undefined) return;
  const text = parent[last];
  if (typeof text === 'string') parent[last] = change(text);
}
