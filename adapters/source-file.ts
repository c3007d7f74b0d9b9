import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { unionByProtocol, type Protocol } from './protocol.js';
import { PROTOCOLS } from './protocols.js';

/** A `source.yaml` of any protocol of the list. */
export type SourceOf<Known extends readonly Protocol[]> = z.output<Known[number]['source']>;
export type Source = SourceOf<typeof PROTOCOLS>;

/** A `source.yaml` that cannot be used. The message names the file and the problem. */
export class SourceInvalid extends Error {
  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.name = 'SourceInvalid';
  }
}

/** Reads the mapping of one register from its `source.yaml`. Throws {@link SourceInvalid}. */
export function readSource(file: string): Source {
  return readSourceOf(PROTOCOLS, file);
}

/** Reads a `source.yaml` of any protocol of the list. Throws {@link SourceInvalid}. */
export function readSourceOf<const Known extends readonly Protocol[]>(protocols: Known, file: string): SourceOf<Known> {
  const read = unionByProtocol(protocols.map(({ source }): Known[number]['source'] => source)).safeParse(
    readYaml(file),
  );
  if (!read.success) throw new SourceInvalid(file, z.prettifyError(read.error));
  return read.data;
}

function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'), { uniqueKeys: true });
  } catch (cause) {
    throw new SourceInvalid(file, cause instanceof Error ? cause.message : 'cannot be read');
  }
}
