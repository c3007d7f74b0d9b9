import { expect } from 'chai';
import { CommanderError, type Command } from 'commander';
import { CommandFailure } from '../../../gateway/cli/command-failure.js';
import { createProgram } from '../../../gateway/cli/program.js';
import { ConfigError } from '../../../gateway/config/config-error.js';
import { TestTerminal } from './test-terminal.js';

const terminal = (): TestTerminal => new TestTerminal({ environment: { TEREZE_CLIENTS: '/nonexistent' } });

/** Commands that do something, not those that only hold others; `demo` does both. */
function leaves(command: Command): readonly Command[] {
  const own = command.commands.length === 0 || command.name() === 'demo' ? [command] : [];
  return [...own, ...command.commands.flatMap(leaves)];
}

/** The words of a command after `tereze`. */
function wordsOf(command: Command): readonly string[] {
  return command.parent === null ? [] : [...wordsOf(command.parent), command.name()];
}

const quiet = (program: Command): Command => {
  for (const command of [program, ...program.commands, ...leaves(program)])
    command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  return program;
};
const failureOf = (...words: string[]): Promise<unknown> =>
  quiet(createProgram(terminal()))
    .parseAsync(['node', 'tereze', ...words])
    .then(
      () => undefined,
      (error: unknown) => error,
    );

const commands = leaves(await createProgram(terminal()).loadAll());

describe('the command line', () => {
  it('has every command of the contract', () => {
    const names = commands.map((command) => wordsOf(command).join(' '));
    expect(names.sort()).to.deep.equal(
      [
        'ask',
        'audit affected',
        'audit approval approve',
        'audit approval ask',
        'audit approval list',
        'audit approval refuse',
        'audit archive',
        'audit erase',
        'audit export',
        'audit key rotate',
        'audit list',
        'audit reconcile',
        'audit retention',
        'audit show',
        'audit verify',
        'case probe',
        'config print',
        'config validate',
        'consent confirm',
        'consent give',
        'consent list',
        'consent withdraw',
        'db migrate',
        'demo',
        'demo fault',
        'handle',
        'hold agree',
        'hold ask',
        'hold lift',
        'hold list',
        'identity key new',
        'identity key rotate',
        'identity serve',
        'login',
        'logout',
        'operation approve',
        'operation list',
        'operation withdraw',
        'receipt check',
        'register list',
        'register new',
        'register probe',
        'schema check',
        'schema compose',
        'schema diff',
        'schema plan',
        'schema publish',
        'serve',
        'state accept-rollback',
        'state init',
        'state status',
        'xroad allowed-methods',
        'xroad get-openapi',
        'xroad get-wsdl',
        'xroad list-clients',
        'xroad list-methods',
      ].sort(),
    );
  });

  for (const command of commands) {
    it(`${command.parent?.name() ?? ''} ${command.name()} has --json and an example in its help`, () => {
      expect(command.options.map(({ long }) => long)).to.include('--json');
      let help = '';
      command.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
      expect(help).to.include('Example:').and.include('npx tereze');
    });
  }

  for (const words of [
    ['nonsense'],
    ['ask', 'X'],
    ['ask', 'X', '--as', 'social', '--as-citizen', '1'],
    ['handle'],
    ['audit', 'list', '--nothing'],
  ]) {
    it(`calls \`${words.join(' ')}\` wrong use`, async () => {
      const failure = await failureOf(...words);
      expect(
        failure instanceof CommanderError || (failure instanceof CommandFailure && failure.kind === 'usage'),
      ).to.equal(true);
    });
  }

  it('lists every command in its help, and loads none for it', async () => {
    let help = '';
    const program = createProgram(terminal()).configureOutput({ writeOut: (text) => void (help += text) });
    await program.parseAsync(['--help'], { from: 'user' }).catch(() => undefined);
    for (const [name] of commands.map(wordsOf)) expect(help).to.match(new RegExp(`^  ${name ?? ''}[ ]`, 'm'));
    expect(program.commands.flatMap(({ options }) => options)).to.deep.equal([]);
  });

  it('shows the help of one command, asked for in either way', async () => {
    for (const words of [
      ['help', 'ask'],
      ['ask', '--help'],
    ]) {
      let help = '';
      const program = createProgram(terminal()).configureOutput({ writeOut: (text) => void (help += text) });
      await program.parseAsync(words, { from: 'user' }).catch(() => undefined);
      expect(help).to.include('--as-citizen');
    }
  });

  it('names a profile or a configuration that is missing', async () => {
    expect(await failureOf('ask', 'X', '--as', 'housing'))
      .to.be.instanceOf(CommandFailure)
      .with.property('kind', 'usage');
    expect(await failureOf('config', 'validate', '--config', '/nonexistent.yaml')).to.be.instanceOf(ConfigError);
  });

  it('finds the committed supergraph in step', async () => {
    const seen = terminal();
    await quiet(createProgram(seen)).parseAsync(['node', 'tereze', 'schema', 'check', '--json']);
    expect(JSON.parse(seen.printed)).to.include({ valid: true });
  });
});
