import { createHash } from 'node:crypto';
import { containsSupergraphSpec, transformSupergraphToPublicSchema } from '@theguild/federation-composition';
import { GraphQLError, parse, print, Source, type DocumentNode } from 'graphql';
import { mapAll } from '../problems.js';
import type { Catalogue, GovernanceIndex } from './governance.js';
import { unenforcedFeatures } from './unenforced-features.js';

/** A supergraph that cannot be used. The message names the file, and the line if the text is not GraphQL. */
export class SupergraphInvalid extends Error {
  constructor(file: string, problem: string, options?: { cause?: unknown }) {
    super(`${file}: ${problem}`, options);
    this.name = 'SupergraphInvalid';
  }
}

/**
 * Returns the catalogue of a supergraph file alone (join specification v0.x), for inspection and
 * planning. The file does not hold governance. Its fields belong to a category without a name, which no
 * rule can open, so that the catalogue is never served in governed mode.
 *
 * @throws SupergraphInvalid, or SeveralProblems: also for each feature that Tereze does not enforce.
 */
export function plainCatalogue(supergraphSdl: string, file: string): Catalogue {
  const document = parsed(supergraphSdl, file);
  if (!containsSupergraphSpec(supergraphSdl))
    throw new SupergraphInvalid(file, 'is not a supergraph: it does not use the join specification');
  const { refused, ignored } = unenforcedFeatures(document, 'supergraph');
  mapAll(refused, ({ line, message }) => {
    throw new SupergraphInvalid(`${file}:${line}`, message);
  });
  const hash = createHash('sha256').update(supergraphSdl).digest('hex');
  return {
    hash: `sha256:${hash}`,
    supergraphSdl,
    publicSdl: print(transformSupergraphToPublicSchema(document)),
    governance: UNGOVERNED,
    ignoredFeatures: ignored.map((finding) => ({ file, ...finding })),
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

/** The category of fields without governance. */
export const NO_CATEGORY = '';

const UNGOVERNED: GovernanceIndex = {
  categories: new Map(),
  fieldsOf: () => [],
  category: () => ({ name: NO_CATEGORY, sensitivity: 'PERSONAL' }),
  categoriesOf: () => new Set<string>(),
  leadsToOthers: () => false,
  inRegister: () => ({ categories: new Set<string>(), roles: new Set<string>() }),
  subjectField: () => undefined,
  dwellingField: () => undefined,
  link: () => undefined,
  subjectArgument: () => undefined,
  subjectArgumentNames: () => new Set<string>(),
  listBound: () => undefined,
  derived: () => undefined,
};
