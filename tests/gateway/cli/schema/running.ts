import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createProgram } from '../../../../gateway/cli/program.js';
import { HEAD } from '../../../schemas/catalogue/registers.js';
import { sharedContracts } from '../../../shared-contracts.js';

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
  const ran = { printed: '', failed: false, error: undefined as unknown };
  const program = createProgram({
    environment: {},
    contracts: sharedContracts,
    print: (text) => void (ran.printed += text),
    warn: () => undefined,
    readInput: async () => input,
    readLine: async () => input,
    fail: () => void (ran.failed = true),
  });
  silence(program);
  await program.parseAsync(['node', 'tereze', 'schema', ...words]).catch((error: unknown) => void (ran.error = error));
  return ran;
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
