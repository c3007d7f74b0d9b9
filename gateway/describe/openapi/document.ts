import { dereference } from '@readme/openapi-parser';
import { readBoundedYaml, YamlFault } from '../../../schemas/bounded-yaml.js';
import { isObject } from '../../../schemas/objects.js';
import type { Said } from '../description.js';
import { DocumentFault, type DocumentFile, type ReadRequest } from '../reader.js';
import { valueAt } from './pointer.js';
import { withImports } from './imports.js';

/** A JSON object of the document. References are followed, so that it may contain itself. */
export type Node = Readonly<Record<string, unknown>>;

/** An OpenAPI document, read. */
export interface OpenApiDocument {
  readonly version: '2.0' | '3.0' | '3.1';
  readonly root: Node;
  /** The same with its references, as its standard judges it. */
  readonly whole: Node;
  /** Returns the reference (`#/components/schemas/Person`) by which a node was reached first. */
  refOf(node: object): string | undefined;
  /** Returns what a reference within the document leads to. */
  lookup(ref: string): unknown;
  readonly said: readonly Said[];
}

/** Levels of objects and lists in each other. */
const MAX_DEPTH = 200;

/** Limits of a document in YAML. Its text is limited by the size of the file. */
const YAML_LIMITS = { length: 8 * 1024 * 1024, depth: 150, tokens: 3_000_000, anchors: 1_000, aliases: 1_000 };

/** Reads OpenAPI 3.0, 3.1 or Swagger 2.0, in JSON or YAML, and follows its references. Throws {@link DocumentFault}. */
export async function readOpenApi({
  document,
  referenced,
}: Pick<ReadRequest, 'document' | 'referenced'>): Promise<OpenApiDocument> {
  const root = parseDocument(document);
  const version = versionOf(root);
  const { whole, said } = withImports(root, (location) => {
    const file = referenced(location);
    return file && parseDocument(file, location);
  });
  const refs = new WeakMap<object, string>();
  const read = (await dereference(structuredClone(whole) as never, {
    resolve: { external: false },
    dereference: {
      onDereference: (ref, value: unknown) => {
        if (isObject(value) && !refs.has(value)) refs.set(value, ref);
      },
    },
  })) as unknown;
  if (!isObject(read)) throw new DocumentFault('#', 'is not an object');
  return {
    version,
    root: read,
    whole,
    refOf: (node) => refs.get(node),
    lookup: (ref) => valueAt(read, ref),
    said,
  };
}

function versionOf(root: Node): OpenApiDocument['version'] {
  if (root['swagger'] === '2.0' || root['swagger'] === 2) return '2.0';
  const said = String(root['openapi']);
  if (/^3\.0\.\d/.test(said)) return '3.0';
  if (/^3\.1\.\d/.test(said)) return '3.1';
  throw new DocumentFault(
    '#',
    'is neither OpenAPI 3.0 or 3.1 nor Swagger 2.0: it needs "openapi" or "swagger" with one of these versions',
  );
}

/** Reads a file of JSON or YAML. `location` is the place in messages for a file that the document refers to. */
export function parseDocument({ bytes }: DocumentFile, location = '#'): Node {
  const text = textOf(bytes, location);
  const value = /^\s*[{[]/.test(text) ? parseJson(text, location) : parseYaml(text, location);
  if (!isObject(value)) throw new DocumentFault(location, 'is not an object');
  checkDepth(value, location);
  return value;
}

/** Reads text in UTF-8, with or without a byte order mark. */
export function textOf(bytes: Uint8Array, location = '#'): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    if (cause instanceof TypeError) throw new DocumentFault(location, 'is not UTF-8');
    throw cause;
  }
}

function parseJson(text: string, location: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A flow mapping of YAML begins like JSON.
    return parseYaml(text, location);
  }
}

function parseYaml(text: string, location: string): unknown {
  try {
    return readBoundedYaml(text, YAML_LIMITS).value;
  } catch (cause) {
    if (!(cause instanceof YamlFault)) throw cause;
    const { line, column } = cause.place;
    throw new DocumentFault(location === '#' ? `${line}:${column}` : `${location}:${line}:${column}`, cause.message);
  }
}

function checkDepth(value: unknown, location: string): void {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw new DocumentFault(location, `is nested deeper than ${MAX_DEPTH} levels`);
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
}

/** Reads a file of JSON with a value of any type. */
export function parseJsonFile({ file, bytes }: DocumentFile): unknown {
  const text = textOf(bytes, file);
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    checkDepth(value, file);
    return value;
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new DocumentFault(file, 'is not JSON');
    throw cause;
  }
}
