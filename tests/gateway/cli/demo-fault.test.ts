import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { FAULT_MODES, Fault } from '../../../demo/registers/fault.js';
import { serveControl } from '../../../demo/registers/control.js';
import type { Listener } from '../../../demo/registers/listener.js';
import { Meter } from '../../../demo/registers/meter.js';
import { CommandFailure } from '../../../gateway/cli/command-failure.js';
import { DEMO_FAULTS } from '../../../gateway/cli/demo-fault.js';
import { createProgram } from '../../../gateway/cli/program.js';
import { TestTerminal } from './test-terminal.js';

describe('tereze demo fault', () => {
  let directory: string;
  let control: Listener;
  let fault: Fault;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tereze-fault-'));
    fault = new Fault();
    control = await serveControl(new Meter(), fault, '127.0.0.1', 0);
    mkdirSync(join(directory, 'demo'));
    writeFileSync(
      join(directory, 'demo', 'controls.json'),
      JSON.stringify({ property: `http://127.0.0.1:${control.port}` }),
    );
  });
  afterEach(async () => {
    await control.close();
    rmSync(directory, { recursive: true });
  });

  const run = async (...words: string[]): Promise<string> => {
    const terminal = new TestTerminal();
    const program = createProgram(terminal);
    for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)])
      command.configureOutput({ writeErr: () => undefined });
    await program.parseAsync(['node', 'tereze', 'demo', 'fault', ...words, '--directory', directory]);
    return terminal.printed;
  };
  const failure = (...words: string[]): Promise<unknown> => run(...words).catch((error: unknown) => error);

  it('tells the register, and how to end it', async () => {
    expect(await run('property', 'hang')).to.equal('property: hang, until `npx tereze demo fault property off`.\n');
    expect(fault.mode).to.equal('hang');
    expect(JSON.parse(await run('property', 'off', '--json'))).to.deep.equal({ register: 'property', mode: 'off' });
    expect(fault.mode).to.equal('off');
  });

  it('names the registers that there are, and the modes', async () => {
    expect(await failure('tax', 'hang'))
      .to.be.instanceOf(CommandFailure)
      .with.property('hint', 'It has property.');
    expect(await failure('property', 'explode')).to.be.instanceOf(CommanderError);
    expect(await failure('__proto__', 'hang')).to.be.instanceOf(CommandFailure);
  });

  it('says when no demo is running', async () => {
    await control.close();
    expect(await failure('property', 'hang'))
      .to.be.instanceOf(CommandFailure)
      .with.property('kind', 'failed');
  });

  it('knows every mode of the registers', () => {
    expect(DEMO_FAULTS).to.include.members(FAULT_MODES);
  });
});
