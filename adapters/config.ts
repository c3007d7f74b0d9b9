import { z } from 'zod';
import { unionByProtocol, type Protocol } from './protocol.js';
import { PROTOCOLS } from './protocols.js';

const registerName = z.string().regex(/^[a-z][a-z0-9_-]*$/, 'is no name of a register');

/**
 * Returns the schema of the part `registers` of the configuration: how each register is reached, by the name of its
 * folder.
 */
export function registersConfigOf<const Known extends readonly Protocol[]>(protocols: Known) {
  const settings = protocols.map((protocol): Known[number]['settings'] => protocol.settings);
  return z.record(registerName, unionByProtocol(settings, `names no protocol: ${oneOf(protocols)}`));
}

/** Returns the same for registers that are called without credentials. */
export function anonymousRegistersConfigOf<const Known extends readonly Protocol[]>(protocols: Known) {
  const anonymous = protocols.filter(({ anonymousSettings }) => anonymousSettings !== undefined);
  const settings = anonymous
    .map((protocol): Known[number]['anonymousSettings'] => protocol.anonymousSettings)
    .filter((schema): schema is Exclude<Known[number]['anonymousSettings'], undefined> => schema !== undefined);
  return z.record(
    registerName,
    unionByProtocol(settings, `names no protocol that needs no credential: ${oneOf(anonymous)}`),
  );
}

/** Settings that name credentials of the gateway, of all protocols. A dot leads into a setting with parts. */
export function credentialKeysOf(protocols: readonly Protocol[]): readonly string[] {
  return [...new Set(protocols.flatMap(({ credentialKeys }) => credentialKeys))];
}

/** Settings that name files, of all protocols. A dot leads into a setting with parts. */
export function fileKeysOf(protocols: readonly Protocol[]): readonly string[] {
  return [...new Set(protocols.flatMap(({ settings }) => fileKeysBelow(settings)))];
}

function fileKeysBelow(schema: z.core.$ZodType): readonly string[] {
  if (schema instanceof z.ZodOptional) return fileKeysBelow(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => fileKeysBelow(option));
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([key, value]) =>
    key.endsWith('_file') ? [key] : fileKeysBelow(value).map((below) => `${key}.${below}`),
  );
}

function oneOf(protocols: readonly Protocol[]): string {
  const names = protocols.map(({ name }) => name);
  return [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' or ');
}

export const registersConfig = registersConfigOf(PROTOCOLS);
export const anonymousRegistersConfig = anonymousRegistersConfigOf(PROTOCOLS);
