import { join } from 'node:path';
import type { DocumentNode } from 'graphql';
import type { Clock } from '../schemas/ports/clock.js';
import type { HttpClient } from '../schemas/ports/http-client.js';
import type { Observer } from '../schemas/ports/observer.js';
import type { Random } from '../schemas/ports/random.js';
import { Problems } from '../schemas/problems.js';
import { reportAgreements } from './address-agreement.js';
import type { Adapter } from './port.js';
import type { Protocol, RegisterSettings } from './protocol.js';
import { PROTOCOLS } from './protocols.js';
import { resilienceOf } from './resilience/configured.js';
import { resilient } from './resilience/resilient.js';
import { readSourceOf, SourceInvalid } from './source-file.js';

/** Registers of the catalogue that the configuration does not say how to reach. */
export class RegisterNotReached extends Error {
  constructor(registers: readonly string[]) {
    super(
      `the configuration does not say how to reach ${registers.join(', ')}: write a part of \`registers\` for each`,
    );
    this.name = 'RegisterNotReached';
  }
}

export interface AdaptersOptions {
  /** The folder with `<register>/source.yaml`. Undefined if every register speaks a protocol that needs no mapping. */
  readonly directory: string | undefined;
  /** Names of the registers of the catalogue. The configuration must say how to reach each of them. */
  readonly registers: readonly string[];
  /**
   * Their own schemas. The mapping of each register that has one is checked against it. Without one, a mapping that puts keys
   * or arguments into an address, with no consent to that, is refused.
   */
  readonly schemas?: readonly { readonly name: string; readonly document: DocumentNode }[] | undefined;
  /** Part `registers` of the configuration, with or without credentials. */
  readonly config: Readonly<Record<string, RegisterSettings>>;
  /** Limit of one answer in bytes, where the protocol has no lower one. */
  readonly maxResponseBytes?: number;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  /** Protocols that a register may speak. */
  readonly protocols?: readonly Protocol[];
}

/** The adapters of one configuration. */
export interface Adapters {
  readonly byRegister: ReadonlyMap<string, Adapter>;
  /**
   * Compares registers with their mappings, and logs and counts the differences. A register that cannot be asked is passed
   * over: its calls tell why. Never rejects.
   */
  reportDrift(): Promise<void>;
  /** Closes every adapter and its connections. */
  close(): Promise<void>;
}

const MAX_RESPONSE_BYTES = 5_000_000;

/**
 * Opens an adapter, with its resilience, for every register of the configuration. Connects to nothing. Throws,
 * after it has tried all of them, {@link RegisterNotReached}; `SourceInvalid` for a mapping that cannot be used; and an error for a file of the settings
 * that is missing or cannot be used.
 */
export function openAdapters(options: AdaptersOptions): Adapters {
  const { registers, config, clock, observer } = options;
  const problems = new Problems();
  problems.attempt(() => checkReached(registers, config));
  const byRegister = new Map<string, Adapter>();
  for (const [register, settings] of Object.entries(config)) {
    const adapter = problems.attempt(() => createAdapter(register, settings, options));
    if (adapter !== undefined)
      byRegister.set(register, resilient(adapter, { ...resilienceOf(settings), clock, observer }));
  }
  try {
    problems.throwIfAny();
  } catch (error) {
    for (const adapter of byRegister.values()) void adapter.close().catch(() => undefined);
    throw error;
  }
  const today = clock.factDate();
  for (const [register, { addressAgreements = [] }] of byRegister)
    reportAgreements(register, addressAgreements, { today, observer });
  return {
    byRegister,
    reportDrift: async () => {
      await Promise.all([...byRegister.values()].map((adapter) => reportDrift(adapter, options)));
    },
    close: async () => {
      await Promise.all([...byRegister.values()].map((adapter) => adapter.close()));
    },
  };
}

/** Limit of one comparison, in milliseconds. */
const DRIFT_MS = 10_000;

async function reportDrift(adapter: Adapter, { clock, observer }: AdaptersOptions): Promise<void> {
  const { register } = adapter;
  const found = (await adapter.findDrift?.(clock.monotonic() + DRIFT_MS).catch(() => [])) ?? [];
  for (const drift of found) observer.log('warn', 'register_schema_drift', { register, ...drift });
  if (found.length > 0)
    observer.count('tereze_register_failures_total', { register, operation: 'other', reason: 'schema_drift' });
}

function checkReached(registers: readonly string[], config: AdaptersOptions['config']): void {
  const unreached = registers.filter((register) => !Object.hasOwn(config, register));
  if (unreached.length > 0) throw new RegisterNotReached(unreached);
}

function createAdapter(
  register: string,
  settings: RegisterSettings,
  {
    directory,
    schemas = [],
    http,
    clock,
    random,
    observer,
    maxResponseBytes = MAX_RESPONSE_BYTES,
    protocols = PROTOCOLS,
  }: AdaptersOptions,
): Adapter {
  const file = directory === undefined ? undefined : join(directory, register, 'source.yaml');
  const schema = schemas.find(({ name }) => name === register)?.document;
  const source = file === undefined ? { protocol: settings.protocol } : readSourceOf(protocols, file, schema);
  const protocol = protocols.find(({ name }) => name === settings.protocol);
  if (protocol === undefined || source.protocol !== settings.protocol)
    throw new SourceInvalid(
      file ?? register,
      `is of protocol ${source.protocol}, but the configuration says ${settings.protocol} for this register`,
    );
  // Only the schema says which values identify a person.
  const addressed = schema === undefined ? protocol.outlineOf(source)?.addressed : undefined;
  if (addressed !== undefined && addressed.length > 0)
    throw new SourceInvalid(
      file ?? register,
      'puts keys or arguments into addresses, and has no schema.graphql that says which of them identify a person: write it, or identifier_in_address',
    );
  return protocol.createAdapter({ register, source, settings, maxResponseBytes, http, clock, random, observer });
}
