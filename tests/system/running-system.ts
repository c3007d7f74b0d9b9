import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCountry, type RunningCountry } from '../../demo/start.js';
import { startGateway, type Gateway, type GatewayOverrides } from '../../gateway/compose/app.js';
import type { Access } from '../../gateway/cli/client/access.js';
import { accessOfClient } from '../../gateway/cli/client/access-of-client.js';
import { accessForCitizen } from '../../gateway/cli/client/citizen-sign-in.js';
import { readProfile } from '../../gateway/cli/client/profile.js';
import { stateOptions } from '../../gateway/cli/installed-state.js';
import { readConfig } from '../../gateway/config/read-config.js';
import type { Config } from '../../gateway/config/schema.js';
import { attachState } from '../../gateway/state/open.js';
import type { EntryBody } from '../../monitoring/audit/entries.js';
import { createAuditReader, type AuditReader } from '../../monitoring/audit/reader.js';
import { copyCountry, copyState } from '../made-once.js';
import { checkEntries } from '../monitoring/audit/valid-entries.js';
import { sharedContracts } from '../shared-contracts.js';

export const REGISTERS = ['population', 'civil-acts', 'address', 'property', 'tax', 'business'] as const;

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string; readonly consentRequest?: string };
}

/** An answer of any surface, parsed; `text` is what came. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  // Answers are looked into at many places and depths.
  readonly data: Record<string, unknown> | null;
  readonly errors: readonly GraphqlError[];
  readonly tereze: Readonly<Record<string, unknown>> & { readonly requestId: string };
}

/** Country and gateway in this process, on loopback, in a directory of their own. */
export interface RunningSystem {
  readonly country: RunningCountry;
  readonly gateway: Gateway;
  readonly config: Config;
  /** Every line that the gateway logged. */
  readonly logged: readonly string[];
  /** Access in a case of the client's own agency, or of the one named. */
  as(client: string, purpose: string, number: string, agency?: string): Promise<Access>;
  /** A citizen, signed in as the demo does by default, or as `acr` says. */
  citizen(iin: string, acr?: string): Promise<Access>;
  ask(access: Access, body: unknown, path?: string): Promise<Answer>;
  /** Calls at all registers since they were last reset. */
  calls(): number;
  /** What the log holds of a request, oldest first. */
  entries(requestId: string): Promise<readonly EntryBody[]>;
  /** Lends a reader of the log. */
  reading<T>(read: (reader: AuditReader) => Promise<T>): Promise<T>;
  /** Stops both, after every entry of the log was checked by the schema of entries. */
  stop(): Promise<void>;
}

/** Changes the configuration that the country wrote, to what the tests of one file need. */
type Change = (config: Config, country: RunningCountry) => Config | Promise<Config>;

/** Starts both, the gateway with what `change` returns, and unless `overrides` say otherwise with the shared reader of contracts. */
export async function startSystem(
  change: Change = (config) => config,
  overrides: Pick<GatewayOverrides, 'contracts'> = { contracts: sharedContracts },
): Promise<RunningSystem> {
  const directory = mkdtempSync(join(tmpdir(), 'tereze-system-'));
  await copyCountry(directory);
  await copyState(join(directory, 'state'));
  const country = await startCountry({ directory, ports: 'free' });
  const logged: string[] = [];
  const start = async (): Promise<{ readonly config: Config; readonly gateway: Gateway }> => {
    const written: Config = { ...patient(await readConfig(country.config, {})), telemetry: { log_level: 'debug' } };
    const config = await change(written, country);
    return {
      config,
      gateway: await startGateway(config, { ...overrides, log: { write: (line) => void logged.push(line) } }),
    };
  };
  const { config, gateway } = await start().catch(async (error: unknown) => {
    await country.stop();
    throw error;
  });
  const reading: RunningSystem['reading'] = async (read) => {
    const state = await attachState(stateOptions(config));
    try {
      return await read(createAuditReader(state.sql, config.audit.origin));
    } finally {
      await state.close();
    }
  };
  return {
    country,
    gateway,
    config,
    logged,
    reading,
    as: (client, purpose, number, agency) => accessOf(country.clients, { client, purpose, number, agency }),
    citizen: async (iin, acr) => accessForCitizen(await readProfile('citizen-window', country.clients), iin, acr),
    ask: async (access, body, path = '/graphql') => answerOf(await access.send('POST', path, body)),
    calls: () => REGISTERS.reduce((sum, register) => sum + country.stats(register).calls, 0),
    entries: (requestId) =>
      reading(async (reader) =>
        (await reader.request(requestId)).map(({ bytes }) => JSON.parse(bytes.toString()) as EntryBody),
      ),
    stop: async () => {
      // A test may have taken the database away: then nothing of it can be read.
      const state = await attachState(stateOptions(config)).catch(() => undefined);
      try {
        if (state !== undefined) await checkEntries(state.sql);
      } finally {
        await state?.close();
        await gateway.stop();
        await country.stop();
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}

/** Longer than anything takes on a busy machine, in milliseconds. */
const PATIENT_MS = 60_000;

/** Gives everything that answers in the end the time for it. A test that runs into a limit sets its own. */
function patient(config: Config): Config {
  const { policies } = config;
  const patiently = <T extends object>(one: T): T => ({ ...one, timeout_ms: PATIENT_MS });
  return {
    ...config,
    limits: { ...config.limits, answer_ms: PATIENT_MS },
    authentication: { ...config.authentication, jwks_timeout_ms: 30_000 },
    audit: { ...config.audit, commit_ms: PATIENT_MS },
    policies: {
      ...policies,
      nexus: patiently(policies.nexus),
      ...(policies.protection && { protection: patiently(policies.protection) }),
    },
    registers: Object.fromEntries(Object.entries(config.registers).map(([name, one]) => [name, patiently(one)])),
  };
}

interface AccessWanted {
  readonly client: string;
  readonly purpose: string;
  readonly number: string;
  readonly agency: string | undefined;
}

async function accessOf(clients: string, { client, purpose, number, agency }: AccessWanted): Promise<Access> {
  const profile = await readProfile(client, clients);
  return accessOfClient(
    profile,
    { purpose, case: { agency: agency ?? profile.agency ?? client, number } },
    { directory: clients },
  );
}

export function answerOf({ status, text }: { readonly status: number; readonly text: string }): Answer {
  const body = JSON.parse(text) as {
    data?: Answer['data'];
    errors?: GraphqlError[];
    extensions?: { tereze: Answer['tereze'] };
  };
  return {
    status,
    text,
    data: body.data ?? null,
    errors: body.errors ?? [],
    tereze: body.extensions?.tereze ?? { requestId: '' },
  };
}

/** The person's part of an answer, or an empty object. */
export function citizenOf({ data }: Answer): Record<string, unknown> & { readonly spouse?: Record<string, unknown> } {
  return (data?.['citizen'] ?? {}) as Record<string, unknown>;
}

/** Codes of the errors whose path begins so, `citizen.spouse`. */
export function codesAt({ errors }: Answer, prefix: string): readonly string[] {
  return errors.filter(({ path = [] }) => path.join('.').startsWith(prefix)).map(({ extensions }) => extensions.code);
}
