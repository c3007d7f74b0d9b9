import type { Terminal } from '../../../gateway/cli/terminal.js';
import { sharedContracts } from '../../shared-contracts.js';

/** A terminal of a test: it types what a test gave it, and keeps what a command says. */
export class TestTerminal implements Terminal {
  readonly environment: NodeJS.ProcessEnv;
  readonly contracts = sharedContracts;
  /** What was printed so far. */
  printed = '';
  /** What was written to standard error so far. */
  warned = '';
  /** True after the command did its work and was refused. */
  failed = false;
  readonly #typed: string;

  /** `typed` is all of standard input; the line that is read first is all of it, too. */
  constructor({
    environment = {},
    typed = '',
  }: { readonly environment?: NodeJS.ProcessEnv; readonly typed?: string } = {}) {
    this.environment = environment;
    this.#typed = typed;
  }

  print(text: string): void {
    this.printed += text;
  }

  async printAll(texts: AsyncIterable<string>): Promise<void> {
    for await (const text of texts) this.print(text);
  }

  warn(text: string): void {
    this.warned += text;
  }

  async readInput(): Promise<string> {
    return this.#typed;
  }

  async readLine(): Promise<string> {
    return this.#typed;
  }

  fail(): void {
    this.failed = true;
  }
}
