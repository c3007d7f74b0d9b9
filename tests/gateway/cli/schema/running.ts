import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createProgram } from '../../../../gateway/cli/program.js';
import { HEAD } from '../../../schemas/catalogue/registers.js';
import { TestTerminal } from '../test-terminal.js';

/** What a command line did. */
export interface Ran {
  readonly printed: string;
  /** True when it did its work and was refused. */
  readonly failed: boolean;
  /** What it threw. */
  readonly error: unknown;
}

/** Runs `tereze schema ...` in this process. */
export async function schema(words: readonly string[], input = ''): Promise<Ran> {
  const terminal = new TestTerminal({ typed: input });
  const program = createProgram(terminal);
  silence(program);
  const error = await program.parseAsync(['node', 'tereze', 'schema', ...words]).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { printed: terminal.printed, failed: terminal.failed, error };
}

function silence(command: Command): void {
  command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  command.commands.forEach(silence);
}

/** A folder of files that goes when told. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'tereze-schema-'));

  /** Writes registers by name, each with its SDL below the usual head; returns their folder. */
  registers(name: string, sdls: Readonly<Record<string, string>>): string {
    for (const [register, sdl] of Object.entries(sdls)) {
      mkdirSync(join(this.path, name, register), { recursive: true });
      writeFileSync(join(this.path, name, register, 'schema.graphql'), HEAD + sdl);
    }
    return join(this.path, name);
  }

  file(name: string, text: string): string {
    const file = join(this.path, name);
    writeFileSync(file, text);
    return file;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
