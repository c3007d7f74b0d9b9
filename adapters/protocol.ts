import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Clock } from '../schemas/ports/clock.js';
import type { HttpClient } from '../schemas/ports/http-client.js';
import type { Observer } from '../schemas/ports/observer.js';
import type { Random } from '../schemas/ports/random.js';
import type { MappingOutline } from './mapping/check/outline.js';
import type { Adapter } from './port.js';

/** Address of a service over HTTP. */
export const httpUrl = z.url({ protocol: /^https?$/ }).refine((url) => {
  const { username, password } = new URL(url);
  return username === '' && password === '';
}, 'must hold no name and no password: secrets come from files');

/** Path of a file. A setting that holds one ends in `_file`. */
export const filePath = z.string().min(1);

/** Settings of every register. */
export const commonSettings = {
  timeout_ms: z.int().min(10).max(60_000).default(2_000).describe('Limit of one call, in milliseconds.'),
  max_in_flight: z
    .int()
    .min(1)
    .max(10_000)
    .default(64)
    .describe('Calls at once; further ones wait, and fail when their time is up.'),
  breaker: z
    .strictObject({
      volume: z.int().min(1).default(5).describe('Calls within the window before it may open.'),
      failure_percent: z.int().min(1).max(100).default(50).describe('Share of failed calls at which it opens.'),
      window_ms: z.int().min(100).default(30_000).describe('Time over which calls are counted, in milliseconds.'),
      retry_after_ms: z
        .int()
        .min(10)
        .default(5_000)
        .describe('Time after which one call is let through to try, in milliseconds.'),
    })
    .prefault({})
    .describe('When a register that fails is left alone.'),
  test_person: z
    .string()
    .min(1)
    .optional()
    .describe('Number of a person made for tests that the register holds; `tereze register probe` reads it.'),
};

/** What the settings of every register say, whichever protocol it speaks. Each protocol narrows them to its own. */
export type RegisterSettings = z.output<z.ZodObject<typeof commonSettings>> & { readonly protocol: string };

/** Where a register is, as its settings say. */
export interface RegisterLocation {
  /** The address as a person reads it. It holds no credential. */
  readonly address: string;
  readonly hostname: string;
  readonly isEncrypted: boolean;
  /** The setting that decides whether the connection is encrypted. */
  readonly encryptedBy: 'url' | 'tls_ca_file';
  /** The token server that credentials come from, with the setting below `auth` that says where it is. */
  readonly tokenServer?: { readonly url: string; readonly setting: 'token_url' | 'issuer' } | undefined;
}

/** What one adapter is made from. */
export interface AdapterOptions<Source, Settings> {
  readonly register: string;
  readonly source: Source;
  readonly settings: Settings;
  readonly maxResponseBytes: number;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
}

type NamedSchema = z.ZodObject & z.ZodType<{ protocol: string }>;
type SettingsSchema = z.ZodObject & z.ZodType<RegisterSettings>;

/**
 * How registers of one protocol are described, configured and called. `protocols.ts` lists them. The types of `source`
 * and `settings` stay those of the protocol; its functions take any register's and throw for another protocol's.
 */
export interface Protocol<
  Source extends NamedSchema = NamedSchema,
  Settings extends SettingsSchema = SettingsSchema,
  Anonymous extends SettingsSchema = SettingsSchema,
> {
  readonly name: string;
  /** Schema of `source.yaml`. */
  readonly source: Source;
  /** Schema of a register's part of the configuration. */
  readonly settings: Settings;
  /** The same without credentials, for `--ungoverned`. Undefined if the protocol does not work without credentials. */
  readonly anonymousSettings: Anonymous | undefined;
  /** Settings that name credentials of the gateway. A dot leads into a setting with parts. */
  readonly credentialKeys: readonly string[];
  locationOf(settings: RegisterSettings): RegisterLocation;
  /**
   * Returns what a mapping says of the register's schema. Undefined if the protocol needs no mapping. The source may lack
   * members that are wrong.
   */
  outlineOf(source: { readonly protocol: string }): MappingOutline | undefined;
  /**
   * Returns an adapter without resilience. Connects to nothing. Throws if a file of the settings cannot be used; the
   * message holds no secret.
   */
  createAdapter(options: AdapterOptions<{ readonly protocol: string }, RegisterSettings>): Adapter;
}

