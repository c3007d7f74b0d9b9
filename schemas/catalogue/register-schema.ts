import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse, Source, type DocumentNode } from 'graphql';

/** One register's own SDL. */
export interface RegisterSchema {
  readonly name: string;
  /** For messages: the file's path. */
  readonly file: string;
  readonly document: DocumentNode;
}

/** Parses one register's SDL. Throws graphql-js' syntax error, which names file, line and column. */
export function parseRegister(name: string, text: string, file = `${name}/schema.graphql`): RegisterSchema {
  return { name, file, document: parse(new Source(text, file)) };
}

/** Reads `<folder>/<register>/schema.graphql` for every register, by name. */
export function loadRegisters(folder: string): readonly RegisterSchema[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const file = join(folder, name, 'schema.graphql');
      return parseRegister(name, readFileSync(file, 'utf8'), file);
    });
}
