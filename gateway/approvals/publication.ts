import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalBytes } from '../../monitoring/audit/canonical.js';
import { syncFolder, writeDurably } from '../state/durable-file.js';
import { reachChanges, type DocumentReach } from './reach.js';

/** Everything that is published together, because each part is only valid with the others. */
export interface Publication {
  /** Hash of supergraph and consent index. */
  readonly catalogue: string;
  readonly supergraph: string;
  /** Governance of each register, as its SDL declares it. */
  readonly governance: object;
  /** Version of each register's data contract. */
  readonly contracts: Readonly<Record<string, string>>;
  /** Version of the planner that planned the documents. */
  readonly planner: string;
  readonly documents: readonly DocumentReach[];
}

/** File in the folder of publications that holds the hash of the current one. */
const CURRENT = 'current';
/** File mode. Nothing in a publication is secret. */
const READABLE = 0o644;

/**
 * Writes a bundle under its hash and makes it the current one. Returns the hash: SHA-256 of the whole
 * publication (RFC 8785), hex. A file is either complete or absent. A bundle that exists is not changed.
 */
export function publish(folder: string, publication: Publication): string {
  const hash = createHash('sha256').update(canonicalBytes(publication)).digest('hex');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, hash))) writeBundle(folder, hash, publication);
  writeDurably(join(folder, CURRENT), `${hash}\n`, READABLE);
  return hash;
}

function writeBundle(
  folder: string,
  hash: string,
  { supergraph, governance, documents, catalogue, contracts, planner }: Publication,
): void {
  const draft = join(folder, `.${hash}-${process.pid}`);
  mkdirSync(draft);
  writeDurably(join(draft, 'supergraph.graphql'), supergraph, READABLE);
  for (const [name, content] of Object.entries({ governance, documents, versions: { catalogue, contracts, planner } }))
    writeDurably(join(draft, `${name}.json`), `${JSON.stringify(content, undefined, 2)}\n`, READABLE);
  try {
    renameSync(draft, join(folder, hash));
    syncFolder(folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(join(folder, hash))) throw error;
  }
}

/** Returns the documents of the current publication; undefined before the first. */
export function publishedDocuments(folder: string): readonly DocumentReach[] | undefined {
  if (!existsSync(join(folder, CURRENT))) return undefined;
  const hash = readFileSync(join(folder, CURRENT), 'utf8').trim();
  return JSON.parse(readFileSync(join(folder, hash, 'documents.json'), 'utf8')) as readonly DocumentReach[];
}

/** A change of one document, for the officers who approve it. */
export interface DocumentChange {
  readonly name: string;
  readonly kind: 'new' | 'gone' | 'changed';
  readonly changes: readonly string[];
}

/** Returns the documents that are new, gone, or reach something else than before. */
export function documentChanges(
  before: readonly DocumentReach[],
  after: readonly DocumentReach[],
): readonly DocumentChange[] {
  const [old, now] = [before, after].map(
    (documents) => new Map(documents.map((document) => [document.name, document])),
  );
  return [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])]
    .sort()
    .flatMap((name): readonly DocumentChange[] => {
      const [was, is] = [old?.get(name), now?.get(name)];
      if (was === undefined) return [{ name, kind: 'new', changes: [] }];
      if (is === undefined) return [{ name, kind: 'gone', changes: [] }];
      const changes = reachChanges(was, is);
      return changes.length === 0 ? [] : [{ name, kind: 'changed', changes }];
    });
}
