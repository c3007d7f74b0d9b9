import { expect } from 'chai';
import { createProgram } from '../../gateway/cli/program.js';
import { CommandFailure } from '../../gateway/cli/command-failure.js';
import type { ProbeResult } from '../../gateway/probe/probe-register.js';
import { REGISTERS, startSystem, type RunningSystem } from './running-system.js';

describe('tereze register, with the demo', function () {
  this.timeout(30_000);
  let system: RunningSystem;

  before(async () => {
    system = await startSystem();
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  const run = async (...words: string[]): Promise<{ readonly printed: string; readonly failed: boolean }> => {
    let printed = '';
    let failed = false;
    const terminal = {
      environment: {},
      print: (text: string) => void (printed += text),
      warn: () => undefined,
      readInput: async () => '',
      readLine: async () => '',
      fail: () => void (failed = true),
    };
    await createProgram(terminal).parseAsync([
      'node',
      'tereze',
      'register',
      ...words,
      '--json',
      '--config',
      system.country.config,
    ]);
    return { printed, failed };
  };

  it('lists every register with its protocol, its address and its contract, and no secret', async () => {
    const { registers } = JSON.parse((await run('list')).printed) as {
      registers: { name: string; protocol: string; address: string; contract: string }[];
    };
    expect(registers.map(({ name }) => name))
      .to.have.members(Object.keys(system.config.registers))
      .and.include.members([...REGISTERS]);
    for (const { protocol, address, contract } of registers) {
      expect(protocol).to.match(/^[a-z]+$/);
      expect(address).to.include('127.0.0.1:');
      expect(contract).to.match(/^\d+\.\d+\.\d+$/);
    }
  });

  it('probes each of them', async () => {
    for (const register of Object.keys(system.config.registers)) {
      const { printed, failed } = await run('probe', register);
      const result = JSON.parse(printed) as ProbeResult;
      expect(failed, printed).to.equal(false);
      expect(result.steps.map(({ step, holds }) => `${step} ${holds}`)).to.deep.equal([
        'reach true',
        'authenticate true',
        'read true',
        'contract true',
      ]);
    }
  });

  it('fails for one that closes the connection, and names those that there are for an unknown one', async () => {
    system.country.fault('property', 'refuse');
    expect((await run('probe', 'property').finally(() => system.country.fault('property', 'off'))).failed).to.equal(
      true,
    );
    expect(await run('probe', 'nothing').catch((error: unknown) => error))
      .to.be.instanceOf(CommandFailure)
      .with.property('kind', 'usage');
  });
});
