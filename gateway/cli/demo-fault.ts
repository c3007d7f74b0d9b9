import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import { CommandFailure } from './command-failure.js';
import type { Terminal } from './terminal.js';

/** What a register of the demo can be told to do; `off` ends it. */
export const DEMO_FAULTS = ['slow', 'hang', '500', 'garbage', 'half', 'refuse', 'flood', 'off'] as const;

interface FaultOptions {
  readonly directory: string;
  readonly json?: boolean;
}

/** `tereze demo fault`: lets a register of the running demo misbehave, to see what becomes of an answer. */
export function addDemoFault(demo: Command, terminal: Terminal): void {
  demo
    .command('fault')
    .description('Let a register of the running demo misbehave, or behave again (off).')
    .argument('<register>', 'its name')
    .addArgument(new Argument('<mode>', 'what it does from now on').choices(DEMO_FAULTS))
    .option('--directory <directory>', 'where the demo keeps its data', '.tereze')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze demo fault property hang\n')
    .action(async (register: string, mode: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<FaultOptions>();
      await tell(controlOf(register, options.directory), mode);
      terminal.print(options.json ? `${JSON.stringify({ register, mode })}\n` : said(register, mode));
    });
}

function said(register: string, mode: string): string {
  return mode === 'off'
    ? `${register} behaves again.\n`
    : `${register}: ${mode}, until \`npx tereze demo fault ${register} off\`.\n`;
}

/** Address of a register's control port. */
function controlOf(register: string, directory: string): string {
  const controls = readControls(join(directory, 'demo', 'controls.json'));
  const control = Object.hasOwn(controls, register) ? controls[register] : undefined;
  if (control === undefined)
    throw new CommandFailure(
      'usage',
      `the demo has no register "${register}"`,
      `It has ${Object.keys(controls).join(', ')}.`,
    );
  return control;
}

function readControls(file: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
  } catch {
    throw new CommandFailure('failed', `there is no demo in ${file}`, 'Is `npm start` running, in this folder?');
  }
}

async function tell(control: string, mode: string): Promise<void> {
  const response = await fetch(`${control}/__fault`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mode }),
  }).catch(() => {
    throw new CommandFailure('failed', 'the demo does not answer at its control port', 'Is `npm start` running?');
  });
  if (!response.ok) throw new CommandFailure('failed', `this register cannot ${mode}`);
}
