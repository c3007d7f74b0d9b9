import { readFileSync } from 'node:fs';
import type { NexusConfig } from '../config.js';
import type { NexusSource } from './http-nexus.js';

/** Reads the token of each agency's case system from its file. Throws when one cannot be read. */
export function readNexusSources(config: NexusConfig): ReadonlyMap<string, NexusSource> {
  return new Map(Object.entries(config.sources).map(([agency, { url, token_file: file }]) => [agency, { url, token: readFileSync(file, 'utf8').trim() }]));
}
