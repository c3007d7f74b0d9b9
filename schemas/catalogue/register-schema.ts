import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GraphQLError, parse, Source, type DocumentNode } from 'graphql';
import { mapAll } from '../problems.js';

/** One register's own SDL. */
export interface RegisterSchema {
  readonly name: string;
  /** For messages: the file's path. */
  readonly file: string;
  readonly document: DocumentNode;
}

/** A file that is not GraphQL. The message names file and line. */
export class SchemaUnreadable extends Error {
  constructor(file: string, { message, locations }: GraphQLError, options: { readonly cause: unknown }) {
    const at = locations?.[0];
    super(`${[file, ...(at ? [at.line, at.column] : [])].join(':')}: ${message}`, options);
    this.name = 'SchemaUnreadable';
  }
}

/** Parses one register's SDL. Throws {@link SchemaUnreadable}. */
export function parseRegister(name: string, text: string, file = `${name}/schema.graphql`): RegisterSchema {
  try {
    return { name, file, document: parse(new Source(text, file)) };
  } catch (cause) {
    if (cause instanceof GraphQLError) throw new SchemaUnreadable(file, cause, { cause });
    throw cause;
  }
}

/** Reads `<folder>/<register>/schema.graphql` for every register, by name. Throws after it has tried all of them. */
export function loadRegisters(folder: string): readonly RegisterSchema[] {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  return mapAll(names, (name) => {
    const file = join(folder, name, 'schema.graphql');
    return parseRegister(name, readFileSync(file, 'utf8'), file);
  });
}
