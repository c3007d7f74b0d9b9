import { Kind, parse, type ConstDirectiveNode, type DocumentNode } from 'graphql';
import { textArgument } from './directive-arguments.js';
import type { Catalogue } from './governance.js';
import { NOTHING_GOVERNED } from './governance-index.js';
import { RESERVED_PREFIXES } from './lint/reserved-names.js';
import { plainCatalogue, SupergraphInvalid } from './plain-supergraph.js';

/** A supergraph from another composer, and the addresses of its services. */
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

/**
 * Reads a Federation 2 supergraph (join specification v0.3 to v0.5) to be served. Messages name it by
 * `file`. Services have the names that plans use (`@join__graph(name:)`). Throws
 * {@link SupergraphInvalid} for a text that is not a supergraph, a service without an HTTP address, and a
 * field with a name like a key that the gateway writes.
 */
export function readSupergraph(sdl: string, file: string): SupergraphFile {
  const catalogue = { ...plainCatalogue(sdl, file), governance: NOTHING_GOVERNED };
  const document = parse(sdl, { noLocation: true });
  const services = servicesOf(document, file);
  if (services.length === 0) throw new SupergraphInvalid(file, 'names no services (enum join__Graph)');
  refuseReservedNames(document, file);
  return { catalogue, services };
}

function servicesOf(document: DocumentNode, file: string): readonly SupergraphService[] {
  const graphs = document.definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  );
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  return values.map(({ name, directives = [] }) =>
    serviceOf(
      file,
      name.value,
      directives.find((directive) => directive.name.value === 'join__graph'),
    ),
  );
}

function serviceOf(file: string, value: string, graph: ConstDirectiveNode | undefined): SupergraphService {
  const name = (graph && textArgument(graph, 'name')) ?? value;
  const url = (graph && textArgument(graph, 'url')) ?? '';
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new SupergraphInvalid(file, `gives no HTTP address for service ${name}`);
  return { name, url };
}

function refuseReservedNames(document: DocumentNode, file: string): void {
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const found = type.fields?.find(({ name }) => RESERVED_PREFIXES.some((prefix) => name.value.startsWith(prefix)));
    if (found)
      throw new SupergraphInvalid(
        file,
        `has ${type.name.value}.${found.name.value}, which begins with a prefix that the gateway keeps for itself (${RESERVED_PREFIXES.join(', ')})`,
      );
  }
}
