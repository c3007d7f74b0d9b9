import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readSource, SourceInvalid } from '../../../adapters/source-file.js';
import type { RegisterSchema } from '../../../schemas/catalogue/register-schema.js';

/** Something in a `source.yaml` that does not fit its register's schema. */
export interface MappingProblem {
  readonly rule: 'mapping';
  readonly file: string;
  /** Absent if the file cannot be read at all. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** Checks the `source.yaml` beside each schema against it, where there is one. Returns everything that is wrong. */
export function mappingProblems(registers: readonly RegisterSchema[]): readonly MappingProblem[] {
  return registers.flatMap(({ file: schemaFile, document }) => {
    const file = join(dirname(schemaFile), 'source.yaml');
    if (!existsSync(file)) return [];
    try {
      readSource(file, document);
      return [];
    } catch (error) {
      if (!(error instanceof SourceInvalid)) throw error;
      if (error.faults.length === 0) return [{ rule: 'mapping' as const, file, message: error.message }];
      return error.faults.map((fault) => ({ rule: 'mapping' as const, file, ...fault }));
    }
  });
}

/** Returns a problem as one line of text. */
export function mappingProblemText({ file, line, column, message }: MappingProblem): string {
  return line === undefined ? message : `${file}:${line}:${column ?? 1}: ${message}`;
}