type CredentialKey<Key extends string> = Key | `${Key}.${string}`;

interface ProtocolDefinition<
  Name extends string,
  Source extends NamedSchema,
  Settings extends SettingsSchema,
  Anonymous extends SettingsSchema,
  Accepted extends RegisterSettings,
> {
  readonly name: Name;
  readonly source: Source & z.ZodType<{ protocol: Name }>;
  readonly settings: Settings & z.ZodType<Accepted & { protocol: Name }>;
  readonly anonymousSettings?: Anonymous & z.ZodType<Accepted & { protocol: Name }>;
  readonly credentialKeys: readonly CredentialKey<keyof z.output<Settings> & string>[];
  locationOf(settings: Accepted): RegisterLocation;
  /** Left out by protocols without a mapping. */
  outlineOf?(source: Partial<z.output<Source>>): MappingOutline | undefined;
  createAdapter(options: AdapterOptions<z.output<Source>, Accepted>): Adapter;
}

/**
 * Returns the protocol. `Accepted` is the type of the settings that its functions take: with or without credentials.
 */
export function defineProtocol<
  const Name extends string,
  Source extends NamedSchema,
  Settings extends SettingsSchema,
  Accepted extends RegisterSettings,
  Anonymous extends SettingsSchema = never,
>(definition: ProtocolDefinition<Name, Source, Settings, Anonymous, Accepted>): Protocol<Source, Settings, Anonymous> {
  const { name, source, settings, anonymousSettings, credentialKeys } = definition;
  const isOwnSource = (read: { readonly protocol: string }): read is z.output<Source> => read.protocol === name;
  const isOwn = (read: RegisterSettings): read is Accepted => read.protocol === name;
  return {
    name,
    source,
    settings,
    anonymousSettings,
    credentialKeys,
    locationOf: (read) => {
      if (!isOwn(read)) throw new TypeError(`${read.protocol} is not ${name}`);
      return definition.locationOf(read);
    },
    outlineOf: (read) => {
      if (!isOwnSource(read)) throw new TypeError(`${read.protocol} is not ${name}`);
      return definition.outlineOf?.(read);
    },
    createAdapter: (options) => {
      const { source: readSource, settings: readSettings } = options;
      if (!isOwnSource(readSource) || !isOwn(readSettings)) throw new TypeError(`${options.register} is not ${name}`);
      return definition.createAdapter({ ...options, source: readSource, settings: readSettings });
    },
  };
}

/** Returns the union of schemas that their `protocol` tells apart. `error` is the message for any other `protocol`. */
export function unionByProtocol<Schema extends NamedSchema>(
  schemas: readonly Schema[],
  error?: string,
): z.ZodDiscriminatedUnion<[Schema, ...Schema[]], 'protocol'> {
  const [first, ...others] = schemas;
  if (first === undefined) throw new Error('a list of protocols needs at least one');
  return z.discriminatedUnion('protocol', [first, ...others], error === undefined ? undefined : { error });
}

/** Location of a service over HTTP. `auth` may name a token server. */
export function httpLocation(
  url: string,
  auth?: { readonly type: string; readonly token_url?: string | undefined; readonly issuer?: string | undefined },
): RegisterLocation {
  const { origin, pathname, protocol, hostname } = new URL(url);
  const address = `${origin}${pathname === '/' ? '' : pathname}`;
  return {
    address,
    hostname,
    isEncrypted: protocol === 'https:',
    encryptedBy: 'url',
    tokenServer: tokenServerOf(auth),
  };
}

function tokenServerOf(auth: Parameters<typeof httpLocation>[1]): RegisterLocation['tokenServer'] {
  if (auth?.token_url !== undefined) return { url: auth.token_url, setting: 'token_url' };
  return auth?.issuer === undefined ? undefined : { url: auth.issuer, setting: 'issuer' };
}

/**
 * Reads a secret: one line of printable ASCII, as headers and passwords take it. The error's message holds nothing of
 * it.
 */
export function readSecret(file: string): string {
  const secret = readFileSync(file, 'utf8').trim();
  if (!/^[\x20-\x7e]+$/.test(secret))
    throw new Error(`${file} is empty, or holds more than one line of printable ASCII`);
  return secret;
}
