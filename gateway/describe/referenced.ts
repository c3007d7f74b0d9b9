import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { DescribeRequest } from './protocol.js';
import { DocumentFault, type DocumentFile, type ReadRequest } from './reader.js';

/** Bytes of a document, an import or an example at most. */
export const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;

/**
 * Returns how references outside the document are followed: an address leads to the file that `--import` names for it, a
 * relative one to a file in the document's folder or below it. Nothing is fetched, and no other file is opened.
 */
export function referencedFiles({
  folder,
  imports,
}: Pick<DescribeRequest, 'folder' | 'imports'>): ReadRequest['referenced'] {
  const byAddress = new Map(imports.map(({ address, file }) => [address, file]));
  return (location) => byAddress.get(location) ?? fileBeside(folder, location);
}

function fileBeside(folder: string, location: string): DocumentFile | undefined {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:|^\/\//.test(location)) return undefined;
  const path = resolve(folder, location);
  if (!isBelow(folder, path) || !existsSync(path)) return undefined;
  const real = realpathSync(path);
  const { size, isFile } = factsOf(real);
  if (!isFile || !isBelow(realpathSync(folder), real)) return undefined;
  if (size > MAX_DOCUMENT_BYTES) throw new DocumentFault(location, `is larger than ${MAX_DOCUMENT_BYTES} bytes`);
  return { file: location, bytes: readFileSync(real) };
}

function factsOf(path: string): { readonly size: number; readonly isFile: boolean } {
  const stat = statSync(path);
  return { size: stat.size, isFile: stat.isFile() };
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith(`..${sep}`) && way !== '..' && resolve(folder, way) === path;
}
