import { readFileSync } from 'node:fs';
import type { NexusConfig } from '../config.js';
import type { NexusSource } from './http-nexus.js';

/** Reads the token of each agency's case system from its file. Throws when a token cannot be read or is empty. */
export function readNexusSources(config: NexusConfig): ReadonlyMap<string, NexusSource> {
  return new Map(
    Object.entries(config.sources).map(([agency, { url, token_file: file }]) => [
      agency,
      { url, token: readToken(agency, file) },
    ]),
  );
}

function readToken(agency: string, file: string): string {
  const token = readFileSync(file, 'utf8').trim();
  if (token === '') throw new Error(`the token file of the case system of ${agency} is empty: ${file}`);
  return token;
}
