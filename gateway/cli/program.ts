import { Command, type ParseOptions } from 'commander';
import type { Terminal } from './terminal.js';

interface LoadedWhenUsed {
  readonly name: string;
  readonly description: string;
  /** Resolves with what adds the command, its options and what it does. */
  readonly load: () => Promise<(program: Command, terminal: Terminal) => void>;
}

/** The commands: one file each. A file, and all that it needs, is loaded only when its command is used. */
const COMMANDS: readonly LoadedWhenUsed[] = [
  {
    name: 'serve',
    description:
      'Run the gateway; SIGTERM, Ctrl-C or closing the terminal drains it and ends it, SIGHUP reads schemas, rules and documents again.',
    load: async () => (await import('./serve.js')).addServe,
  },
  {
    name: 'demo',
    description: 'Start a small country (registers, issuer, agencies) and the gateway, and print what to try.',
    load: async () => (await import('./demo.js')).addDemo,
  },
  {
    name: 'ask',
    description: 'Ask a question as one of the registered systems, or as a citizen about oneself.',
    load: async () => (await import('./ask.js')).addAsk,
  },
  {
    name: 'handle',
    description:
      'Obtain a handle: a reference to one person for one case, purpose and receiving caller, instead of a number.',
    load: async () => (await import('./handle.js')).addHandle,
  },
  {
    name: 'consent',
    description: 'Give, withdraw, confirm and list consents, signed in as the citizen.',
    load: async () => (await import('./consent.js')).addConsent,
  },
  {
    name: 'login',
    description: 'Sign in as an officer, so that `tereze audit` can ask as that officer.',
    load: async () => (await import('./officer/login.js')).addLogin,
  },
  {
    name: 'logout',
    description: 'End the session of an officer on this machine.',
    load: async () => (await import('./officer/logout.js')).addLogout,
  },
  {
    name: 'audit',
    description: 'Read the audit log, and verify answers against it.',
    load: async () => (await import('./audit/audit.js')).addAudit,
  },
  {
    name: 'hold',
    description:
      'Legal holds: entries of the audit log that are neither archived nor erased. Each step takes two people.',
    load: async () => (await import('./hold.js')).addHold,
  },
  {
    name: 'identity',
    description: 'The keys with which the people of entries can be identified.',
    load: async () => (await import('./identity/identity.js')).addIdentity,
  },
  {
    name: 'receipt',
    description: 'Check offline that a kept answer is the one that the audit log committed to.',
    load: async () => (await import('./receipt.js')).addReceipt,
  },
  {
    name: 'config',
    description: 'Validate and print the configuration.',
    load: async () => (await import('./config.js')).addConfig,
  },
  {
    name: 'schema',
    description: 'Compose the registers’ schemas, check and compare them, and show plans.',
    load: async () => (await import('./schema/schema.js')).addSchema,
  },
  {
    name: 'operation',
    description: 'Trusted documents: what changed in them, and approving it.',
    load: async () => (await import('./operation.js')).addOperation,
  },
  {
    name: 'register',
    description: 'List the registers, try one of them, describe a new one.',
    load: async () => (await import('./register.js')).addRegister,
  },
  {
    name: 'xroad',
    description: 'Say what the members of X-Road offer, and fetch its description.',
    load: async () => (await import('./xroad.js')).addXroad,
  },
  {
    name: 'case',
    description: 'Try the case system of an agency.',
    load: async () => (await import('./case.js')).addCase,
  },
  {
    name: 'db',
    description: 'The state database.',
    load: async () => (await import('./db.js')).addDb,
  },
  {
    name: 'state',
    description: 'The state database beside the signed heads that are kept outside it (state.anchor).',
    load: async () => (await import('./state.js')).addState,
  },
];

/** The command line of `tereze`. */
export interface CommandLine extends Command {
  /** Loads every command, so that they and their options can be listed. */
  loadAll(): Promise<this>;
}

/** Returns the command line. Its help and its faults need no command; `parseAsync` loads the one that is used. */
export function createProgram(terminal: Terminal): CommandLine {
  return new Program(terminal)
    .description('One window to the state registers: lawful, checked for quality, never without a trace.')
    .exitOverride()
    .showHelpAfterError('(add --help for an example)')
    .configureHelp({ sortSubcommands: true });
}

class Program extends Command implements CommandLine {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    super('tereze');
    this.#terminal = terminal;
  }

  override async parseAsync(argv: readonly string[], options?: ParseOptions): Promise<this> {
    const words = options?.from === 'user' ? argv : argv.slice(2);
    const [first, second] = words.filter((word) => !word.startsWith('-'));
    const used = first === 'help' ? second : first;
    await this.#add(({ name }) => name === used);
    return super.parseAsync(argv, options);
  }

  loadAll(): Promise<this> {
    return this.#add(() => true);
  }

  /** Adds all commands in order: those that are used with their options, others by name and description. */
  async #add(isUsed: (command: LoadedWhenUsed) => boolean): Promise<this> {
    for (const command of COMMANDS) {
      if (isUsed(command)) (await command.load())(this, this.#terminal);
      else this.command(command.name);
      this.commands.at(-1)?.description(command.description);
    }
    return this;
  }
}
