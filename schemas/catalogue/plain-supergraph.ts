import { createHash } from 'node:crypto';
import { containsSupergraphSpec, transformSupergraphToPublicSchema } from '@theguild/federation-composition';
import { GraphQLError, parse, print, Source, type DocumentNode } from 'graphql';
import type { Catalogue, GovernanceIndex } from './governance.js';

/** A supergraph that cannot be used; the message names the file, and the line where it is not GraphQL. */
export class SupergraphInvalid extends Error {
  constructor(file: string, problem: string, options?: { cause?: unknown }) {
    super(`${file}: ${problem}`, options);
    this.name = 'SupergraphInvalid';
  }
}

/**
 * A catalogue of a supergraph file alone (join specification v0.x), to look at and to plan on: who
 * said what of governance is not in it. Never to be served in governed mode: its fields belong to a
 * category without a name, which no rule can open.
 *
 * @throws SupergraphInvalid
 */
export function plainCatalogue(supergraphSdl: string, file: string): Catalogue {
  const document = parsed(supergraphSdl, file);
  if (!containsSupergraphSpec(supergraphSdl))
    throw new SupergraphInvalid(file, 'is not a supergraph: it does not use the join specification');
  const hash = createHash('sha256').update(supergraphSdl).digest('hex');
  return {
    hash: `sha256:${hash}`,
    supergraphSdl,
    publicSdl: print(transformSupergraphToPublicSchema(document)),
    governance: UNGOVERNED,
  };
}

function parsed(text: string, file: string): DocumentNode {
  try {
    return parse(new Source(text, file));
  } catch (cause) {
    if (!(cause instanceof GraphQLError)) throw cause;
    throw new SupergraphInvalid(`${file}:${cause.locations?.[0]?.line ?? 0}`, 'is not GraphQL', { cause });
  }
}

/** The category of fields of which nothing is said. */
export const NO_CATEGORY = '';

const UNGOVERNED: GovernanceIndex = {
  categories: new Map(),
  category: () => ({ name: NO_CATEGORY, sensitivity: 'PERSONAL' }),
  subjectField: () => undefined,
  link: () => undefined,
  subjectArgument: () => undefined,
  subjectArgumentNames: () => new Set<string>(),
  listBound: () => undefined,
  derived: () => undefined,
};
