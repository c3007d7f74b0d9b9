import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { startGateway, type Gateway } from '../compose/app.js';
import { readConfig } from '../config/read-config.js';
import { packageRoot } from '../state/package-root.js';
import { Signals } from '../signals.js';
import { CommandFailure } from './command-failure.js';
import { addDemoFault } from './demo-fault.js';
import { startCountryProcess, type CountryProcess, type Showcase } from './country-process.js';
import type { Terminal } from './terminal.js';

interface DemoOptions {
  readonly directory: string;
  readonly basePort: string;
  readonly json?: boolean;
}

/** `tereze demo`, also `npm start`: a small country and the gateway before it. */
export function addDemo(program: Command, terminal: Terminal): void {
  const command = program
    .command('demo')
    .option('--directory <directory>', 'where the demo keeps its data', '.tereze')
    .option('--base-port <port>', 'first of the demo’s ports; the gateway’s is PORT', '4100')
    .option('--json', 'print addresses and commands as JSON')
    .addHelpText('after', '\nExample:\n  PORT=4000 npx tereze demo --base-port 4100\n')
    .action((options: DemoOptions) => demo(options, terminal));
  addDemoFault(command, terminal);
}

async function demo(options: DemoOptions, terminal: Terminal): Promise<void> {
  const signals = new Signals('demo');
  const country = await startCountryProcess(demoProgram(), options, terminal.environment);
  try {
    const gateway = await startGateway(await readConfig(country.ready.config, terminal.environment), {
      contracts: terminal.contracts,
    });
    signals.serve();
    terminal.print(options.json ? asJson(gateway, country) : welcome(gateway, country));
    await Promise.race([signals.toldToEnd, country.ended]);
    await gateway.stop();
  } finally {
    await country.stop();
  }
}

function demoProgram(): string {
  const path = join(packageRoot(), 'dist', 'demo', 'main.js');
  if (!existsSync(path))
    throw new CommandFailure(
      'failed',
      'the demo country is not part of this installation',
      'Install with development dependencies: `npm ci`.',
    );
  return path;
}

function asJson(gateway: Gateway, { ready }: CountryProcess): string {
  return `${JSON.stringify({ gateway: gateway.url, operations: gateway.operationsUrl, officers: gateway.auditUrl, addresses: ready.addresses, commands: ready.showcase.map(({ command }) => command) })}\n`;
}

function welcome(gateway: Gateway, { ready }: CountryProcess): string {
  const addresses = Object.entries(ready.addresses).map(([name, address]) => `  ${name.padEnd(22)} ${address}`);
  return [
    `Tereze answers at ${gateway.url}/graphql (health and metrics at ${gateway.operationsUrl}).`,
    ...(gateway.auditUrl === undefined
      ? []
      : [
          `Officers question the audit log at ${gateway.auditUrl}/audit/v1, and in a browser at ${gateway.auditUrl}.`,
          `  To try there, after the commands below, as an officer of the housing agency: ${gateway.auditUrl}/en/search?outcome=refused`,
        ]),
    '',
    'The country around it:',
    ...addresses,
    '',
    'Try, in another terminal:',
    ...ready.showcase.flatMap(describe),
    '',
    'Ctrl-C ends everything, and so does closing the terminal.',
    '',
  ].join('\n');
}

function describe({ title, command }: Showcase): string[] {
  return ['', `  # ${title}`, `  ${command}`];
}
