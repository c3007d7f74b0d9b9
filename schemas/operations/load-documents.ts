import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** What is registered about a trusted document, in the .yaml beside it. */
const registration = z.strictObject({
  /** Agency that answers for it. */
  owner: z.string().min(1),
  purposes: z.array(z.string().min(1)).min(1),
  /** Client ids, or agency ids for all systems of an agency, that may ask it. */
  allowed: z.array(z.string().min(1)).min(1),
  /** If any basis is missing, nothing governed is released. */
  atomic: z.boolean().default(false),
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
}

/** Documents registered beforehand, found by `sha256:<hex>` of their exact bytes or by name. */
export interface TrustedDocuments {
  find(id: string): RegisteredDocument | undefined;
  readonly all: readonly RegisteredDocument[];
}

/** A folder of documents that cannot be used; the message names the file. */
export class DocumentsInvalid extends Error {
  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.name = 'DocumentsInvalid';
  }
}

/** Loads `<folder>/<service>/<Name>.graphql`, each with its `<Name>.yaml`. */
export function loadDocuments(folder: string): TrustedDocuments {
  const all = documentFiles(folder).map(loadDocument);
  const byId = new Map<string, RegisteredDocument>();
  for (const document of all) {
    for (const id of [document.name, `sha256:${document.hash}`]) {
      if (byId.has(id)) throw new DocumentsInvalid(document.name, `registered twice as ${id}`);
      byId.set(id, document);
    }
  }
  return { all, find: (id) => byId.get(id) };
}

function documentFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => join(folder, file));
}

function loadDocument(file: string): RegisteredDocument {
  const bytes = readFileSync(file);
  const name = basename(file, '.graphql');
  return { name, text: bytes.toString('utf8'), hash: createHash('sha256').update(bytes).digest('hex'), ...readRegistration(file.replace(/\.graphql$/, '.yaml')) };
}

function readRegistration(file: string): z.output<typeof registration> {
  if (!existsSync(file)) throw new DocumentsInvalid(file, 'is missing: say who may ask the document, and for which purposes');
  const read = registration.safeParse(parse(readFileSync(file, 'utf8')));
  if (!read.success) throw new DocumentsInvalid(file, z.prettifyError(read.error));
  return read.data;
}
