import { expect } from 'chai';
import { createProgram } from '../../gateway/cli/program.js';
import { CommandFailure } from '../../gateway/cli/command-failure.js';
import type { ExplainedProbe } from '../../gateway/cli/register-probe/explain.js';
import type { ProbeResult } from '../../gateway/probe/probe-register.js';
import { REGISTERS, startSystem, type RunningSystem } from './running-system.js';
import { TestTerminal } from '../gateway/cli/test-terminal.js';

describe('tereze register, with the demo', function () {
  this.timeout(60_000);
  let system: RunningSystem;

  before(async () => {
    system = await startSystem();
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  const run = async (...words: string[]): Promise<{ readonly printed: string; readonly failed: boolean }> => {
    const terminal = new TestTerminal();
    await createProgram(terminal).parseAsync([
      'node',
      'tereze',
      'register',
      ...words,
      '--json',
      '--config',
      system.country.config,
    ]);
    return terminal;
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

  it('explains each of them without the number of the test person or a secret', async () => {
    for (const register of Object.keys(system.config.registers)) {
      const { printed, failed } = await run('probe', register, '--explain');
      const result = JSON.parse(printed) as ExplainedProbe;
      expect(failed, printed).to.equal(false);
      const person = system.config.registers[register]?.test_person ?? expect.fail('no test person');
      expect(printed).to.not.include(person);
      expect(result.address).to.include('127.0.0.1:');
      for (const { status } of result.exchanges ?? []) expect(status).to.equal(200);
    }
  });

  it('says of one that fails why, what it proves and what to do', async () => {
    for (const [fault, steps] of [
      ['500', ['ok', 'unknown', 'failed status_unexpected', 'unknown']],
      ['garbage', ['ok', 'unknown', 'failed xml_invalid', 'unknown']],
      ['refuse', ['failed connection_cut', 'unknown', 'unknown', 'unknown']],
    ] as const) {
      system.country.fault('population', fault);
      const { printed } = await run('probe', 'population', '--explain').finally(() =>
        system.country.fault('population', 'off'),
      );
      const result = JSON.parse(printed) as ExplainedProbe;
      expect(
        result.steps.map(({ result: how, reason }) => (reason === undefined ? how : `${how} ${reason}`)),
        fault,
      ).to.deep.equal(steps);
      expect(result.steps.find(({ reason }) => reason !== undefined)?.advice?.remedy).to.be.a('string');
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
