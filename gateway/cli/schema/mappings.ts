import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readSource, SourceInvalid } from '../../../adapters/source-file.js';
import type { RegisterSchema } from '../../../schemas/catalogue/register-schema.js';
import type { FileProblem } from './file-problem.js';

/** Checks the `source.yaml` beside each schema against it, where there is one. Returns everything that is wrong. */
export function mappingProblems(registers: readonly RegisterSchema[]): readonly FileProblem[] {
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
