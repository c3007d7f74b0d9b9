import { loadDocuments } from '../../schemas/operations/load-documents.js';
import { nearestKeys } from '../../schemas/nearest-key.js';
import { readConfig } from '../config/read-config.js';
import { configFile } from './installed-state.js';
import type { Terminal } from './terminal.js';

const NEAREST = 3;

/** Returns what to do about a trusted document that the gateway does not have: the nearest names, and how to list all. */
export async function documentAdvice(name: string, terminal: Terminal): Promise<string> {
  const nearest = nearestKeys(name, await documentNames(terminal), NEAREST);
  const all = '`npx tereze operation list` shows every trusted document.';
  return nearest.length === 0 ? all : `The nearest names are ${nearest.join(', ')}.\n${all}`;
}

/** Returns the names in the configuration of this folder; none if the gateway runs elsewhere. */
async function documentNames({ environment }: Terminal): Promise<readonly string[]> {
  try {
    const { documents } = await readConfig(configFile({}), environment);
    return loadDocuments(documents.directory).all.map(({ name }) => name);
  } catch {
    return [];
  }
}
