import type { Command } from 'commander';
import type { Protocol, RegisterSettings } from '../../adapters/protocol.js';
import { PROTOCOLS } from '../../adapters/protocols.js';
import { contractCoverage } from '../../schemas/quality/contract-coverage.js';
import { loadQuality } from '../../schemas/quality/load-quality.js';
import { systemClock } from '../compose/clock.js';
import { readConfig } from '../config/read-config.js';
import type { Config } from '../config/schema.js';
import { configFile } from './installed-state.js';
import { addRegisterNew } from './register-new/command.js';
import { addRegisterProbe } from './register-probe/command.js';
import type { Terminal } from './terminal.js';

interface RegisterOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** `tereze register`: how registers are reached, and whether they can be. */
export function addRegister(program: Command, terminal: Terminal): void {
  const register = program.command('register');
  register
    .command('list')
    .description(
      'Say which registers there are, how each is spoken to, where it is, and what of its contract is not evaluated.',
    )
    .option('--config <file>', 'the configuration')
    .option('--json', 'print the list as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze register list\n')
    .action((options: RegisterOptions) => list(options, terminal));
  addRegisterProbe(register, terminal);
  addRegisterNew(register, terminal);
}

async function list(options: RegisterOptions, terminal: Terminal): Promise<void> {
  const config = await readConfig(configFile(options), terminal.environment);
  const quality = await loadQuality(config.supergraph.directory, clockOf(config), terminal.contracts);
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

function clockOf({ jurisdiction }: Config): ReturnType<typeof systemClock> {
  return systemClock({ timeZone: jurisdiction.time_zone, factDate: jurisdiction.fact_date });
}
