import type { Command } from 'commander';
import { openAdapters } from '../../adapters/open-adapters.js';
import type { Protocol, RegisterSettings } from '../../adapters/protocol.js';
import { PROTOCOLS } from '../../adapters/protocols.js';
import { featuresRefused } from '../../schemas/catalogue/lint/feature-unenforced.js';
import { loadRegisters } from '../../schemas/catalogue/register-schema.js';
import type { Observer } from '../../schemas/ports/observer.js';
import { contractCoverage } from '../../schemas/quality/contract-coverage.js';
import { loadQuality } from '../../schemas/quality/load-quality.js';
import { systemClock } from '../compose/clock.js';
import { createHttpClient } from '../compose/http-client.js';
import { readConfig } from '../config/read-config.js';
import type { Config } from '../config/schema.js';
import { systemRandom } from '../compose/random.js';
import { probeRegister, type ProbeResult } from '../probe/probe-register.js';
import { probeSelection } from '../probe/probe-selection.js';
import { CommandFailure } from './command-failure.js';
import { configFile } from './installed-state.js';
import { addRegisterNew } from './register-new/command.js';
import type { Terminal } from './terminal.js';

interface RegisterOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** `tereze register`: how registers are reached, and whether they can be. */
export function addRegister(program: Command, terminal: Terminal): void {
  const register = program.command('register').description('List the registers, try one of them, describe a new one.');
  register
    .command('list')
    .description(
      'Say which registers there are, how each is spoken to, where it is, and what of its contract is not evaluated.',
    )
    .option('--config <file>', 'the configuration')
    .option('--json', 'print the list as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze register list\n')
    .action((options: RegisterOptions) => list(options, terminal));
  register
    .command('probe')
    .description('Try one register: reach it, authenticate, read its test person, judge the record by the contract.')
    .argument('<name>', 'its name')
    .option('--config <file>', 'the configuration')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze register probe population\n')
    .action((name: string, options: RegisterOptions) => probe(name, options, terminal));
  addRegisterNew(register, terminal);
}

async function list(options: RegisterOptions, terminal: Terminal): Promise<void> {
  const config = await readConfig(configFile(options), terminal.environment);
  const quality = loadQuality(config.supergraph.directory, clockOf(config));
  const registers = Object.entries(config.registers).map(([name, one]) => ({
    name,
    protocol: one.protocol,
    address: addressOf(one, PROTOCOLS),
    contract: quality.contractVersion(name),
    ...contractCoverage(quality.contracts.get(name)),
    timeoutMs: one.timeout_ms,
  }));
  if (options.json) return terminal.print(`${JSON.stringify({ registers })}\n`);
  for (const { name, protocol, address, contract, rules, notEvaluated } of registers) {
    terminal.print(`${name.padEnd(16)} ${protocol.padEnd(8)} ${address}  (contract ${contract})\n`);
    if (!quality.contracts.has(name)) continue;
    terminal.print(`  contract: ${rules} rules, ${notEvaluated.length} not evaluated\n`);
    for (const { file, line, column, about, rule, reason } of notEvaluated)
      terminal.print(`    ${file}:${line}:${column}: ${about} ${rule}: ${reason}\n`);
  }
}

/** Returns where a register is. The address holds no credential. */
export function addressOf(settings: RegisterSettings, protocols: readonly Protocol[]): string {
  return protocols.find(({ name }) => name === settings.protocol)?.locationOf(settings).address ?? '';
}

async function probe(name: string, options: RegisterOptions, terminal: Terminal): Promise<void> {
  const config = await readConfig(configFile(options), terminal.environment);
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
  const result = await probeWith(name, settings, person, config);
  terminal.print(options.json ? `${JSON.stringify(result)}\n` : told(result));
  if (result.steps.some(({ holds }) => !holds)) terminal.fail();
}

async function probeWith(
  name: string,
  settings: RegisterSettings,
  person: string,
  config: Config,
): Promise<ProbeResult> {
  const { directory } = config.supergraph;
  const schema = loadRegisters(directory).find((one) => one.name === name);
  const refused = schema ? featuresRefused(schema, 'register') : [];
  if (refused.length > 0)
    throw new CommandFailure(
      'failed',
      refused.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'),
    );
  const selection = schema && probeSelection(schema.document);
  if (selection === undefined)
    throw new CommandFailure('failed', `the schema of ${name} has nothing that one number identifies`);
  const clock = clockOf(config);
  const adapters = openAdapters({
    directory,
    registers: [name],
    schemas: schema && [schema],
    config: { [name]: settings },
    http: createHttpClient(),
    clock,
    random: systemRandom,
    observer: SILENT,
  });
  const adapter = adapters.byRegister.get(name);
  if (adapter === undefined) throw new CommandFailure('failed', `there is no adapter for ${name}`);
  try {
    return await probeRegister(selection, person, {
      adapter,
      quality: loadQuality(directory, clock),
      clock,
      timeoutMs: settings.timeout_ms,
    });
  } finally {
    await adapters.close();
  }
}

function clockOf({ jurisdiction }: Config): ReturnType<typeof systemClock> {
  return systemClock({ timeZone: jurisdiction.time_zone, factDate: jurisdiction.fact_date });
}

function told({ register, steps, latencyMs, findings }: ProbeResult): string {
  return [
    `${register}${latencyMs === undefined ? '' : `: ${latencyMs.toFixed(0)} ms`}`,
    ...steps.map(({ step, holds, found }) => `  ${holds ? 'ok  ' : 'FAIL'} ${step.padEnd(12)} ${found}`),
    ...findings.map(({ rule, severity }) => `       ${severity.padEnd(12)} ${rule}`),
    '',
  ].join('\n');
}

/** What a probe finds is its answer; it belongs in no metric of the gateway. */
const SILENT: Observer = {
  log: () => undefined,
  count: () => undefined,
  duration: () => undefined,
  gauge: () => undefined,
};
