import { readFile } from 'node:fs/promises';
import { loadDocuments } from '../../../schemas/operations/load-documents.js';
import { CommandFailure } from '../command-failure.js';
import type { Terminal } from '../terminal.js';
import { isMissing } from './missing.js';

/** The text of a document: - for standard input, a trusted document by name or hash, else a file. Wrong use when there is none of these. */
export async function readOperation(operation: string, documents: string, terminal: Terminal): Promise<string> {
  if (operation === '-') return terminal.readInput();
  const registered = trustedDocuments(documents);
  const trusted = registered.find(operation);
  if (trusted !== undefined) return trusted.text;
  try {
    return await readFile(operation, 'utf8');
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new CommandFailure(
      'usage',
      `there is no file "${operation}", and no trusted document of this name`,
      `There are ${registered.all.map(({ name }) => name).join(', ')}.`,
    );
  }
}

function trustedDocuments(folder: string): ReturnType<typeof loadDocuments> {
  try {
    return loadDocuments(folder);
  } catch (error) {
    throw isMissing(error) ? new CommandFailure('usage', `there is no folder of documents "${folder}"`) : error;
  }
}
