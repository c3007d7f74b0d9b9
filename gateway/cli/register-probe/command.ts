import type { Command } from 'commander';
import { join } from 'node:path';
import { openAdapters } from '../../../adapters/open-adapters.js';
import { agreementState, daysLeft, type AddressAgreement } from '../../../adapters/address-agreement.js';
import type { Adapter } from '../../../adapters/port.js';
import type { RegisterSettings } from '../../../adapters/protocol.js';
import { readSource } from '../../../adapters/source-file.js';
import { featuresRefused } from '../../../schemas/catalogue/lint/feature-unenforced.js';
import { loadRegisters, type RegisterSchema } from '../../../schemas/catalogue/register-schema.js';
import type { Observer } from '../../../schemas/ports/observer.js';
import { loadQuality } from '../../../schemas/quality/load-quality.js';
import { systemClock } from '../../compose/clock.js';
import { createHttpClient } from '../../compose/http-client.js';
import { systemRandom } from '../../compose/random.js';
import { UNGOVERNED, type UngovernedConfig } from '../../config/forms/ungoverned.js';
import { readConfig, readConfigAs } from '../../config/read-config.js';
import type { Config } from '../../config/schema.js';
import { createShownAddress } from '../../probe/shown-address.js';
import { probeRegister } from '../../probe/probe-register.js';
import { probeSelection } from '../../probe/probe-selection.js';
import { watchHttp } from '../../probe/watched-http.js';
import { CommandFailure } from '../command-failure.js';
import { configFile } from '../installed-state.js';
import type { Terminal } from '../terminal.js';
import { explain, type ExplainedProbe, type ProbedRegister } from './explain.js';
import { probeText } from './probe-text.js';

interface ProbeOptions {
  readonly config?: string;
  readonly ungoverned?: boolean;
  readonly json?: boolean;
  readonly explain?: boolean;
}

/** What a probe takes from a configuration of either form. */
type ProbedConfig = Config | UngovernedConfig;

/** `tereze register probe`: whether a register can be reached and read, and why not. */
export function addRegisterProbe(register: Command, terminal: Terminal): void {
  register
    .command('probe')
    .description('Try one register: reach it, authenticate, read its test person, judge the record by the contract.')
    .argument('<name>', 'its name')
    .option('--config <file>', 'the configuration')
    .option('--ungoverned', 'the configuration is one that `serve --ungoverned` takes: no register has credentials')
    .option('--explain', 'say what was sent and answered, which certificates came, and what to do; without any value')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze register probe population --explain\n')
    .action((name: string, options: ProbeOptions) => probe(name, options, terminal));
}

async function probe(name: string, options: ProbeOptions, terminal: Terminal): Promise<void> {
  const config = await (options.ungoverned === true
    ? readConfigAs(UNGOVERNED, configFile(options), terminal.environment)
    : readConfig(configFile(options), terminal.environment));
  const settings = Object.hasOwn(config.registers, name) ? config.registers[name] : undefined;
  if (settings === undefined)
    throw new CommandFailure(
      'usage',
      `there is no register "${name}"`,
      `There are ${Object.keys(config.registers).join(', ')}.`,
    );
  const person = settings.test_person;
  if (person === undefined)
    throw new CommandFailure(
      'usage',
      `registers.${name}.test_person is not set`,
      'Name a person made for tests: a probe must not read a real one.',
    );
  const schema = schemaOf(name, config);
  const selection = schema && probeSelection(schema.document);
  if (schema === undefined || selection === undefined)
    throw new CommandFailure(
      'failed',
      `the schema of ${name} has nothing that one number identifies`,
      'The probe reads one record by a key of one field. Start with serve --ungoverned, and ask the register a question.',
    );
  const result = await probeWith({ name, settings, person, selection, schema }, config, {
    isExplained: options.explain === true,
    contracts: terminal.contracts,
  });
  terminal.print(options.json ? `${JSON.stringify(result)}\n` : probeText(result));
  if (result.steps.some(({ holds }) => !holds)) terminal.fail();
}

