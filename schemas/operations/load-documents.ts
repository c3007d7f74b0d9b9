import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { mapAll } from '../problems.js';

/** What is registered about a trusted document, in the .yaml beside it. */
const registration = z.strictObject({
  /** The agency that is responsible for the document. */
  owner: z.string().min(1),
  purposes: z.array(z.string().min(1)).min(1),
  /** Ids of the clients that may use the document. An agency id means all systems of the agency. */
  allowed: z.array(z.string().min(1)).min(1),
  /** If any basis is missing, nothing governed is released. */
  atomic: z.boolean().default(false),
  /** An example for the demo country: the words of `tereze ask` after the name. */
  example: z.string().optional(),
});

/** A registered document. */
export interface RegisteredDocument {
  readonly name: string;
  readonly text: string;
  /** SHA-256 of the file's exact bytes, hex. */
  readonly hash: string;
  readonly owner: string;
  readonly purposes: readonly string[];
  readonly allowed: readonly string[];
  readonly atomic: boolean;
  /** An example for the demo country: the words of `tereze ask` after the name. */
  readonly example?: string | undefined;
}

/** The registered documents, found by name or by `sha256:<hex>` of their exact bytes. */
export interface TrustedDocuments {
  find(id: string): RegisteredDocument | undefined;
  readonly all: readonly RegisteredDocument[];
}

/** A folder of documents that cannot be used. The message names the file. */
export class DocumentsInvalid extends Error {
  constructor(file: string, problem: string, options?: { cause?: unknown }) {
    super(`${file}: ${problem}`, options);
    this.name = 'DocumentsInvalid';
  }
}

/** Loads `<folder>/<service>/<Name>.graphql`, each with its `<Name>.yaml`. */
export function loadDocuments(folder: string): TrustedDocuments {
  const all = mapAll(documentFiles(folder), loadDocument);
  const byId = new Map<string, RegisteredDocument>();
  for (const document of all) {
    for (const id of [document.name, `sha256:${document.hash}`]) {
      if (byId.has(id)) throw new DocumentsInvalid(document.name, `registered twice as ${id}`);
      byId.set(id, document);
    }
  }
  return { all, find: (id) => byId.get(id) };
}

/** Names are ids on the wire and in the log. */
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** Returns the file of every document. A registration without its document is refused, because a caller may rely on it. */
function documentFiles(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const orphan = files.find((file) => /\.ya?ml$/.test(file) && !files.includes(file.replace(/\.ya?ml$/, '.graphql')));
  if (orphan !== undefined)
    throw new DocumentsInvalid(join(folder, orphan), 'stands beside no document of the same name');
  return files.filter((file) => file.endsWith('.graphql')).map((file) => join(folder, file));
}

function loadDocument(file: string): RegisteredDocument {
  const bytes = readFileSync(file);
  const name = basename(file, '.graphql');
  if (!NAME.test(name)) throw new DocumentsInvalid(file, 'the name of a document is letters, digits and underscores');
  return {
    name,
    text: textOf(file, bytes),
    hash: createHash('sha256').update(bytes).digest('hex'),
    ...readRegistration(file.replace(/\.graphql$/, '.yaml')),
  };
}

/** Returns the text of the exact bytes. Refuses bytes that are not UTF-8: the planned text would differ from the hashed bytes. */
function textOf(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new DocumentsInvalid(file, 'is not UTF-8');
  }
}

function readRegistration(file: string): z.output<typeof registration> {
  if (!existsSync(file))
    throw new DocumentsInvalid(file, 'is missing: say who may ask the document, and for which purposes');
  const read = registration.safeParse(parsedYaml(file));
  if (!read.success) throw new DocumentsInvalid(file, z.prettifyError(read.error));
  return read.data;
}

function parsedYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new DocumentsInvalid(file, 'is not YAML', { cause });
  }
}
