import { createHash } from 'node:crypto';
import { transformSupergraphToPublicSchema } from '@theguild/federation-composition';
import { Kind, parse, print, type ConstDirectiveNode, type DocumentNode } from 'graphql';
import { textArgument } from './directive-arguments.js';
import type { Catalogue } from './governance.js';
import { governanceIndex } from './governance-index.js';
import { RESERVED_PREFIXES } from './lint/reserved-names.js';

/** A supergraph that somebody else composed, and where its services answer. */
export interface SupergraphFile {
  /** Nothing in it is governed. */
  readonly catalogue: Catalogue;
  readonly services: readonly SupergraphService[];
}

export interface SupergraphService {
  readonly name: string;
  /** Address of the GraphQL service. */
  readonly url: string;
}

/** A supergraph that cannot be served. */
export class SupergraphInvalid extends Error {
  constructor(problem: string, options?: { cause?: unknown }) {
    super(`the supergraph ${problem}`, options);
    this.name = 'SupergraphInvalid';
  }
}

const NOTHING_GOVERNED = governanceIndex({ categories: {}, subjects: {}, links: {}, subjectArguments: {}, derivations: {}, sensitivities: {} });

/**
 * Reads a Federation 2 supergraph (join specification v0.3 to v0.5). Services are named as plans name
 * them (`@join__graph(name:)`). Throws {@link SupergraphInvalid} for a text that is none, a service
 * without an HTTP address, and fields named like keys that the gateway writes.
 */
export function readSupergraph(sdl: string): SupergraphFile {
  const document = parsed(sdl);
  const services = servicesOf(document);
  if (services.length === 0) throw new SupergraphInvalid('names no services (enum join__Graph): is it a schema that was never composed?');
  refuseReservedNames(document);
  const hash = `sha256:${createHash('sha256').update(sdl).digest('hex')}`;
  return { catalogue: { hash, supergraphSdl: sdl, publicSdl: print(transformSupergraphToPublicSchema(document)), governance: NOTHING_GOVERNED }, services };
}

function parsed(sdl: string): DocumentNode {
  try {
    return parse(sdl, { noLocation: true });
  } catch (cause) {
    throw new SupergraphInvalid('is no GraphQL schema', { cause });
  }
}

function servicesOf(document: DocumentNode): readonly SupergraphService[] {
  const graphs = document.definitions.find((node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph');
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  return values.map(({ name, directives = [] }) => serviceOf(name.value, directives.find((directive) => directive.name.value === 'join__graph')));
}

function serviceOf(value: string, graph: ConstDirectiveNode | undefined): SupergraphService {
  const name = (graph && textArgument(graph, 'name')) ?? value;
  const url = (graph && textArgument(graph, 'url')) ?? '';
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new SupergraphInvalid(`gives no HTTP address for service ${name}`);
  return { name, url };
}

function refuseReservedNames(document: DocumentNode): void {
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const found = type.fields?.find(({ name }) => RESERVED_PREFIXES.some((prefix) => name.value.startsWith(prefix)));
    if (found) throw new SupergraphInvalid(`has ${type.name.value}.${found.name.value}, which begins with a prefix that the gateway keeps for itself (${RESERVED_PREFIXES.join(', ')})`);
  }
}
