import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DocumentNode } from 'graphql';
import { readSource, SourceInvalid } from '../../../../adapters/source-file.js';

/** Returns what is wrong with the text of a `source.yaml`, read beside a schema. Writes it into the folder. */
export function faultsOfSource(folder: string, text: string, schema: DocumentNode): SourceInvalid['faults'] {
  const file = join(folder, 'source.yaml');
  writeFileSync(file, text);
  try {
    readSource(file, schema);
    return [];
  } catch (error) {
    if (!(error instanceof SourceInvalid)) throw error;
    return error.faults;
  }
}