function schemaOf(name: string, { supergraph }: ProbedConfig): RegisterSchema | undefined {
  const schema = loadRegisters(supergraph.directory).find((one) => one.name === name);
  const refused = schema ? featuresRefused(schema, 'register') : [];
  if (refused.length > 0)
    throw new CommandFailure(
      'failed',
      refused.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'),
    );
  return schema;
}

interface Probing extends Pick<Terminal, 'contracts'> {
  readonly isExplained: boolean;
}

async function probeWith(
  register: ProbedRegister,
  config: ProbedConfig,
  { isExplained, contracts }: Probing,
): Promise<ExplainedProbe> {
  const { name, settings, person, selection, schema } = register;
  const { directory } = config.supergraph;
  const clock = systemClock({ timeZone: config.jurisdiction.time_zone, factDate: config.jurisdiction.fact_date });
  const source = readSource(join(directory, name, 'source.yaml'), schema.document);
  const watched = watchHttp(
    createHttpClient(),
    createShownAddress([source, withoutPerson(settings), XROAD_VERSION]),
    clock,
  );
  const warnings: string[] = [];
  const adapters = openAdapters({
    directory,
    registers: [name],
    schemas: [schema],
    config: { [name]: settings },
    http: watched.http,
    clock,
    random: systemRandom,
    observer: { ...SILENT, log: (_, event) => void (event === 'xroad_hash_mismatch' && warnings.push(HASH_NOTE)) },
  });
  const adapter = adapters.byRegister.get(name);
  if (adapter === undefined) throw new CommandFailure('failed', `there is no adapter for ${name}`);
  try {
    const quality = await loadQuality(directory, clock, contracts);
    const result = await probeRegister(selection, person, { adapter, quality, clock, timeoutMs: settings.timeout_ms });
    warnings.push(...agreementWarnings(adapter.addressAgreements ?? [], clock.factDate()));
    warnings.push(...(await driftOf(adapter, clock.monotonic() + settings.timeout_ms)));
    const told = isExplained ? await explain(result, register, source, watched) : result;
    return warnings.length === 0 ? told : { ...told, warnings };
  } finally {
    await adapters.close();
  }
}

/** Agreements about addresses that have ended, or end within 30 days, in words. They hold no identifier. */
function agreementWarnings(agreements: readonly AddressAgreement[], today: string): readonly string[] {
  return agreements.flatMap((one) => {
    const state = agreementState(one, today);
    if (state === 'valid') return [];
    const { operation, address, owner, agreement, until } = one;
    const left = daysLeft(one, today);
    const stands =
      state === 'ended'
        ? `ended on ${until}, and the operation is not called`
        : `ends on ${until}, in ${left} ${left === 1 ? 'day' : 'days'}`;
    return [
      `identifier_in_address: agreement ${agreement} for ${operation} (${address}) ${stands}: renew it with ${owner}, and write its new last day`,
    ];
  });
}

const HASH_NOTE = 'hash_mismatch: the reply has another request hash than ours, and was taken';

/** What differs from the mapping, in words; nothing if the register cannot be asked. */
async function driftOf(adapter: Adapter, deadline: number): Promise<readonly string[]> {
  const found = (await adapter.findDrift?.(deadline).catch(() => [])) ?? [];
  return found.map(
    ({ place, found: what, type }) => `schema_drift: ${place} ${what}${type === undefined ? '' : ` (${type})`}`,
  );
}

/** The first step of a path on X-Road (PR-REST, section 4.2). */
const XROAD_VERSION = 'r1';

/** The settings that may be shown as parts of an address. */
function withoutPerson(settings: RegisterSettings): unknown {
  return { ...settings, test_person: undefined };
}

/** What a probe finds is its answer; it belongs in no metric of the gateway. */
const SILENT: Observer = {
  log: () => undefined,
  count: () => undefined,
  duration: () => undefined,
  gauge: () => undefined,
};
