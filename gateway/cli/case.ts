import type { Command } from 'commander';
import { readPolicyFiles } from '../../policies/load-policies.js';
import { probeCase, type CaseProbeStep } from '../../policies/nexus/probe-case.js';
import { isIin } from '../../schemas/identifiers/iin.js';
import { systemClock } from '../compose/clock.js';
import { createHttpClient } from '../compose/http-client.js';
import { readConfig } from '../config/read-config.js';
import { CommandFailure } from './command-failure.js';
import { configFile } from './installed-state.js';
import type { Terminal } from './terminal.js';

interface ProbeOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly case: string;
  readonly person: string;
  readonly purpose?: string;
}

/** `tereze case`: whether the case system of an agency answers. */
export function addCase(program: Command, terminal: Terminal): void {
  program
    .command('case')
    .command('probe')
    .description('Ask about one case and one person, both made for tests: reach it, authenticate, read the answer.')
    .argument('<agency>', 'its id')
    .requiredOption('--case <number>', 'number of a case that is open')
    .requiredOption('--person <number>', 'number of a person that the case names')
    .option('--purpose <name>', 'purpose of the case; each that needs a case, if it is not given')
    .option('--config <file>', 'the configuration')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze case probe housing --case HQ-2026-000101 --person 880514391012\n')
    .action((agency: string, options: ProbeOptions) => probe(agency, options, terminal));
}

async function probe(agency: string, options: ProbeOptions, terminal: Terminal): Promise<void> {
  // Nothing that is printed may hold the number, not even as a mistake.
  if (!isIin(options.person))
    throw new CommandFailure('usage', '--person is no number of a person: 12 digits with a right check digit');
  const { policies, jurisdiction } = await readConfig(configFile(options), terminal.environment);
  const clock = systemClock({ timeZone: jurisdiction.time_zone, factDate: jurisdiction.fact_date });
  const http = createHttpClient();
  const { nexusSources, purposes, protection } = readPolicyFiles(policies, { clock, http });
  protection.close();
  const source = nexusSources.get(agency);
  if (source === undefined)
    throw new CommandFailure(
      'usage',
      `policies.nexus.sources has no agency of this id`,
      `There are ${[...nexusSources.keys()].join(', ') || 'none'}.`,
    );
  const withCase = purposes.names.filter((name) => purposes.get(name)?.caseRequired === true);
  if (options.purpose !== undefined && !withCase.includes(options.purpose))
    throw new CommandFailure('usage', '--purpose needs no case', `There are ${withCase.join(', ')}.`);
  const asked = options.purpose === undefined ? withCase : [options.purpose];
  const steps = await probeCase(
    { agency, number: options.case, purposes: asked, person: options.person },
    { source, config: policies.nexus, http, clock },
  );
  terminal.print(options.json ? `${JSON.stringify({ agency, steps })}\n` : told(agency, steps));
  if (steps.some(({ result }) => result !== 'ok')) terminal.fail();
}

function told(agency: string, steps: readonly CaseProbeStep[]): string {
  const lines = steps.map(
    ({ step, result, found, reason }) =>
      `  ${result.padEnd(8)} ${step.padEnd(12)} ${reason === undefined ? '' : `${reason}: `}${found}`,
  );
  return [agency, ...lines, ''].join('\n');
}
